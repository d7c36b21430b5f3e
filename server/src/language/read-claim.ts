/** A `claim` block -> what is measured and compared. */
import type { ClaimExpression, ClaimVerdict, Comparison, GroupSpec } from '@noether/engine/catalog';
import {
  type Claim,
  type Data,
  type Expression,
  isData,
  isLiteral,
  isMeasure,
  isModel,
  type Measure,
  type Model,
} from './generated/ast.ts';
import { type MeasureName, measureDescriptions } from './measure-descriptions.ts';
import { motionOf } from './motions.ts';
import { claimOptions } from './option-descriptions.ts';
import { readOptions, withDefaults } from './options.ts';
import { ignoreProblems, type Report } from './problem.ts';
import { readData } from './read-data.ts';

export interface MeasureReading {
  readonly node: Measure;
  readonly measure: MeasureName;
  /** `accuracy(steady, rotated scans)`. */
  readonly text: string;
  readonly model: Model;
  readonly data?: Data;
  readonly move?: GroupSpec;
}

export interface ClaimReading {
  readonly node: Claim;
  /** `undefined` where a side makes no sense. */
  readonly comparison:
    | {
        readonly left: ClaimExpression;
        readonly operator: Comparison;
        readonly right: ClaimExpression;
        readonly measures: readonly MeasureReading[];
        /** As written, on one line. */
        readonly text: string;
      }
    | undefined;
  readonly seeds: number;
  readonly seed: number;
  readonly confidence: number;
  readonly expect: ClaimVerdict;
  /** Seconds. */
  readonly timeLimit: number;
}

/** Reports `spec/…` problems of the options; those of the measures are told by validation. */
export function readClaim(claim: Claim, report: Report = ignoreProblems): ClaimReading {
  const { given } = readOptions(claim.entries, claimOptions, 'a claim', report);
  const values = withDefaults(claimOptions, given);
  return {
    node: claim,
    comparison: comparisonOf(claim),
    seeds: values.seeds as number,
    seed: values.seed as number,
    confidence: values.confidence as number,
    expect: values.expect as ClaimVerdict,
    timeLimit: values.time as number,
  };
}

function comparisonOf({ condition }: Claim): ClaimReading['comparison'] {
  if (!condition?.left || !condition.right) return undefined;
  const measures: MeasureReading[] = [];
  const left = expressionOf(condition.left, measures);
  const right = expressionOf(condition.right, measures);
  if (!left || !right) return undefined;
  const text = `${expressionText(condition.left)} ${condition.operator} ${expressionText(condition.right)}`;
  return { left, operator: condition.operator, right, measures, text };
}

/** The same measure on both sides is measured once. */
function expressionOf(expression: Expression, measures: MeasureReading[]): ClaimExpression | undefined {
  if (isLiteral(expression)) return { kind: 'number', value: expression.value };
  if (isMeasure(expression)) {
    const measure = measureOf(expression);
    if (!measure) return undefined;
    const known = measures.findIndex(({ text }) => text === measure.text);
    if (known >= 0) return { kind: 'measure', index: known };
    return { kind: 'measure', index: measures.push(measure) - 1 };
  }
  if (!expression.left || !expression.right) return undefined;
  const left = expressionOf(expression.left, measures);
  const right = expressionOf(expression.right, measures);
  return left && right && { kind: 'operation', operator: expression.operator, left, right };
}

function measureOf(node: Measure): MeasureReading | undefined {
  const description = measureDescriptions.find(({ name }) => name === node.name);
  const model = node.subjects.map(({ target }) => target?.ref).find(isModel);
  const subject = node.subjects.find(({ target }) => isData(target?.ref));
  const data = subject?.target.ref as Data | undefined;
  if (!description || !model || description.takesData !== (data !== undefined)) return undefined;
  const move = subject?.qualifier && data ? motionOf(subject.qualifier, readData(data).fields) : undefined;
  if (subject?.qualifier !== undefined && !move) return undefined;
  if (description.name === 'gap' && !move) return undefined;
  const text = expressionText(node);
  return {
    node,
    measure: description.name,
    text,
    model,
    ...(data ? { data } : {}),
    ...(move ? { move } : {}),
  };
}

const strength = { '+': 1, '-': 1, '*': 2, '/': 2 } as const;

/** As the language writes it, with no more parentheses than needed. */
export function expressionText(expression: Expression): string {
  if (isLiteral(expression)) return String(expression.value);
  if (isMeasure(expression)) {
    const subjects = expression.subjects.map(
      ({ qualifier, target }) => `${qualifier ? `${qualifier} ` : ''}${target.$refText}`,
    );
    return `${expression.name}(${subjects.join(', ')})`;
  }
  const own = strength[expression.operator];
  const side = (part: Expression, strictly: boolean): string => {
    const inner = isLiteral(part) || isMeasure(part) ? 3 : strength[part.operator];
    const text = expressionText(part);
    return inner < own || (strictly && inner === own) ? `(${text})` : text;
  };
  return `${side(expression.left, false)} ${expression.operator} ${side(expression.right, true)}`;
}
