/** Softmax by segment on the wasm backend. */
import { onWasm } from '../on-wasm.ts';
import { refuseSegment, rowsAndWidth } from '../segments.ts';

/** `NoetherSegmentSoftmax` of [x, segments] and `NoetherSegmentSoftmaxGradient` of [y, dy, segments], both with `count`. */
export const segmentSoftmaxOnWasm = onWasm<{ count: number }>({
  NoetherSegmentSoftmax: (simd, [x, segments], { count }) => {
    const { rows, width } = rowsAndWidth(x!);
    const out = simd.output(x!.shape);
    const wrong = simd.withScratch(8 * count * width + count, (scratch) =>
      simd.run.segmentSoftmax(
        simd.address(x!),
        simd.address(segments!),
        scratch,
        simd.address(out),
        rows,
        count,
        width,
      ),
    );
    refuseSegment(simd, 'segment softmax', wrong, out, segments!, count);
    return out;
  },
  NoetherSegmentSoftmaxGradient: (simd, [y, dy, segments], { count }) => {
    const { rows, width } = rowsAndWidth(y!);
    const out = simd.output(y!.shape);
    simd.withScratch(4 * count * width, (sums) =>
      simd.run.segmentSoftmaxGradient(
        simd.address(y!),
        simd.address(dy!),
        simd.address(segments!),
        sums,
        simd.address(out),
        rows,
        count,
        width,
      ),
    );
    return out;
  },
});
