/** Specifications -> the checks that they ask for, with Langium's services as the language server has them. */
import type { Finding } from '@noether/engine/catalog';
import { URI } from 'langium';
import { NodeFileSystem } from 'langium/node';
import { builtInDefaults, createEquiServices, type EquiServiceSet } from '../language/index.ts';
import { reachableUris } from '../language/uses.ts';
import { buildPlan } from '../plan/index.ts';
import type {
  BenchmarkPlan,
  CheckPlan,
  ClaimPlan,
  ComparePlan,
  DiscoverPlan,
  TrainPlan,
} from '../plan/plan.ts';
import { findSpecFiles } from './spec-files.ts';

export interface LoadedCheck {
  readonly plan: CheckPlan;
  /** Absolute path of the specification, and the 1-based line of the check. */
  readonly file: string;
  readonly line: number;
}

/** A training, benchmark, comparison, discovery or claim. */
export interface LoadedItem {
  readonly plan: TrainPlan | BenchmarkPlan | ComparePlan | DiscoverPlan | ClaimPlan;
  readonly file: string;
  readonly line: number;
}

export interface LoadedSpecifications {
  /** The checks without errors. */
  readonly checks: readonly LoadedCheck[];
  /** The trainings, benchmarks and claims without errors. */
  readonly items: readonly LoadedItem[];
  readonly findings: readonly Finding[];
  /** Absolute paths of the specifications and of those that they use. */
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

/** @param names files, and folders that stand for the specifications below them. */
export async function loadSpecifications(names: readonly string[]): Promise<LoadedSpecifications> {
  const found = await findSpecFiles(names);
  const services = createEquiServices(NodeFileSystem);
  const documents = await openDocuments(found.files, services);
  const checks: LoadedCheck[] = [];
  const items: LoadedItem[] = [];
  const findings = [...found.findings];
  const files = new Set(found.files);
  for (const document of documents) {
    const built = buildPlan(document, services.equi, builtInDefaults);
    findings.push(...built.findings);
    for (const uri of reachableUris(document, services.shared.workspace.LangiumDocuments)) {
      files.add(URI.parse(uri).fsPath);
    }
    built.plan?.checks.forEach((plan, i) => {
      const line = built.anchors[i]!.check.range.start.line + 1;
      checks.push({ plan, file: document.uri.fsPath, line });
    });
    for (const kind of ['trainings', 'benchmarks', 'comparisons', 'discoveries', 'claims'] as const) {
      built.plan?.[kind].forEach((plan, i) => {
        const line = built.itemAnchors[kind][i]!.range.start.line + 1;
        items.push({ plan, file: document.uri.fsPath, line });
      });
    }
  }
  return { checks, items, findings: distinct(findings), files: [...files], folders: found.folders };
}

/** Parsed, linked and validated documents of these files, those that they use loaded too. */
export async function openDocuments(files: readonly string[], { shared }: EquiServiceSet) {
  const documents = await Promise.all(
    files.map((file) => shared.workspace.LangiumDocuments.getOrCreateDocument(URI.file(file))),
  );
  await shared.workspace.DocumentBuilder.build(documents, { validation: true });
  return documents;
}

/** A file that two specifications use says what is wrong with it once. */
function distinct(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((finding) => [JSON.stringify(finding), finding])).values()];
}
