/** Specification -> plan: what to load, run and compare, without running anything. */
import { type Finding, groupText, normaliseGroup } from '@noether/engine/catalog';
import { AstUtils, type LangiumDocument } from 'langium';
import {
  type Check,
  type CheckDefaults,
  collectProblems,
  type EquiServices,
  findingsOf,
  hasErrors,
  isCheck,
  readCheck,
  readData,
  readModel,
} from '../language/index.ts';
import { reachableUris, specificationOf } from '../language/uses.ts';
import { checkStatically } from '../language/validation/static-check.ts';
import { anchorOf, type CheckAnchor } from './anchors.ts';
import type { CheckPlan, Plan } from './plan.ts';
import { dataPlanOf, modelPlanOf } from './task-parts.ts';

export interface BuiltPlan {
  /** Absent when the text itself is broken: what was meant is then not known well enough to run anything. */
  readonly plan?: Plan;
  /**
   * What is known to be wrong with the file and the files that it uses, hints included. A check with an error is left
   * out of the plan; the others are in it.
   */
  readonly findings: readonly Finding[];
  /** One for each check of the plan, in the same order. */
  readonly anchors: readonly CheckAnchor[];
}

/**
 * @param document linked; findings need it validated, too.
 * @param defaults what checks do that do not say: from the settings.
 */
export function buildPlan(
  document: LangiumDocument,
  services: EquiServices,
  defaults: CheckDefaults,
): BuiltPlan {
  const findings = [document, ...usedDocuments(document, services)].flatMap(findingsOf);
  const specification = specificationOf(document);
  if (!specification || isBroken(document)) return { findings, anchors: [] };
  const ids = new Map<string, number>();
  const checks: CheckPlan[] = [];
  const anchors: CheckAnchor[] = [];
  for (const check of specification.items.filter(isCheck)) {
    const planned = planCheck(check, services, defaults);
    if (!planned) continue;
    const count = (ids.get(planned.id) ?? 0) + 1;
    ids.set(planned.id, count);
    const id = count === 1 ? planned.id : `${planned.id} (${count})`;
    checks.push({ ...planned, id });
    anchors.push({
      id,
      check: anchorOf(check, services),
      model: anchorOf(check.model.ref!, services),
      data: anchorOf(check.data.ref!, services),
      groupText: groupText(normaliseGroup(planned.group)),
    });
  }
  return { plan: { version: 1, file: document.uri.fsPath, checks }, findings, anchors };
}

function usedDocuments(document: LangiumDocument, { shared }: EquiServices): LangiumDocument[] {
  const { LangiumDocuments } = shared.workspace;
  const used = [...reachableUris(document, LangiumDocuments)].filter(
    (uri) => uri !== document.uri.toString(),
  );
  return LangiumDocuments.all.filter(({ uri }) => used.includes(uri.toString())).toArray();
}

/** Text that the parser had to guess at. */
function isBroken({ parseResult }: LangiumDocument): boolean {
  return parseResult.lexerErrors.length > 0 || parseResult.parserErrors.length > 0;
}

/** `undefined` when anything that the check rests on has an error; the document's findings say which. */
function planCheck(
  check: Check,
  { knowledge }: EquiServices,
  defaults: CheckDefaults,
): CheckPlan | undefined {
  const model = check.model.ref;
  const data = check.data.ref;
  if (!model || !data) return undefined;
  if ([model, data].some((node) => isBroken(AstUtils.getDocument(node)))) return undefined;
  const { report, problems } = collectProblems();
  const reading = readCheck(check, defaults, report);
  const modelReading = readModel(model, knowledge, report);
  const dataReading = readData(data, report);
  const { group } = reading;
  if (!modelReading || !group || hasErrors(problems)) return undefined;
  checkStatically({ check, model: modelReading, data: dataReading, group }, report);
  if (hasErrors(problems)) return undefined;
  const title = `${model.name} on ${data.name} under ${groupText(normaliseGroup(group))}`;
  return {
    kind: 'check',
    id: check.name ?? title,
    title,
    model: modelPlanOf(modelReading),
    data: dataPlanOf(dataReading),
    group,
    options: reading.options,
    timeLimit: reading.timeLimit,
  };
}
