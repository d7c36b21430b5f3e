/** Real spherical harmonics of vectors, to degree 6. */
import type { Precision, Runtime, Tensor } from '../../tensor/runtime.ts';
import { bytesOf, type Cost } from '../cost.ts';
import { type FusedOperation, runFused, runKernel } from '../fused.ts';
import { type SphericalHarmonicsAttributes, sphericalHarmonicsReference } from './reference.ts';
import { sphericalHarmonicsOnWasm } from './simd.ts';
import { sphericalHarmonicsOnWebgpu } from './wgsl.ts';

const operation: FusedOperation<SphericalHarmonicsAttributes> = {
  name: 'NoetherSphericalHarmonics',
  reference: sphericalHarmonicsReference,
  gradient: (tf, dy, [vectors], _results, attributes) => [
    () => runKernel(tf, 'NoetherSphericalHarmonicsGradient', [vectors!, dy], attributes),
  ],
  kernels: [sphericalHarmonicsOnWasm, sphericalHarmonicsOnWebgpu],
};

/**
 * Y_0 .. Y_degree in e3nn's convention, as reference.ts says.
 * @param vectors `[n, 3]`
 * @returns `[n, (degree + 1)^2]`
 * @throws RangeError for another shape or a degree that is no integer from 0 to 6
 */
export function sphericalHarmonics(
  runtime: Runtime,
  vectors: Tensor,
  attributes: SphericalHarmonicsAttributes,
): Tensor {
  const { degree } = attributes;
  if (vectors.rank !== 2 || vectors.shape[1] !== 3) {
    throw new RangeError(`sphericalHarmonics takes vectors [n, 3], not [${vectors.shape}]`);
  }
  if (!Number.isInteger(degree) || degree < 0 || degree > 6) {
    throw new RangeError(`sphericalHarmonics takes a degree from 0 to 6, not ${degree}`);
  }
  return runFused(runtime, operation, [vectors], attributes);
}

/** About five operations a component, and twelve for the direction; vectors are read and components written. */
export function sphericalHarmonicsCost(count: number, degree: number, precision: Precision): Cost {
  const columns = (degree + 1) ** 2;
  return { flops: count * (12 + 5 * columns), bytes: count * (3 + columns) * bytesOf[precision] };
}
