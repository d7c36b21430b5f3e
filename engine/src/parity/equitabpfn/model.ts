/** The whole model, and a step of its training. */
import type { NetConfig } from '../../model/equitabpfn/config.ts';
import { forward } from '../../model/equitabpfn/net.ts';
import { real, sizeOf } from '../../tensor/array.ts';
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import { clipped, optimiserStep } from '../../train/optimiser.ts';
import type { ParityCase } from '../case.ts';
import { arrayOf, type Computed, type Runner, type Tensors } from '../runner.ts';
import { filled, missingCodes, oneHot, swapped, system, withLoss } from './tables.ts';

interface Hyper {
  readonly emsize: number;
  readonly nhead: number;
  readonly nhid_factor: number;
  readonly nlayers: number;
  readonly feature_mask_mode: NetConfig['mask'];
  readonly decoder_hidden: number;
  readonly n_features_encoder: number;
  readonly q: number;
  readonly n_train: number;
  /** Whether the case is a step of training. */
  readonly loss?: boolean;
  readonly lr: number;
  readonly weight_decay: number;
  readonly clip_norm: number;
}

export const modelRunner: Runner = {
  system,
  handles: ({ module }) => module.startsWith('EquiTabPFN (whole model)'),
  compute(runtime, parityCase, inputs, weights) {
    const hyper = parityCase.hyper as unknown as Hyper;
    const { logits, intermediates } = scores(runtime, parityCase, inputs, weights);
    if (!hyper.loss) {
      return { outputs: withLoss(runtime, parityCase, { logits }), intermediates };
    }
    const { rows, loss } = trainingLoss(runtime, parityCase, logits);
    const stepped = step(runtime, hyper, weights, (own) => {
      const again = scores(runtime, parityCase, inputs, own);
      return trainingLoss(runtime, parityCase, again.logits).loss;
    });
    return { outputs: { logits, row_losses: rows, loss, ...stepped }, intermediates };
  },
};

function scores(
  runtime: Runtime,
  parityCase: ParityCase,
  { x }: Tensors,
  weights: Tensors,
): { logits: Tensor; intermediates: Computed['intermediates'] } {
  const { tf } = runtime;
  const hyper = parityCase.hyper as unknown as Hyper;
  const config: NetConfig = {
    width: hyper.emsize,
    heads: hyper.nhead,
    blocks: hyper.nlayers,
    widening: hyper.nhid_factor,
    mask: hyper.feature_mask_mode,
    decoderHidden: hyper.decoder_hidden,
    columns: hyper.n_features_encoder,
  };
  const given = arrayOf(parityCase.inputs, 'x');
  const tables = {
    values: filled(runtime, swapped(runtime, x!)),
    codes: given.data.some(Number.isNaN) ? runtime.tensor(missingCodes(given)) : undefined,
    labels: runtime.tensor(oneHot(arrayOf(parityCase.inputs, 'y'), hyper.n_train, hyper.q)),
  };
  const intermediates: Record<string, Tensor> = {};
  const logits = forward(runtime, config, weights, tables, (name, value) => {
    intermediates[name] = tf.transpose(value, [2, 0, 1, 3]);
  });
  return { logits: swapped(runtime, logits), intermediates };
}

/** The mean over data sets of the mean cross entropy of the queries; an ignored one counts as 0 and stays in the mean. */
function trainingLoss(
  runtime: Runtime,
  { inputs, hyper }: ParityCase,
  logits: Tensor,
): { rows: Tensor; loss: Tensor } {
  const { tf } = runtime;
  const { shape, data } = arrayOf(inputs, 'y');
  const { n_train, q } = hyper as unknown as Hyper;
  const [rows, batch] = [shape[0]! - n_train, shape[1]!];
  const queries = data.slice(n_train * batch);
  const hot = new Float64Array(rows * batch * q);
  const judged = new Float64Array(rows * batch);
  queries.forEach((label, i) => {
    if (label < 0) return;
    hot[i * q + label] = 1;
    judged[i] = 1;
  });
  const chosen = tf.sum(tf.mul(logits, runtime.tensor(real([rows, batch, q], hot))), 2);
  const all = tf.mul(tf.logSumExp(logits, 2), runtime.tensor(real([rows, batch], judged)));
  const losses = tf.sub(all, chosen);
  return { rows: losses, loss: tf.mean(losses) };
}

/** The norm of the gradient, and the weights after one step. */
function step(
  runtime: Runtime,
  { lr, weight_decay, clip_norm }: Hyper,
  weights: Tensors,
  lossOf: (weights: Tensors) => Tensor,
): Tensors {
  const { tf } = runtime;
  const names = Object.keys(weights);
  const gradients = tf.grads(((...own: Tensor[]) =>
    lossOf(Object.fromEntries(names.map((name, i) => [name, own[i]!])))) as never)(
    names.map((name) => weights[name]!),
  );
  const flat = (all: readonly Tensor[]): Tensor => tf.concat(all.map((one) => tf.reshape(one, [-1])));
  const { gradient, norm } = clipped(runtime, flat(gradients), clip_norm);
  const before = flat(names.map((name) => weights[name]!));
  const state = { weights: before, first: tf.zerosLike(before), second: tf.zerosLike(before) };
  const options = { optimiser: 'adamw', decay: weight_decay } as const;
  const after = optimiserStep(runtime, options, state, gradient, lr, 1);
  let at = 0;
  const stepped = names.map((name) => {
    const { shape } = weights[name]!;
    const own = tf.reshape(tf.slice(after.weights, [at], [sizeOf(shape)]), shape);
    at += sizeOf(shape);
    return [`after_step.${name}`, own];
  });
  return { grad_norm: norm, ...Object.fromEntries(stepped) };
}
