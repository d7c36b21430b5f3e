/** The checks that a document's text declares, as the editor keeps them. */
import type { LangiumDocument } from 'langium';
import type { EquiServices } from '../language/index.ts';
import { buildPlan } from '../plan/index.ts';
import type { Settings } from '../protocol.ts';
import type { PlannedFile } from './check.ts';

/** `undefined` while the text is broken: which checks are meant is then not known. */
export function planFile(
  document: LangiumDocument,
  services: EquiServices,
  { elements, confidence, seed, timeLimit }: Settings,
): PlannedFile | undefined {
  const { plan, anchors, itemAnchors } = buildPlan(document, services, {
    elements,
    confidence,
    seed,
    timeLimit,
  });
  return (
    plan && {
      uri: document.uri.toString(),
      version: document.textDocument.version,
      checks: plan.checks.map((check, i) => {
        const { check: own, model, data, groupText } = anchors[i]!;
        return { plan: check, path: own.path, model, data, groupText };
      }),
      items: (['trainings', 'benchmarks', 'comparisons', 'discoveries', 'claims'] as const).flatMap((kind) =>
        plan[kind].map((item, i) => ({ plan: item, path: itemAnchors[kind][i]!.path })),
      ),
    }
  );
}
