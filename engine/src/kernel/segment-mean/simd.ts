/** Means by segment on the wasm backend. */
import { onWasm } from '../on-wasm.ts';
import { refuseSegment, rowsAndWidth } from '../segments.ts';

/** `NoetherSegmentMean` of [x, segments] and `NoetherSegmentMeanGradient` of [dy, segments], both with `count`. */
export const segmentMeanOnWasm = onWasm<{ count: number }>({
  NoetherSegmentMean: (simd, [x, segments], { count }) => {
    const { rows, width } = rowsAndWidth(x!);
    const out = simd.output([count, ...x!.shape.slice(1)]);
    const wrong = simd.withScratch(4 * count, (sizes) =>
      simd.run.segmentMean(
        simd.address(x!),
        simd.address(segments!),
        sizes,
        simd.address(out),
        rows,
        count,
        width,
      ),
    );
    refuseSegment(simd, 'segment mean', wrong, out, segments!, count);
    return out;
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
