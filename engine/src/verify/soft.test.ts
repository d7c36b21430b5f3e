/** Soft equivariance of models whose orbit is known. */
import { expect, it } from 'vitest';
import type { Sample } from '../data/dataset.ts';
import { createGroup } from '../group/index.ts';
import { real } from '../tensor/array.ts';
import type { SoftTarget } from './soft-result.ts';
import {
  dataOf,
  defaults,
  functionModel,
  number,
  pairEnergy,
  position,
  SO3,
  scalar,
  type,
} from './testing.ts';
import { verify } from './verify.ts';

const slope = 2;
/** An invariant energy, and so much of the first point's height: its mean over rotations is the energy. */
const model = functionModel(
  { positions: type(position, 'point') },
  {
    energy: {
      type: type(scalar),
      compute: ({ positions }, round) => number(pairEnergy(positions!, round) + slope * positions![2]!),
    },
  },
);

/** The energy itself as the label. */
function labelled(count: number) {
  const data = dataOf({ positions: type(position, 'point') }, { count, size: 4 });
  const samples = data.samples.map(
    (sample): Sample => ({
      ...sample,
      values: {
        ...sample.values,
        truth: real([], [pairEnergy(sample.values.positions!.data as Float64Array, (x) => x)]),
      },
    }),
  );
  return { ...data, fields: [...data.fields, { name: 'truth', type: type(scalar) }], samples };
}

const target: SoftTarget = { loss: 'mse', field: 'truth', output: 'energy', width: 1 };
const soft = (dataset: ReturnType<typeof labelled>, elements: number, own: SoftTarget | undefined = target) =>
  verify({
    model,
    dataset,
    group: createGroup(SO3),
    options: { ...defaults, elements, soft: true },
    ...(own ? { target: own } : {}),
  });

it('has the spread of the orbit, the distance from its average, and what the break costs', async () => {
  const dataset = labelled(12);
  const { soft: found, outputs, verdict, findings } = await soft(dataset, 200);
  expect(verdict).toBe('violated');
  const { scale } = outputs[0]!;
  const [own] = found!.outputs;
  const first = dataset.samples.map(({ values }) => values.positions!.data.slice(0, 3));
  const mean = (of: (p: Float64Array | Int32Array) => number) =>
    first.reduce((sum, p) => sum + of(p) / first.length, 0);
  // Heights of a turned point have a third of its squared length as their variance.
  const spread = mean((p) => (slope * Math.hypot(...p)) / Math.sqrt(3)) / scale;
  expect(own!.spread.mean / spread).toBeCloseTo(1, 1);
  expect(own!.spread.low).toBeLessThan(own!.spread.mean);
  expect(own!.spread.high).toBeGreaterThan(own!.spread.mean);
  expect(own!.spread.over).toBe('samples');
  expect(own!.fromAverage.mean / (mean((p) => slope * Math.abs(p[2]!)) / scale)).toBeCloseTo(1, 0);
  const cost = mean((p) => slope ** 2 * (Math.hypot(...p) ** 2 / 3));
  const { loss } = found!;
  expect(loss!.loss).toBe('mse(truth)');
  expect(loss!.asIs).toBeCloseTo(
    mean((p) => (slope * p[2]!) ** 2),
    3,
  );
  expect(loss!.gap.mean / cost).toBeCloseTo(1, 1);
  expect(loss!.symmetrised).toBeLessThan(0.05 * loss!.overOrbit);
  expect(loss!.gap.mean).toBeCloseTo(loss!.overOrbit - loss!.symmetrised, 10);
  expect(findings.find(({ code }) => code === 'verify/soft')!.message).toMatch(
    /^over 200 elements of SO\(3\): `energy` spreads by .* mse\(truth\) is .* costs /,
  );
});

it('for the squared loss the gap is the variance over the orbit, as for orders of classes', async () => {
  const dataset = labelled(3);
  const { soft: found, outputs } = await soft(dataset, 8);
  const { spread } = found!.outputs[0]!;
  // Unbiased variances have n - 1; of one sample at a time the means of squares agree.
  const alone = await soft({ ...dataset, samples: dataset.samples.slice(0, 1) }, 8);
  const { scale } = alone.outputs[0]!;
  const variance = (7 / 8) * (alone.soft!.outputs[0]!.spread.mean * scale) ** 2;
  expect(alone.soft!.loss!.gap.mean / variance).toBeCloseTo(1, 8);
  expect(spread.mean * outputs[0]!.scale).toBeGreaterThan(0);
});

it('averages exactly over a finite group, and asks for nothing that is not there', async () => {
  const { soft: found } = await verify({
    model,
    dataset: labelled(2),
    group: createGroup({ kind: 'C', n: 4 }),
    options: { ...defaults, soft: true },
  });
  expect(found).toMatchObject({ exact: true, elements: 4 });
  expect(found!.loss).toBeUndefined();
  // Turned about z the height stays.
  expect(found!.outputs[0]!.spread.mean).toBeLessThan(1e-6);
});

it('takes cross entropies of averaged logits', async () => {
  const classes = functionModel(
    { positions: type(position, 'point') },
    {
      logits: {
        type: type(scalar, 2),
        compute: ({ positions: p }) => real([2], [p![0]!, 0]),
      },
    },
  );
  const data = dataOf({ positions: type(position, 'point') }, { count: 8, size: 2 });
  const samples = data.samples.map((sample) => ({
    ...sample,
    values: { ...sample.values, part: { shape: [], data: Int32Array.of(1) } },
  }));
  const { soft: found } = await verify({
    model: classes,
    dataset: { ...data, samples },
    group: createGroup({ kind: 'Z2' }),
    options: { ...defaults, soft: true },
    target: { loss: 'cross_entropy', field: 'part', output: 'logits', width: 2 },
  });
  // The mean over inversion has equal logits.
  expect(found!.loss!.symmetrised).toBeCloseTo(Math.log(2), 6);
  expect(found!.loss!.gap.mean).toBeGreaterThan(0);
});
