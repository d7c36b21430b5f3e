/** What TensorFlow.js computes here, against what TensorFlow itself computed when the models were converted. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import { readNpz } from '../../data/index.ts';
import type { Field, FieldType, Representation } from '../../signature.ts';
import { type NdArray, sizeOf, type Values } from '../../tensor/array.ts';
import { openRuntime } from '../../tensor/index.ts';
import type { Precision, Runtime } from '../../tensor/runtime.ts';
import { openTfjs } from './index.ts';

const folder = fileURLToPath(new URL('../../../../test-fixtures/keras', import.meta.url));
let runtimes: Record<Precision, Runtime>;
let samples: ReadonlyMap<string, NdArray>;
let expected: ReadonlyMap<string, NdArray>;
beforeAll(async () => {
  runtimes = {
    float32: await openRuntime({ precision: 'float32', backend: 'wasm' }),
    float64: await openRuntime({ precision: 'float64' }),
  };
  const limits = { maxBytes: 2 ** 20 };
  samples = (await readNpz(join(folder, 'samples.npz'), limits)) as Map<string, NdArray>;
  expected = (await readNpz(join(folder, 'expected.npz'), limits)) as Map<string, NdArray>;
});

const field = (name: string, representation: Representation, ...axes: (string | number)[]): Field => {
  const type: FieldType = {
    representation,
    axes: axes.map((axis) => (typeof axis === 'string' ? { index: axis } : { size: axis })),
  };
  return { name, type };
};
const position = { kind: 'position', dim: 3 } as const;
const vector = { kind: 'vector', dim: 3 } as const;
const scalar = { kind: 'scalar' } as const;

function entry({ shape, data }: NdArray, i: number): NdArray {
  const size = sizeOf(shape.slice(1));
  return { shape: shape.slice(1), data: data.slice(i * size, (i + 1) * size) };
}

const cases = [
  { name: 'deep-sets', from: { points: 'positions' } },
  { name: 'deep-sets-window', from: { points: 'positions' } },
  { name: 'texture', from: { image: 'images' } },
  { name: 'texture-symmetric', from: { image: 'images' } },
  { name: 'potential', from: { positions: 'positions', species: 'species' } },
  { name: 'potential-leaky', from: { positions: 'positions', species: 'species' } },
];

it.each(cases)('$name computes what TensorFlow computes', async ({ name, from }) => {
  const isGraph = name.startsWith('potential');
  const inputs: Field[] = isGraph
    ? [field('positions', position, 'atom'), field('species', { kind: 'category', count: 10 }, 'atom')]
    : name.startsWith('deep')
      ? [field('points', position, 'point')]
      : [field('image', { kind: 'image' }, 'row', 'column', 2)];
  const outputs = isGraph
    ? [field('energy', scalar), field('push', vector, 'atom')]
    : [field('logits', scalar, name.startsWith('deep') ? 4 : 3)];
  const model = await openTfjs({ file: join(folder, name, 'model.json'), inputs, outputs }, runtimes);
  const batch = Array.from({ length: 6 }, (_, i): Values => {
    const pairs = Object.entries(from).map(([input, array]) => [input, entry(samples.get(array)!, i)]);
    return Object.fromEntries(pairs);
  });
  for (const precision of ['float32', 'float64'] as const) {
    const results = await model.evaluate(batch, precision);
    for (const [i, result] of results.entries()) {
      for (const [output, value] of Object.entries(result)) {
        const wanted = entry(expected.get(isGraph ? `${name}-${output}` : name)!, i);
        for (const [k, number] of wanted.data.entries()) expect(value.data[k]).toBeCloseTo(number, 4);
      }
    }
  }
  model.dispose();
});
