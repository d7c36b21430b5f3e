/** `train`, `benchmark` and `claim`: read with care, and said plainly that they are not run yet. */

import { AstUtils } from 'langium';
import { wordOf } from '../arguments.ts';
import { listText } from '../closest.ts';
import {
  type Benchmark,
  type Claim,
  isData,
  isMeasure,
  isModel,
  isTerm,
  type Measure,
  type Subject,
  type Train,
} from '../generated/ast.ts';
import { measureDescriptions, qualifierDescriptions } from '../measure-descriptions.ts';
import { benchmarkOptions, claimOptions, trainOptions } from '../option-descriptions.ts';
import { readOptions } from '../options.ts';
import type { Report } from '../problem.ts';
import { readData } from '../read-data.ts';
import { unknownName } from '../unknown-name.ts';

function notAvailable(node: Train | Benchmark | Claim, what: string, report: Report): void {
  report({
    code: 'spec/not-available',
    severity: 'information',
    message: `${what} not available yet in this version; the block is checked but not run`,
    node,
  });
}

export function checkTrain(train: Train, report: Report): void {
  notAvailable(train, 'training is', report);
  const { entries } = readOptions(train.entries, trainOptions, 'training', report);
  const loss = entries.get('loss')?.value;
  const argument = isTerm(loss) ? loss.arguments[0] : undefined;
  const target = wordOf(argument?.value);
  const data = train.data?.ref;
  if (argument && target && data) {
    const known = readData(data).fields.map(({ name }) => name);
    if (!known.includes(target)) {
      report(
        unknownName({
          code: 'spec/unknown-field',
          kind: `field of \`${data.name}\``,
          name: target,
          known,
          node: argument,
        }),
      );
    }
  }
  if (!entries.has('loss') && data && train.$cstNode) {
    report({
      code: 'spec/no-loss',
      message: 'training needs a `loss`',
      expected: `one of ${listText(['cross_entropy(FIELD)', 'mean_squared_error(FIELD)', 'mean_absolute_error(FIELD)'])}`,
      advice: 'As in `loss: cross_entropy(part)`.',
      node: train,
      property: 'model',
    });
  }
}

export function checkBenchmark(benchmark: Benchmark, report: Report): void {
  notAvailable(benchmark, 'benchmarking is', report);
  readOptions(benchmark.entries, benchmarkOptions, 'a benchmark', report);
  const seen = new Set<string>();
  for (const [index, model] of benchmark.models.entries()) {
    if (seen.has(model.$refText)) {
      report({
        code: 'spec/repeated-name',
        severity: 'warning',
        message: `\`${model.$refText}\` is named twice`,
        node: benchmark,
        property: 'models',
        index,
      });
    }
    seen.add(model.$refText);
  }
}

export function checkClaim(claim: Claim, report: Report): void {
  notAvailable(claim, 'claims are', report);
  readOptions(claim.entries, claimOptions, 'a claim', report);
  if (!claim.condition) return;
  const measures = AstUtils.streamAllContents(claim.condition).filter(isMeasure).toArray();
  if (measures.length === 0 && claim.condition.right) {
    report({
      code: 'spec/constant-claim',
      severity: 'warning',
      message: 'this comparison measures nothing: both sides are numbers',
      expected: 'a measure, such as `accuracy(model, data)`',
      node: claim.condition,
    });
  }
  for (const measure of measures) checkMeasure(measure, report);
}

function checkMeasure(measure: Measure, report: Report): void {
  const description = measureDescriptions.find(({ name }) => name === measure.name);
  if (!description) {
    report(
      unknownName({
        code: 'spec/unknown-measure',
        kind: 'measure',
        name: measure.name,
        known: measureDescriptions.map(({ name }) => name),
        node: measure,
        property: 'name',
      }),
    );
    return;
  }
  const kinds = measure.subjects.map((subject) => kindOf(subject));
  const wanted = description.takesData ? ['model', 'data'] : ['model'];
  const fits =
    kinds.length === wanted.length && kinds.every((kind, i) => kind === 'unknown' || kind === wanted[i]);
  if (!fits) {
    report({
      code: 'spec/measure-subjects',
      message: `\`${description.name}\` is written \`${description.name}(${wanted.join(', ')})\``,
      expected: listText(
        wanted.map((kind) => (kind === 'model' ? 'a model' : kind)),
        'and',
      ),
      found: kinds.length ? listText(kinds, 'and') : 'nothing',
      node: measure,
    });
  }
  for (const subject of measure.subjects) checkQualifier(subject, report);
}

function kindOf(subject: Subject): 'model' | 'data' | 'unknown' {
  const target = subject.target?.ref;
  return isModel(target) ? 'model' : isData(target) ? 'data' : 'unknown';
}

function checkQualifier(subject: Subject, report: Report): void {
  if (subject.qualifier === undefined) return;
  const known = qualifierDescriptions.map(({ name }) => name);
  if (!known.includes(subject.qualifier)) {
    report(
      unknownName({
        code: 'spec/unknown-qualifier',
        kind: 'way of moving data',
        name: subject.qualifier,
        known,
        node: subject,
        property: 'qualifier',
      }),
    );
  } else if (kindOf(subject) === 'model') {
    report({
      code: 'spec/measure-subjects',
      message: `\`${subject.qualifier}\` belongs to data, not to a model`,
      found: `\`${subject.qualifier} ${subject.target.$refText}\``,
      node: subject,
    });
  }
}
