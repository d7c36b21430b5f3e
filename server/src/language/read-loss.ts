/** `loss: mse(normals)` -> a loss and the data field that holds its target. */
import type { LossSpec } from '@noether/engine/catalog';
import { wordOf } from './arguments.ts';
import { type Entry, isTerm } from './generated/ast.ts';

/** `undefined` where the entry is missing or no function of a field. */
export function lossOf(entry: Entry | undefined): LossSpec | undefined {
  const value = entry?.value;
  if (!isTerm(value)) return undefined;
  const field = wordOf(value.arguments[0]?.value);
  return field === undefined ? undefined : { name: value.name as LossSpec['name'], field };
}
