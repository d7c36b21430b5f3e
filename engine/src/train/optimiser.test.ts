/** Against PyTorch's documented formulas, written again as plain scalar loops, and first steps worked out by hand. */
import { expect, test } from 'vitest';
import { openRuntime, real } from '../tensor/index.ts';
import { clipped, optimiserStep } from './optimiser.ts';
import type { TrainOptions } from './training.ts';

const runtime = await openRuntime({ precision: 'float64' });
const vector = (data: number[]) => runtime.tensor(real([data.length], data));
const numbers = async (t: Parameters<typeof runtime.array>[0]) => [...(await runtime.array(t)).data];

type Kind = TrainOptions['optimiser'];
const start = [1, -2, 0.5];
const gradients = [
  [0.5, -0.1, 0],
  [-0.3, 0.2, 1e-9],
  [2, 0.7, -4],
  [0.01, -0.02, 0.03],
];

/** torch.optim.{AdamW,Adam,SGD}, one weight at a time. */
function reference(kind: Kind, rate: number, decay: number): number[] {
  return start.map((initial, k) => {
    let [w, m, v] = [initial, 0, 0];
    gradients.forEach((all, i) => {
      const t = i + 1;
      let g = all[k]!;
      if (kind === 'adamw') w -= rate * decay * w;
      else g += decay * w;
      if (kind === 'sgd') {
        m = t === 1 ? g : 0.9 * m + g;
        w -= rate * m;
        return;
      }
      m = 0.9 * m + 0.1 * g;
      v = 0.999 * v + 0.001 * g * g;
      const corrected = v / (1 - 0.999 ** t);
      w -= (rate * (m / (1 - 0.9 ** t))) / (Math.sqrt(corrected) + 1e-8);
    });
    return w;
  });
}

test.each([
  ['adamw', 0.1, 0.01],
  ['adamw', 0.02, 0],
  ['adam', 0.1, 0.05],
  ['sgd', 0.05, 0.01],
] as const)('%s, rate %d, decay %d', async (optimiser, rate, decay) => {
  let state = { weights: vector(start), first: vector([0, 0, 0]), second: vector([0, 0, 0]) };
  gradients.forEach((gradient, i) => {
    state = optimiserStep(runtime, { optimiser, decay }, state, vector(gradient), rate, i + 1);
  });
  const expected = reference(optimiser, rate, decay);
  for (const [k, w] of (await numbers(state.weights)).entries()) expect(w).toBeCloseTo(expected[k]!, 13);
});

test('first steps by hand', async () => {
  const state = { weights: vector([1]), first: vector([0]), second: vector([0]) };
  const after = async (optimiser: Kind) =>
    (
      await numbers(optimiserStep(runtime, { optimiser, decay: 0.01 }, state, vector([0.5]), 0.1, 1).weights)
    )[0];
  // 1 - 0.1 * 0.01 - 0.1 * 0.5 / (0.5 + 1e-8)
  expect(await after('adamw')).toBeCloseTo(0.899000002, 12);
  // g = 0.51: 1 - 0.1 * 0.51 / (0.51 + 1e-8)
  expect(await after('adam')).toBeCloseTo(1 - 0.051 / 0.51000001, 12);
  expect(await after('sgd')).toBeCloseTo(1 - 0.1 * 0.51, 12);
});

test('a long gradient is shortened to the limit, a short one is not', async () => {
  const long = clipped(runtime, vector([3, 4]), 1);
  expect((await numbers(long.norm))[0]).toBe(5);
  expect(Math.hypot(...(await numbers(long.gradient)))).toBeCloseTo(1, 5);
  expect(await numbers(clipped(runtime, vector([0.3, 0.4]), 1).gradient)).toEqual([0.3, 0.4]);
  expect(await numbers(clipped(runtime, vector([3, 4]), 0).gradient)).toEqual([3, 4]);
});
