/** Means by segment on the wasm backend. */
import { onWasm } from '../on-wasm.ts';
import { rowsAndWidth, runForward } from '../segments.ts';

/** `NoetherSegmentMean` of [x, segments] and `NoetherSegmentMeanGradient` of [dy, segments], both with `count`. */
export const segmentMeanOnWasm = onWasm<{ count: number }>({
  NoetherSegmentMean: (simd, [x, segments], { count }) => {
    const plan = { shape: [count, ...x!.shape.slice(1)], scratch: 4 * count };
    return runForward(simd, 'segment mean', simd.run.segmentMean, [x!, segments!], count, plan);
  },
  NoetherSegmentMeanGradient: (simd, [dy, segments], { count }) => {
    const { width } = rowsAndWidth(dy!);
    const rows = segments!.shape[0]!;
    const out = simd.output([rows, ...dy!.shape.slice(1)]);
    simd.withScratch(4 * count, (sizes) =>
      simd.run.segmentMeanGradient(
        simd.address(dy!),
        simd.address(segments!),
        sizes,
        simd.address(out),
        rows,
        count,
        width,
      ),
    );
    return out;
  },
});
