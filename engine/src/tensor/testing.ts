/** What the gradient suites of the backends share. */

import type { NdArray } from './array.ts';
import {
  type Operation,
  onPositive,
  operations,
  positive,
  scalar,
  twice,
  x,
} from './fixes/gradient-cases.ts';
import { libraryOperations, libraryTwice, steps } from './fixes/library-cases.ts';
import { openRuntime } from './index.ts';
import type { BackendName } from './runtime.ts';

export type Case = readonly [name: string, operation: Operation, input: NdArray];

/** Cases written for the engine's own models, and for what else it uses of the library. */
export const ownCases: readonly Case[] = [
  ...Object.entries(operations).map(([name, f]) => [name, f, x] as const),
  ...Object.entries(onPositive).map(([name, f]) => [name, f, positive] as const),
];

export const libraryCases: readonly Case[] = [
  ...[libraryOperations, steps].flatMap((all) =>
    Object.entries(all).map(([name, f]) => [name, f, x] as const),
  ),
  ...Object.entries({ ...twice, ...libraryTwice }).map(([name, operation]): Case => {
    const inner: Operation = (tf, t) => tf.grad((u) => scalar(operation)(tf, u))(t);
    return [`gradient of ${name}`, inner, x];
  }),
];

/** Cases whose value or gradient in float32 on a backend is farther from the float64 twin than `tolerance` of its size. */
export async function disagreements(
  backend: BackendName,
  cases: readonly Case[],
  tolerance: number,
): Promise<string[]> {
  const twin = await openRuntime({ precision: 'float64' });
  const single = await openRuntime({ precision: 'float32', backend });
  const failures: string[] = [];
  for (const [name, operation, input] of cases) {
    const of = async ({ tf, tensor, array }: typeof single) => {
      const { value, grad } = tf.valueAndGrad((t) => scalar(operation)(tf, t))(tensor(input));
      return [...(await array(value)).data, ...(await array(grad)).data];
    };
    const expected = await of(twin);
    const found = await of(single).catch((error) => [Number.NaN, error.message]);
    // Sums of entries of order one may be near zero.
    const scale = Math.max(0.1, ...expected.map(Math.abs));
    const worst = Math.max(...expected.map((value, i) => Math.abs(value - found[i]!))) / scale;
    if (!(worst < tolerance)) failures.push(`${name}: ${worst} ${found[0] ? '' : found[1]}`);
  }
  return failures;
}
