/** What can be said of a `discover` block before anything is run: bindings, index sets, actions. */
import { ambientRefusal, ambientText, bindInputs } from '@noether/engine/catalog';
import type { Discover } from '../generated/ast.ts';
import type { Knowledge } from '../knowledge.ts';
import { collectProblems, hasErrors, type Report } from '../problem.ts';
import { readData } from '../read-data.ts';
import { readDiscover } from '../read-discover.ts';
import { readModel } from '../read-model.ts';
import { checkBinding, checkIndexSets, fieldsOf, signatureOf, sourcesOf } from './static-check.ts';

/** Reports `spec/…`, `model/…` and `group/…` problems at the block. */
export function checkDiscover(discover: Discover, knowledge: Knowledge, report: Report): void {
  const { ambient } = readDiscover(discover, report);
  const modelNode = discover.model?.ref;
  const dataNode = discover.data?.ref;
  if (!ambient || !modelNode || !dataNode) return;
  // Problems inside the two blocks are told there.
  const inside = collectProblems();
  const model = readModel(modelNode, knowledge, inside.report);
  const data = readData(dataNode, inside.report);
  if (!model || hasErrors(inside.problems)) return;
  const parts = { check: discover, model, data };
  const signature = signatureOf(parts, report);
  if (!signature || !checkBinding(parts, signature, report)) return;
  if (!checkIndexSets({ ...parts, factors: ambient.factors }, signature, report)) return;
  const bindings = bindInputs(signature, fieldsOf(data.fields), sourcesOf(model));
  const types = bindings.map(({ field }) => field.type);
  // By factor, so that the one to blame is underlined; four-vectors may be missing for all of them together.
  for (const [index, factor] of ambient.factors.entries()) {
    const reason = ambientRefusal({ factors: [factor] }, types);
    if (!reason) continue;
    report({
      code: 'group/no-action',
      message: reason,
      expected: 'a group that acts on every input',
      found: ambientText({ factors: [factor] }),
      node: discover.group,
      property: 'factors',
      index,
    });
  }
}
