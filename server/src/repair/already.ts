/** Whether a file has the repair of a check already. */
import { type Check, innerModel } from '../language/index.ts';

/** A wrapped form of the model that is checked on the same data under the same group. */
export function alreadyRepaired(checks: readonly Check[], check: Check): string | undefined {
  const model = check.model.ref;
  const wraps = checks.find((node) => {
    const other = node.model?.ref;
    return (
      model !== undefined &&
      other?.wrapper !== undefined &&
      other !== model &&
      (innerModel(other) === model || other.inner?.ref === model) &&
      node.data?.ref === check.data.ref &&
      groupOf(node) === groupOf(check)
    );
  });
  return wraps?.model.$refText;
}

function groupOf({ group }: Check): string | undefined {
  return group?.$cstNode?.text.replace(/\s+/g, '');
}
