/** Tensor representations under frames, inverse frames, changes of frames, and lowered indices. */
import { determinant, inverse, withLoweredRows } from '../../model/lloca/lorentz.ts';
import { parseRepresentation } from '../../model/lloca/representation.ts';
import { transform } from '../../model/lloca/transform.ts';
import type { Runner } from '../runner.ts';

export const representationRunner: Runner = {
  system: 'lloca',
  handles: ({ module }) => module.startsWith('TensorRepsTransform'),
  compute(runtime, { hyper }, { x, frames, frames2 }) {
    const { tf } = runtime;
    const representation = parseRepresentation(hyper.reps as string);
    const back = inverse(runtime, frames!);
    const change = tf.matMul(frames2!, back);
    const low = withLoweredRows(runtime, frames!);
    const y = transform(runtime, x!, frames!, representation);
    return {
      outputs: {
        y,
        y_inverse: transform(runtime, x!, back, representation),
        y_change: transform(runtime, x!, change, representation),
        y_lower: transform(runtime, x!, low, representation),
      },
      intermediates: {
        det: determinant(runtime, frames!),
        inverse_matrix: back,
        change_matrix: change,
        lower_matrix: low,
        y_naive: y,
      },
    };
  },
};
