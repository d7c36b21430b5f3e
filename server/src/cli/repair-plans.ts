/** A specification with lines that are not in it yet: parsed, validated and planned as if they were. */
import type { Finding } from '@noether/engine/catalog';
import { URI } from 'langium';
import { NodeFileSystem } from 'langium/node';
import {
  builtInDefaults,
  type Check,
  createEquiServices,
  isCheck,
  isData,
  isModel,
} from '../language/index.ts';
import { specificationOf } from '../language/uses.ts';
import { type BuiltPlan, buildPlan } from '../plan/index.ts';
import type { CheckPlan } from '../plan/plan.ts';
import type { Proposal } from '../repair/propose.ts';
import { type RepairText, repairText, withRepairs } from '../repair/repair-text.ts';

/** A specification, its checks with their nodes, and all names that it can refer to. */
export interface Opened {
  readonly path: string;
  readonly text: string;
  readonly built: BuiltPlan;
  readonly checks: readonly { readonly plan: CheckPlan; readonly node: Check; readonly line: number }[];
  readonly names: ReadonlySet<string>;
}

/** A text as a specification at this path, which is not read. */
export async function openText(path: string, text: string): Promise<Opened> {
  const services = createEquiServices(NodeFileSystem);
  const { workspace } = services.shared;
  const document = workspace.LangiumDocumentFactory.fromString(text, URI.file(path));
  workspace.LangiumDocuments.addDocument(document);
  await workspace.DocumentBuilder.build([document], { validation: true });
  const built = buildPlan(document, services.equi, builtInDefaults);
  const nodes = (specificationOf(document)?.items ?? []).filter(isCheck);
  const checks = (built.plan?.checks ?? []).map((plan, i) => {
    const { start } = built.anchors[i]!.check.range;
    const node = nodes.find(({ $cstNode }) => {
      const own = $cstNode!.range.start;
      return own.line === start.line && own.character === start.character;
    })!;
    return { plan, node, line: start.line + 1 };
  });
  const names = workspace.LangiumDocuments.all
    .toArray()
    .flatMap((one) => specificationOf(one)?.items ?? [])
    .flatMap((item) => ((isModel(item) || isData(item) || isCheck(item)) && item.name ? [item.name] : []));
  return { path, text, built, checks, names: new Set(names) };
}

/** The lines of each proposal, under names of its own, which are added to those that are taken. */
export function textsOf(check: Check, proposals: readonly Proposal[], taken: Set<string>): RepairText[] {
  return proposals.map((proposal) => {
    const lines = repairText(check, proposal, taken);
    for (const name of lines.names) taken.add(name);
    return lines;
  });
}

/** What would be run if the lines stood in the file: all of the language has its say. */
export async function plansOf(
  { path, text }: Opened,
  check: Check,
  repairs: readonly RepairText[],
): Promise<{ readonly plan?: CheckPlan; readonly findings: readonly Finding[] }[]> {
  return Promise.all(
    repairs.map(async (repair) => {
      const { built, checks } = await openText(path, withRepairs(text, check, [repair]));
      const own = checks.find(({ plan }) => plan.model.name === repair.name);
      if (own) return { plan: own.plan, findings: [] };
      return { findings: built.findings.filter(({ severity }) => severity === 'error') };
    }),
  );
}
