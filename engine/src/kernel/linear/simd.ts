/** The affine map on the wasm backend. */
import { onWasm } from '../on-wasm.ts';

/** `NoetherLinear` of [x, weight, bias] gives y. */
export const linearOnWasm = onWasm({
  NoetherLinear: (simd, [x, weight, bias]) => {
    const [rows, inputs] = x!.shape as [number, number];
    const outputs = weight!.shape[0]!;
    const y = simd.output([rows, outputs]);
    simd.withScratch(simd.run.matmulScratch(outputs, inputs), (scratch) =>
      simd.run.matmul(
        ...([x!, weight!, bias!, y].map((info) => simd.address(info)) as [number, number, number, number]),
        1,
        rows,
        inputs,
        outputs,
        false,
        true,
        0,
        0,
        scratch,
      ),
    );
    return y;
  },
});
