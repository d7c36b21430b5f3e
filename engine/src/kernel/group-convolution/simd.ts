/** The steps of the group convolution on the wasm backend, for a number of channels that is a multiple of four. */
import { checkEdges, onWasm } from '../on-wasm.ts';

/**
 * `NoetherSpatialStep` of [x, basis, weight, senders, receivers] with `count`; `NoetherSpatialGradient` of [x, dy, basis, weight, senders,
 * receivers] gives those of basis and weight. `NoetherFibreStep` and `NoetherFibreKernelGradient` as on webgpu.
 */
export const groupConvolutionOnWasm = onWasm<{ count: number; turned?: boolean }>({
  NoetherSpatialStep: (simd, [x, basis, weight, senders, receivers], { count }) => {
    const [size, orientations, channels] = x!.shape as [number, number, number];
    const [edges, functions] = [basis!.shape[0]!, basis!.shape[2]!];
    const out = simd.output([count, orientations, channels]);
    const wrong = simd.withScratch(simd.run.spatialScratch(channels, functions), (scratch) =>
      simd.run.spatialStep(
        simd.address(x!),
        simd.address(basis!),
        simd.address(weight!),
        simd.address(senders!),
        simd.address(receivers!),
        simd.address(out),
        edges,
        orientations,
        channels,
        functions,
        size,
        count,
        true,
        scratch,
      ),
    );
    checkEdges(simd, wrong, out, [senders!, receivers!]);
    return out;
  },
  NoetherSpatialGradient: (simd, inputs) => {
    const [x, , basis, weight] = inputs;
    const [, orientations, channels] = x!.shape as [number, number, number];
    const [edges, , functions] = basis!.shape as [number, number, number];
    const results = [simd.output(basis!.shape), simd.output(weight!.shape)];
    simd.withScratch(simd.run.spatialScratch(channels, functions), (scratch) =>
      simd.run.spatialGradient(
        ...[...inputs, ...results].map((info) => simd.address(info)),
        edges,
        orientations,
        channels,
        functions,
        scratch,
      ),
    );
    return results;
  },
  NoetherFibreStep: (simd, [x, kernel], { turned = false }) => {
    const [points, from, channels] = x!.shape as [number, number, number];
    const to = kernel!.shape[turned ? 1 : 0]!;
    const out = simd.output([points, to, channels]);
    const addresses = [simd.address(x!), simd.address(kernel!), simd.address(out)] as const;
    simd.run.fibreStep(...addresses, points, from, to, channels, turned);
    return out;
  },
  NoetherFibreKernelGradient: (simd, [x, dy]) => {
    const [points, from, channels] = x!.shape as [number, number, number];
    const to = dy!.shape[1]!;
    const out = simd.output([to, from, channels]);
    const addresses = [simd.address(x!), simd.address(dy!), simd.address(out)] as const;
    simd.run.fibreKernelGradient(...addresses, points, from, to, channels);
    return out;
  },
});
