/** Softmax on the wasm backend. */
import { onWasm, rowsOf } from '../on-wasm.ts';

/** `NoetherSoftmax` of [x], and `NoetherSoftmaxGradient` of [y, dy]. */
export const softmaxOnWasm = onWasm({
  NoetherSoftmax: (simd, [x]) => {
    const { rows, size } = rowsOf(x!);
    const out = simd.output(x!.shape);
    simd.run.softmax(simd.address(x!), simd.address(out), rows, size);
    return out;
  },
  NoetherSoftmaxGradient: (simd, [y, dy]) => {
    const { rows, size } = rowsOf(y!);
    const out = simd.output(y!.shape);
    simd.run.softmaxGradient(simd.address(y!), simd.address(dy!), simd.address(out), rows, size);
    return out;
  },
});
