/** Specification -> plan: what to load, run and compare, without running anything. */
import { type Finding, findingOf, groupText, normaliseGroup } from '@noether/engine/catalog';
import { AstUtils, type LangiumDocument } from 'langium';
import {
  type Check,
  type CheckDefaults,
  collectProblems,
  type EquiServices,
  findingsOf,
  hasErrors,
  type Item,
  isBenchmark,
  isCheck,
  isClaim,
  isCompare,
  isDiscover,
  isTrain,
  readCheck,
  readData,
  readModel,
} from '../language/index.ts';
import { reachableUris, specificationOf } from '../language/uses.ts';
import { checkStatically } from '../language/validation/static-check.ts';
import { anchorOf, type CheckAnchor, type NodeAnchor } from './anchors.ts';
import { readBaseline } from './baseline.ts';
import { innermostPlan } from './innermost.ts';
import { planBenchmark, planClaim, planCompare, planDiscover, plannedModel, planTrain } from './items.ts';
import type { CheckPlan, Plan } from './plan.ts';
import { dataPlanOf } from './task-parts.ts';

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
  /** One for each of the plan's trainings, benchmarks, comparisons, discoveries and claims, in the same order. */
  readonly itemAnchors: ItemAnchors;
}

export interface ItemAnchors {
  readonly trainings: readonly NodeAnchor[];
  readonly benchmarks: readonly NodeAnchor[];
  readonly comparisons: readonly NodeAnchor[];
  readonly discoveries: readonly NodeAnchor[];
  readonly claims: readonly NodeAnchor[];
}

const noItems: ItemAnchors = { trainings: [], benchmarks: [], comparisons: [], discoveries: [], claims: [] };

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
  if (!specification || isBroken(document)) return { findings, anchors: [], itemAnchors: noItems };
  const idOf = numbering();
  const accepted = acceptedOf(document.uri.fsPath);
  const checks: CheckPlan[] = [];
  const anchors: CheckAnchor[] = [];
  for (const check of specification.items.filter(isCheck)) {
    const planned = planCheck(check, services, defaults);
    if (!planned) continue;
    const id = idOf(planned.id);
    const own = accepted.checks[id];
    checks.push({ ...planned, id, ...(own ? { accepted: own } : {}) });
    anchors.push({
      id,
      check: anchorOf(check, services),
      model: anchorOf(check.model.ref!, services),
      data: anchorOf(check.data.ref!, services),
      groupText: groupText(normaliseGroup(planned.group)),
    });
  }
  const planAll = <N extends Item, P extends { readonly id: string }>(
    nodes: readonly N[],
    plan: (node: N, services: EquiServices) => P | undefined,
  ) => {
    const planned = nodes.flatMap((node) => {
      const one = plan(node, services);
      return one ? [{ plan: { ...one, id: idOf(one.id) }, anchor: anchorOf(node, services) }] : [];
    });
    return { plans: planned.map(({ plan: own }) => own), anchors: planned.map(({ anchor }) => anchor) };
  };
  const trainings = planAll(specification.items.filter(isTrain), planTrain);
  const benchmarks = planAll(specification.items.filter(isBenchmark), planBenchmark);
  const comparisons = planAll(specification.items.filter(isCompare), planCompare);
  const discoveries = planAll(specification.items.filter(isDiscover), planDiscover);
  const claims = planAll(specification.items.filter(isClaim), planClaim);
  return {
    plan: {
      version: 1,
      file: document.uri.fsPath,
      checks,
      trainings: trainings.plans,
      benchmarks: benchmarks.plans,
      comparisons: comparisons.plans,
      discoveries: discoveries.plans,
      claims: claims.plans,
    },
    findings: [...findings, ...accepted.findings],
    anchors,
    itemAnchors: {
      trainings: trainings.anchors,
      benchmarks: benchmarks.anchors,
      comparisons: comparisons.anchors,
      discoveries: discoveries.anchors,
      claims: claims.anchors,
    },
  };
}

/** A file that cannot be read is a finding, and nothing is accepted. */
function acceptedOf(file: string): {
  readonly checks: ReturnType<typeof readBaseline>;
  readonly findings: readonly Finding[];
} {
  try {
    return { checks: readBaseline(file), findings: [] };
  } catch (error) {
    return { checks: {}, findings: [findingOf(error)] };
  }
}

/** Repeated ids are numbered: `x`, `x (2)`. */
function numbering(): (id: string) => string {
  const ids = new Map<string, number>();
  return (id) => {
    const count = (ids.get(id) ?? 0) + 1;
    ids.set(id, count);
    return count === 1 ? id : `${id} (${count})`;
  };
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
function planCheck(check: Check, services: EquiServices, defaults: CheckDefaults): CheckPlan | undefined {
  const model = check.model.ref;
  const data = check.data.ref;
  if (!model || !data) return undefined;
  if ([model, data].some((node) => isBroken(AstUtils.getDocument(node)))) return undefined;
  const { report, problems } = collectProblems();
  const reading = readCheck(check, defaults, report);
  const modelReading = readModel(model, services.knowledge, report);
  const dataReading = readData(data, report);
  const { group } = reading;
  if (!modelReading || !group || hasErrors(problems)) return undefined;
  checkStatically({ check, model: modelReading, data: dataReading, group }, report);
  if (hasErrors(problems)) return undefined;
  const planned = plannedModel(check, model, services, report);
  if (!planned) return undefined;
  const inner = innermostPlan(planned);
  const after = inner.kind === 'family' && inner.trained ? ' (trained)' : '';
  const title = `${model.name}${after} on ${data.name} under ${groupText(normaliseGroup(group))}`;
  return {
    kind: 'check',
    id: check.name ?? title,
    title,
    model: planned,
    data: dataPlanOf(dataReading),
    group,
    options: reading.options,
    timeLimit: reading.timeLimit,
  };
}
