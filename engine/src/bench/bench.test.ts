import { expect, test } from 'vitest';
import { findingOf } from '../fault.ts';
import { families } from '../model/families.ts';
import { openFamily } from '../model/index.ts';
import { openRuntime, randomFromSeed, real } from '../tensor/index.ts';
import { benchmark } from './run.ts';
import { quantile, timeRounds } from './timing.ts';

const runtimes = {
  float32: await openRuntime({ precision: 'float32' }),
  float64: await openRuntime({ precision: 'float64' }),
};
const fields = [
  { name: 'positions', type: { representation: { kind: 'position', dim: 3 }, axes: [{ index: 'point' }] } },
] as const;
const random = randomFromSeed(3);
const dataset = {
  fields,
  available: 2,
  samples: [10, 12].map((points, i) => ({
    id: `cloud ${i}`,
    sizes: { point: points },
    values: {
      positions: real(
        [points, 3],
        Float64Array.from({ length: 3 * points }, () => random.normal()),
      ),
    },
  })),
};
const options = { batches: [2], repeats: 5, warmup: 1, training: true, seconds: 20 };

async function candidate(name: string, hidden: number) {
  const model = await openFamily(
    { family: 'Rapidash', options: { space: 'R3', hidden, layers: 2 }, fields },
    runtimes,
  );
  const family = families.find((one) => one.name === 'Rapidash')!;
  const flops = (sizes: Record<string, number>) =>
    family.flops!({ space: 'R3', hidden, layers: 2 }, fields, sizes);
  return { name, model, flops };
}

test('quantiles lie between order statistics', () => {
  expect([0, 0.25, 0.5, 1].map((share) => quantile([4, 1, 3, 2], share))).toEqual([1, 1.75, 2.5, 4]);
});

test('every candidate has one turn in each round, and each round starts with another', async () => {
  const turns: string[] = [];
  const pass = (name: string) => async () => void turns.push(name);
  const timings = await timeRounds([pass('a'), pass('b'), pass('c')], { repeats: 3, warmup: 1, seconds: 9 });
  expect(turns.join('')).toBe('abcabcbcacab');
  expect(timings.map(({ repeats }) => repeats)).toEqual([3, 3, 3]);
  expect(timings.map(({ ratio }) => ratio === undefined)).toEqual([false, false, true]);
});

test('a wide net has more operations, parameters and memory than a narrow one, and times beside it', async () => {
  const candidates = [await candidate('wide', 128), await candidate('narrow', 8)];
  const before = runtimes.float32.tf.memory().numTensors;
  const stages = new Set<string>();
  const result = await benchmark({
    candidates,
    dataset,
    options,
    runtime: runtimes.float32,
    onProgress: (_, __, stage) => stages.add(stage),
  });
  expect(result.reference).toBe('narrow');
  const wide = result.runs[0]!.entries[0]!;
  const narrow = result.runs[0]!.entries[1]!;
  expect(wide.parameterCount).toBeGreaterThan(10 * narrow.parameterCount!);
  expect(wide.flops).toBeGreaterThan(10 * narrow.flops!);
  expect(wide.memory.tensors).toBeGreaterThan(narrow.memory.tensors!);
  // Which of them is faster is for a quiet machine: on a busy one a median of five can say anything.
  expect(wide.forward.ratio).toBeGreaterThan(0);
  expect(wide.forward.median).toBeGreaterThan(0);
  expect(wide.step!.median).toBeGreaterThan(0);
  expect(narrow.forward.lowerQuartile).toBeLessThanOrEqual(narrow.forward.median);
  expect(stages).toEqual(new Set(['forward, batch 2', 'training step, batch 2']));
  // Weights have been uploaded once for each model; nothing else stays.
  const after = runtimes.float32.tf.memory().numTensors;
  await benchmark({ candidates, dataset, options, runtime: runtimes.float32 });
  expect(runtimes.float32.tf.memory().numTensors).toBe(after);
  expect(after - before).toBeLessThan(100);
});

test('cancellation and no models', async () => {
  const cancelled = benchmark({
    candidates: [await candidate('narrow', 8)],
    dataset,
    options,
    signal: AbortSignal.abort(new Error('stop')),
  });
  await expect(cancelled).rejects.toThrow('stop');
  const finding = await benchmark({ candidates: [], dataset, options }).catch(findingOf);
  expect(finding).toMatchObject({ code: 'bench/no-models', message: 'there is no model to benchmark' });
});
