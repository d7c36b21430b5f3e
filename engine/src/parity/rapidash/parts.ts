/** Orientation grids, invariants, and the kernel basis. */
import { kernelBasis } from '../../model/rapidash/basis.ts';
import { circleGrid, fibonacciGrid } from '../../model/rapidash/grid.ts';
import { components, fibreInvariant, spatialInvariants } from '../../model/rapidash/invariants.ts';
import { polynomialFeatures, radialWindow } from '../../model/rapidash/polynomial.ts';
import type { Tensor } from '../../tensor/runtime.ts';
import { arrayOf, type Runner } from '../runner.ts';
import { linksOf, relativePositions } from './links.ts';

/** Names like `fibonacci_8` and `circle_7` say which grid. */
export const gridRunner: Runner = {
  system: 'rapidash',
  handles: ({ module }) => module === 'SphericalGridGenerator',
  compute(runtime, { outputs }) {
    const grids = [...outputs.keys()].map((name): [string, Tensor] => {
      const [kind, count] = name.split('_') as [string, string];
      return [
        name,
        runtime.tensor(kind === 'circle' ? circleGrid(Number(count)) : fibonacciGrid(Number(count))),
      ];
    });
    return { outputs: Object.fromEntries(grids), intermediates: {} };
  },
};

export const invariantRunner: Runner = {
  system: 'rapidash',
  handles: ({ module }) => module === 'Invariants',
  compute(runtime, parityCase, { pos, grid }) {
    const { tf } = runtime;
    const dim = parityCase.hyper.dim as 2 | 3;
    const links = linksOf(arrayOf(parityCase.inputs, 'edge_index'));
    const apart = relativePositions(runtime, pos!, links);
    const spatial = (invariants: 'SE' | 'T', transverse: 'official' | 'corrected'): Tensor => {
      const relative = tf.transpose(apart);
      const parts = tf.stack(spatialInvariants(runtime, relative, grid, { dim, invariants, transverse }));
      return tf.transpose(parts);
    };
    const outputs: Record<string, Tensor> = {
      spatial_Tn: spatial('T', 'official'),
      spatial_SEn: spatial('SE', 'official'),
    };
    if (grid) outputs.fibre = tf.expandDims(fibreInvariant(runtime, grid), -1);
    if (dim === 2) outputs.corrected_spatial_SEn = spatial('SE', 'corrected');
    return { outputs, intermediates: {} };
  },
};

/** Names like `poly_in3_degree2` say how many of the inputs `a` enter and up to which degree. */
export const basisRunner: Runner = {
  system: 'rapidash',
  handles: ({ module }) => module.startsWith('PolynomialFeatures'),
  compute(runtime, { outputs: references }, { a, r }, weights) {
    const columns = (count: number): Tensor[] =>
      components(runtime, runtime.tf.transpose(a!)).slice(0, count);
    const outputs: Record<string, Tensor> = {
      basis: kernelBasis(runtime, columns(2), 2, weights, 'spatial_basis_fn'),
      cutoff_r1p5: radialWindow(runtime, r!, 1.5),
    };
    for (const name of references.keys()) {
      const [, inputs, degree] = /^poly_in(\d+)_degree(\d+)$/.exec(name) ?? [];
      if (inputs) outputs[name] = polynomialFeatures(runtime, columns(Number(inputs)), Number(degree));
    }
    return { outputs, intermediates: {} };
  },
};
