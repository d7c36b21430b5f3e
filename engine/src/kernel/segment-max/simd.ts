/** Maxima by segment on the wasm backend. */
import { onWasm } from '../on-wasm.ts';
import { rowsAndWidth, runForward } from '../segments.ts';

/** `NoetherSegmentMax` of [x, segments] and `NoetherSegmentMaxGradient` of [x, y, dy, segments], both with `count`. */
export const segmentMaxOnWasm = onWasm<{ count: number }>({
  NoetherSegmentMax: (simd, [x, segments], { count }) => {
    const plan = { shape: [count, ...x!.shape.slice(1)], scratch: count };
    return runForward(simd, 'segment max', simd.run.segmentMax, [x!, segments!], count, plan);
  },
  NoetherSegmentMaxGradient: (simd, [x, y, dy, segments], { count }) => {
    const { rows, width } = rowsAndWidth(x!);
    const out = simd.output(x!.shape);
    simd.withScratch(4 * count * width, (shares) =>
      simd.run.segmentMaxGradient(
        simd.address(x!),
        simd.address(y!),
        simd.address(dy!),
        simd.address(segments!),
        shares,
        simd.address(out),
        rows,
        count,
        width,
      ),
    );
    return out;
  },
});
