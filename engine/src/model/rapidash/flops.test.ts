/** The formula against the matrix products that a forward pass really makes. */
import { expect, test } from 'vitest';
import { openRuntime, type Runtime, randomFromSeed, type Tensor } from '../../tensor/index.ts';
import type { Options } from '../description.ts';
import { uploadWeights } from '../device-weights.ts';
import { assemble, edgeAttributesOf } from './batch.ts';
import { deviceClouds } from './device.ts';
import { randomExample } from './example.ts';
import { forwardFlops } from './flops.ts';
import { initialWeights } from './initialise.ts';
import { forward } from './net.ts';
import { specificationOf } from './specification.ts';
import { field, positions } from './testing.ts';
import { topologyOf } from './topology.ts';

const bonds = field('bonds', {
  representation: { kind: 'scalar' },
  axes: [{ index: 'point' }, { index: 'point' }],
});
const flat = field('positions', {
  representation: { kind: 'position', dim: 2 },
  axes: [{ index: 'point' }],
});
const fieldsOf = ({ space }: Options) => [space === 'R2xS1' ? flat : positions, bonds];

const runtime = await openRuntime({ precision: 'float64' });

async function counted(options: Options): Promise<{ counted: number; formula: number }> {
  // With degree 1 no net has as many inputs as space has dimensions.
  const degree = options.space === 'R2xS1' ? 2 : 1;
  const specification = specificationOf({ degree, ...options }, fieldsOf(options));
  const { config } = specification;
  const example = randomExample(specification, randomFromSeed(1));
  const points = example[specification.inputs.positions.name]!.shape[0]!;
  let flops = 0;
  const matMul = (a: Tensor, b: Tensor, ...rest: boolean[]): Tensor => {
    const product = runtime.tf.matMul(a, b, ...rest);
    // Sums over the dimensions of space are geometry; no case has another sum as short.
    const summed = rest[0] ? a.shape.at(-2)! : a.shape.at(-1)!;
    if (summed !== config.dim) flops += 2 * product.size * summed;
    return product;
  };
  const counting: Runtime = { ...runtime, tf: { ...runtime.tf, matMul: matMul as never } };
  const clouds = assemble(specification, [example]);
  // Edge lists: the dense route does the same work in another order, and saves half of it where kernels are mutual.
  const topology = topologyOf(config, { dim: config.dim, data: clouds.positions.data }, clouds.sizes, false);
  const edges = edgeAttributesOf(specification, [example], clouds, topology);
  runtime.tf.tidy(() => {
    const weights = uploadWeights(runtime, initialWeights(config, randomFromSeed(2), specification.grid));
    forward(counting, config, weights, deviceClouds(runtime, clouds, edges), topology);
  });
  return { counted: flops, formula: forwardFlops(config, points).products };
}

const cases: Record<string, Options> = {
  distances: { space: 'R3', layers: 3 },
  'orientations, knn': { space: 'R3xS2', orientations: 6, graph: { call: 'knn', arguments: [8] } },
  'vectors in and out': {
    orientations: 5,
    features: 'coordinates_as_vectors',
    vector_outputs: 2,
    level: 'point',
  },
  'two dimensions, displacement': { space: 'R2xS1', orientations: 4, invariants: 'T', layers: 1 },
  'scales and back up': {
    orientations: 4,
    layers: [1, 1, 1],
    hidden: [8, 16, 8],
    level: 'point',
    graph: { call: 'knn', arguments: [4] },
  },
  'scales, one basis each': { orientations: 4, layers: [0, 1], variant: 'shapenet' },
  'mixing, pooled': { orientations: 5, mixing: true, readout: 'pooled', scalar_outputs: 3 },
  'edge attributes': { orientations: 5, edge_attributes: 'bonds', layers: 2 },
};

test.each(Object.entries(cases))('%s', async (_, options) => {
  const { counted: found, formula } = await counted(options);
  expect(formula).toBe(found);
});

test('messages of the separable convolution: twice edges x orientations x channels in each block', () => {
  const { config } = specificationOf(
    { orientations: 12, layers: 2, hidden: 16, graph: { call: 'knn', arguments: [8] } },
    fieldsOf({}),
  );
  expect(forwardFlops(config, 100).messages).toBe(2 * 2 * 100 * 8 * 12 * 16);
});
