/** Softmax by segment on the wasm backend. */
import { onWasm } from '../on-wasm.ts';
import { rowsAndWidth, runForward } from '../segments.ts';

/** `NoetherSegmentSoftmax` of [x, segments] and `NoetherSegmentSoftmaxGradient` of [y, dy, segments], both with `count`. */
export const segmentSoftmaxOnWasm = onWasm<{ count: number }>({
  NoetherSegmentSoftmax: (simd, [x, segments], { count }) => {
    const scratch = 8 * count * rowsAndWidth(x!).width + count;
    const plan = { shape: x!.shape, scratch };
    return runForward(simd, 'segment softmax', simd.run.segmentSoftmax, [x!, segments!], count, plan);
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
