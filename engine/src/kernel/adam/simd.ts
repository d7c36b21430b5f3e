/** Adam on the wasm backend. */
import { onWasm } from '../on-wasm.ts';
import type { AdamAttributes } from './reference.ts';

/** `NoetherAdam` of [weights, gradient, mean, square] gives the new weights, mean and square. */
export const adamOnWasm = onWasm<AdamAttributes>({
  NoetherAdam: (simd, inputs, { rate, step, decay, decoupled, beta1, beta2, epsilon }) => {
    const { shape } = inputs[0]!;
    const results = [simd.output(shape), simd.output(shape), simd.output(shape)];
    simd.run.adam(
      ...[...inputs, ...results].map((info) => simd.address(info)),
      shape.reduce((product, n) => product * n, 1),
      beta1,
      beta2,
      rate / (1 - beta1 ** step),
      1 / Math.sqrt(1 - beta2 ** step),
      epsilon,
      decoupled ? 1 - rate * decay : 1,
      decoupled ? 0 : decay,
    );
    return results;
  },
});
