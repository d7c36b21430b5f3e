/** Distances of all pairs on the wasm backend. */
import { onWasm } from '../on-wasm.ts';

/** `NoetherPairwiseDistances` of [x, y]; `NoetherPairwiseDistancesGradient` of [x, y, r, dr] gives those of x and y. */
export const pairwiseDistancesOnWasm = onWasm({
  NoetherPairwiseDistances: (simd, [x, y]) => {
    const [n, d] = x!.shape as [number, number];
    const m = y!.shape[0]!;
    const out = simd.output([n, m]);
    simd.withScratch(simd.run.pairwiseScratch(m, d), (scratch) =>
      simd.run.pairwiseDistances(simd.address(x!), simd.address(y!), simd.address(out), n, m, d, scratch),
    );
    return out;
  },
  NoetherPairwiseDistancesGradient: (simd, inputs) => {
    const [x, y] = inputs;
    const [n, d] = x!.shape as [number, number];
    const m = y!.shape[0]!;
    const [dx, dy] = [simd.output([n, d]), simd.output([m, d])];
    simd.withScratch(simd.run.pairwiseScratch(m, d), (scratch) => {
      const given = [...inputs, dx, dy].map((info) => simd.address(info)) as [
        number,
        number,
        number,
        number,
        number,
        number,
      ];
      simd.run.pairwiseGradient(...given, n, m, d, scratch);
    });
    return [dx, dy];
  },
});
