/** Normalisation of rows on the wasm backend. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Simd } from '../../tensor/simd/module.ts';
import { addressOr0, onWasm, rowsOf } from '../on-wasm.ts';

type Attributes = {
  readonly hasWeight: boolean;
  readonly hasBias: boolean;
  readonly epsilon: number;
  /** Whether the mean is taken off: layer normalisation does, that by the root mean square does not. */
  readonly centred: boolean;
};

/**
 * `NoetherNormalise` of [x, weight?, bias?] gives y and the statistics; `NoetherNormaliseGradient` of [x, dy, statistics, weight?] gives
 * dx, and dweight and dbias where there are such.
 */
export const normaliseOnWasm = onWasm<Attributes>({
  NoetherLayerNorm: forward,
  NoetherRmsNorm: forward,
  NoetherNormaliseGradient: (simd, [x, dy, statistics, weight], { hasWeight, hasBias, centred }) => {
    const { rows, size } = rowsOf(x!);
    const dx = simd.output(x!.shape);
    const dweight = hasWeight ? simd.output([size]) : undefined;
    const dbias = hasBias ? simd.output([size]) : undefined;
    simd.run.normaliseGradient(
      simd.address(x!),
      addressOr0(simd, weight),
      simd.address(dy!),
      simd.address(statistics!),
      simd.address(dx),
      addressOr0(simd, dweight),
      addressOr0(simd, dbias),
      rows,
      size,
      centred,
    );
    return [dx, ...(dweight ? [dweight] : []), ...(dbias ? [dbias] : [])];
  },
});

function forward(
  simd: Simd,
  inputs: readonly TensorInfo[],
  { hasWeight, hasBias, epsilon, centred }: Attributes,
): TensorInfo[] {
  const x = inputs[0]!;
  const { rows, size } = rowsOf(x);
  const [y, statistics] = [simd.output(x.shape), simd.output([rows, 2])];
  simd.run.normalise(
    simd.address(x),
    addressOr0(simd, hasWeight ? inputs[1] : undefined),
    addressOr0(simd, hasBias ? inputs.at(-1) : undefined),
    simd.address(y),
    simd.address(statistics),
    rows,
    size,
    epsilon,
    centred,
  );
  return [y, statistics];
}
