/** The layer that LLoCa's cost is compared with does what it should: it is equivariant, in the algebra that it names. */
import { beforeAll, expect, it } from 'vitest';
import { openRuntime } from '../../engine/src/index.ts';
import type { Runtime, Tensor } from '../../engine/src/tensor/runtime.ts';
import { blockOf, components, multiplied, multivectorBlock, signOf } from './geometric-algebra.ts';
import { uniform } from './step.ts';

let runtime: Runtime;
beforeAll(async () => {
  runtime = await openRuntime({ precision: 'float64' });
});

it('axes square to the metric and anticommute', () => {
  expect([1, 2, 4, 8].map((axis) => signOf(axis, axis))).toEqual([1, -1, -1, -1]);
  for (const a of [1, 2, 4, 8])
    for (const b of [1, 2, 4, 8]) if (a !== b) expect(signOf(a, b)).toBe(-signOf(b, a));
  // The product is associative.
  for (let a = 0; a < 16; a++)
    for (let b = 0; b < 16; b++)
      for (let c = 0; c < 16; c++)
        expect(signOf(a, b) * signOf(a ^ b, c)).toBe(signOf(b, c) * signOf(a, b ^ c));
});

it('the product and the whole block commute with boosts and rotations', async () => {
  const { tf } = runtime;
  const block = blockOf(runtime, 4);
  const x = uniform(runtime, [2, 5, 4, components]);
  const y = uniform(runtime, [2, 5, 4, components]);
  const moved = (z: Tensor): Tensor =>
    tf.reshape(
      tf.matMul(tf.reshape(z, [-1, components]), tf.tensor2d(onMultivectors()), false, true),
      z.shape,
    );
  const apart = async (a: Tensor, b: Tensor): Promise<number> => {
    const { data } = await runtime.array(tf.div(tf.max(tf.abs(tf.sub(a, b))), tf.max(tf.abs(b))));
    return data[0]!;
  };
  const product = moved(multiplied(runtime, block, x, y));
  expect(await apart(multiplied(runtime, block, moved(x), moved(y)), product)).toBeLessThan(1e-5);
  const output = multivectorBlock(runtime, block, x, 2);
  expect(await apart(multivectorBlock(runtime, block, moved(x), 2), moved(output))).toBeLessThan(1e-5);
  expect(await apart(multivectorBlock(runtime, block, moved(x), 2), output)).toBeGreaterThan(0.01);
});

/** A boost along x after a rotation about z, on all components: minors of its matrix. */
function onMultivectors(): number[][] {
  const [c, s] = [Math.cosh(0.8), Math.sinh(0.8)];
  const [k, l] = [Math.cos(0.6), Math.sin(0.6)];
  const matrix = [
    [c, s * k, -s * l, 0],
    [s, c * k, -c * l, 0],
    [0, l, k, 0],
    [0, 0, 0, 1],
  ];
  const axes = (blade: number): number[] => [0, 1, 2, 3].filter((axis) => (blade >> axis) & 1);
  return Array.from({ length: 16 }, (_, to) =>
    Array.from({ length: 16 }, (_, from) => {
      const [rows, columns] = [axes(to), axes(from)];
      return rows.length === columns.length
        ? determinant(rows.map((row) => columns.map((column) => matrix[row]![column]!)))
        : 0;
    }),
  );
}

function determinant(m: readonly (readonly number[])[]): number {
  if (m.length === 0) return 1;
  return m[0]!.reduce(
    (sum, value, j) =>
      sum + (j % 2 ? -1 : 1) * value * determinant(m.slice(1).map((row) => row.filter((_, i) => i !== j))),
    0,
  );
}
