/** Encoders, layers, the block, the decoder, and what is done to columns. */
import { momentsOf, outliersDrawnIn, standardised } from '../../data/prior/index.ts';
import { type MaskMode, maskModes } from '../../model/equitabpfn/config.ts';
import { attendedLabels, residual } from '../../model/equitabpfn/decoder.ts';
import { encoderLayer } from '../../model/equitabpfn/encoder-layer.ts';
import { block } from '../../model/equitabpfn/net.ts';
import { featureTokens, labelTokens } from '../../model/equitabpfn/tokens.ts';
import { type NdArray, real } from '../../tensor/array.ts';
import type { Tensor } from '../../tensor/runtime.ts';
import { arrayOf, type Runner } from '../runner.ts';
import { filled, missingCodes, oneHot, swapped, system, withLoss } from './tables.ts';

export const targetEncoderRunner: Runner = {
  system,
  handles: ({ module }) => module === 'EquiOneHotAndLinear',
  compute(runtime, parityCase, _inputs, weights) {
    const labels = arrayOf(parityCase.inputs, 'y');
    const hot = runtime.tensor(oneHot(labels, labels.shape[0]!, parityCase.hyper.q as number));
    const outputs = {
      one_hot: swapped(runtime, hot),
      tokens: swapped(runtime, labelTokens(runtime, weights, '', hot)),
    };
    return { outputs: withLoss(runtime, parityCase, outputs), intermediates: {} };
  },
};

export const featureEncoderRunner: Runner = {
  system,
  handles: ({ module }) => module === 'NanHandlingEncoder',
  compute(runtime, parityCase, { x }, weights) {
    const { tf } = runtime;
    const values = filled(runtime, swapped(runtime, x!));
    const codes = runtime.tensor(missingCodes(arrayOf(parityCase.inputs, 'x')));
    const tokens = swapped(runtime, featureTokens(runtime, weights, 'layer.', values, codes));
    return {
      outputs: withLoss(runtime, parityCase, { tokens }),
      intermediates: { linear_input: swapped(runtime, tf.concat([values, codes], 2)) },
    };
  },
};

export const layerRunner: Runner = {
  system,
  handles: ({ module }) => module === 'TransformerEncoderLayer with split mask',
  compute(runtime, parityCase, { src }, weights) {
    const { nhead, split, mask_mode, other_modes } = parityCase.hyper as Record<string, unknown>;
    const intermediates: Record<string, Tensor> = {};
    const run = (mask: MaskMode, probe?: (name: string, value: Tensor) => void): Tensor =>
      swapped(
        runtime,
        encoderLayer(
          runtime,
          weights,
          '',
          swapped(runtime, src!),
          { heads: nhead as number, split: split as number, mask },
          probe,
        ),
      );
    const y = run(mask_mode as MaskMode, (name, value) => {
      intermediates[name] = swapped(runtime, value);
    });
    const others = maskModes.filter((mode) => (other_modes as string[]).includes(mode));
    const outputs = {
      y,
      ...Object.fromEntries(others.map((mode) => [`y_${mode}`, run(mode)])),
    };
    return { outputs: withLoss(runtime, parityCase, outputs), intermediates };
  },
};

export const blockRunner: Runner = {
  system,
  handles: ({ module }) => module === 'BiAttentionEncoderLayer',
  compute(runtime, parityCase, { src }, weights) {
    const { tf } = runtime;
    const { nhead, feature_mask_mode, n_train } = parityCase.hyper as Record<string, unknown>;
    const [rows, batch, slots, d] = src!.shape as [number, number, number, number];
    const intermediates: Record<string, Tensor> = {};
    const config = { heads: nhead as number, mask: feature_mask_mode as MaskMode };
    const x = tf.transpose(src!, [1, 2, 0, 3]);
    const y = block(runtime, config, weights, '', x, n_train as number, (name, value) => {
      const byRow = tf.transpose(tf.reshape(value, [batch, rows, slots, d]), [2, 1, 0, 3]);
      intermediates[`${name}_slots_first`] = tf.reshape(byRow, [slots, rows * batch, d]);
    });
    const outputs = { y: tf.transpose(y, [2, 0, 1, 3]) };
    return { outputs: withLoss(runtime, parityCase, outputs), intermediates };
  },
};

export const decoderRunner: Runner = {
  system,
  handles: ({ module }) => module === 'KDEDecoder',
  compute(runtime, parityCase, { query, train, train_labels }, weights) {
    const [queries, rows, labels] = [query!, train!, train_labels!].map((x) => swapped(runtime, x));
    const attended = attendedLabels(runtime, queries!, rows!, labels!);
    const logits = swapped(runtime, residual(runtime, weights, 'pointwise_mlp.', attended));
    return {
      outputs: withLoss(runtime, parityCase, { logits }),
      intermediates: { attended_labels: swapped(runtime, attended) },
    };
  },
};

export const preparationRunner: Runner = {
  system,
  handles: ({ module }) => module.startsWith('column standardisation'),
  compute(runtime, parityCase) {
    const x = arrayOf(parityCase.inputs, 'x');
    const { n_train, num_features_used, num_features } = parityCase.hyper as Record<string, number>;
    const rows = x.shape[0]!;
    const each = (change: (column: Float64Array) => Float64Array): Tensor =>
      runtime.tensor(byColumn(x, rows, change));
    const one = (which: 'mean' | 'deviation'): Tensor => {
      const { shape, data } = byColumn(x, 1, (column) => Float64Array.of(momentsOf(column)[which]));
      return runtime.tensor(real(shape.slice(1), data));
    };
    return {
      outputs: {
        normalize_all_rows: each((column) => standardised(column)),
        normalize_train_rows: each((column) => standardised(column, n_train!)),
        remove_outliers: each((column) => outliersDrawnIn(column)),
        remove_outliers_train_rows: each((column) => outliersDrawnIn(column, n_train!)),
        scale_by_used_features: each((column) =>
          column.map((value) => (value * num_features!) / num_features_used!),
        ),
        masked_mean: one('mean'),
        masked_std: one('deviation'),
      },
      intermediates: {},
    };
  },
};

/** @param x [rows, B, p] @returns [kept, B, p] */
function byColumn(x: NdArray, kept: number, change: (column: Float64Array) => Float64Array): NdArray {
  const [rows, ...others] = x.shape as [number, number, number];
  const width = others[0]! * others[1]!;
  const result = new Float64Array(kept * width);
  for (let column = 0; column < width; column++) {
    const own = Float64Array.from({ length: rows }, (_, row) => x.data[row * width + column]!);
    for (const [row, value] of change(own).entries()) result[row * width + column] = value;
  }
  return real([kept, ...others], result);
}
