/** Whether the data has the field that a loss is taken against. */
import type { Field, LossSpec } from '@noether/engine/catalog';
import { wordOf } from '../arguments.ts';
import { type Entry, isTerm } from '../generated/ast.ts';
import type { Report } from '../problem.ts';
import { unknownName } from '../unknown-name.ts';

/** Reports `spec/unknown-field` at the argument of the loss. */
export function knowsLossField(
  entry: Entry,
  loss: Pick<LossSpec, 'field'>,
  data: string,
  fields: readonly Field[],
  report: Report,
): boolean {
  const known = fields.map(({ name }) => name);
  if (known.includes(loss.field)) return true;
  const argument = isTerm(entry.value) ? entry.value.arguments[0] : undefined;
  report(
    unknownName({
      code: 'spec/unknown-field',
      kind: 'field',
      lead: `\`${data}\` has no field`,
      name: wordOf(argument?.value) ?? loss.field,
      known,
      node: argument ?? entry,
    }),
  );
  return false;
}
