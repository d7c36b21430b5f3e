/** A training problem: a model's forward pass, the data that feeds it, and what it is to predict. */
import type { Dataset, Sample } from '../data/dataset.ts';
import { bindInputs, type InputBinding } from '../model/binding.ts';
import type { DeviceWeights } from '../model/device-weights.ts';
import type { Trainable } from '../model/trainable.ts';
import type { Values } from '../tensor/array.ts';
import type { Tensor } from '../tensor/runtime.ts';
import { noiseOf, rowWeights } from './denoising.ts';
import type { Layout } from './flat.ts';
import { joined } from './flat.ts';
import { lossSum } from './loss.ts';
import type { Judged } from './metrics.ts';
import { restored, standardised } from './standardise.ts';
import { type Target, targetOf, targetValues } from './target.ts';
import type { LossSpec, Standardisation } from './training.ts';

export interface Problem {
  readonly trainable: Trainable;
  readonly target: Target;
  readonly bindings: readonly InputBinding[];
  readonly standardisation?: Standardisation;
}

/** @throws Fault `train/…` for a loss, `model/input-…` for data that cannot feed the model */
export function problemOf(
  trainable: Trainable,
  dataset: Pick<Dataset, 'fields'>,
  loss: LossSpec,
  sources: Readonly<Record<string, string>>,
): Problem {
  const target = targetOf(trainable.signature, dataset, loss);
  return { trainable, target, bindings: bindInputs(trainable.signature, dataset.fields, sources) };
}

/** The model's inputs for a sample, and the noise that was put on it. */
export function inputsOf(bindings: readonly InputBinding[], sample: Sample): Values {
  const own = Object.fromEntries(
    bindings.map(({ input, field }) => [input.name, sample.values[field.name]!]),
  );
  return { ...own, ...noiseOf(sample) };
}

/** Targets as the loss takes them. */
function targets({ target, standardisation }: Problem, samples: readonly Sample[]): Float64Array {
  const values = targetValues(target, samples);
  return standardisation ? standardised(values, standardisation) : values;
}

function rowsOf({ target }: Problem, values: Float64Array): number {
  return target.kind === 'classes' ? values.length : values.length / target.width;
}

/** The trained output as [rows, width]; inside tf.tidy. */
function predicted({ trainable, target }: Problem, outputs: DeviceWeights): Tensor {
  return trainable.runtime.tf.reshape(outputs[target.output.name]!, [-1, target.width]);
}

/**
 * The mean loss over the rows of a batch and its gradient as one vector. What does not fit into memory at once is worked
 * off in parts, with the same result up to rounding. The caller disposes of both.
 * @param weights in the layout's order
 */
export function lossAndGradient(
  problem: Problem,
  { names }: Layout,
  weights: readonly Tensor[],
  samples: readonly Sample[],
): { loss: Tensor; gradient: Tensor } {
  const { trainable, target, bindings } = problem;
  const { runtime } = trainable;
  const { tf } = runtime;
  const inputs = samples.map((sample) => inputsOf(bindings, sample));
  const rows = rowsOf(problem, targetValues(target, samples));
  let total: { loss: Tensor; gradient: Tensor } | undefined;
  for (const chunk of trainable.chunks(inputs)) {
    const forward = trainable.prepare(chunk.map((i) => inputs[i]!));
    const own = chunk.map((i) => samples[i]!);
    const wanted = targets(problem, own);
    const factors = rowWeights(own, target.width);
    const part = tf.tidy(() => {
      const lossOf = (...changing: Tensor[]): Tensor => {
        const outputs = forward(Object.fromEntries(names.map((name, i) => [name, changing[i]!])));
        const sum = lossSum(runtime, target.loss.name, predicted(problem, outputs), wanted, factors);
        return tf.div(sum, rows);
      };
      const { value, grads } = tf.valueAndGrads(lossOf as never)([...weights]);
      return { loss: value, gradient: joined(runtime, grads) } as never;
    }) as unknown as { loss: Tensor; gradient: Tensor };
    if (!total) {
      total = part;
      continue;
    }
    const sum = { loss: tf.add(total.loss, part.loss), gradient: tf.add(total.gradient, part.gradient) };
    tf.dispose([total.loss, total.gradient, part.loss, part.gradient]);
    total = sum;
  }
  return total!;
}

/** Predictions in the data's unit with their targets, one for each sample, and the mean loss over all rows. */
export async function predict(
  problem: Problem,
  weights: DeviceWeights,
  samples: readonly Sample[],
): Promise<{ judged: Judged[]; loss: number }> {
  const { trainable, target, bindings, standardisation } = problem;
  const { runtime } = trainable;
  const { tf } = runtime;
  const inputs = samples.map((sample) => inputsOf(bindings, sample));
  const judged: Judged[] = Array(samples.length);
  let sum = 0;
  let rows = 0;
  for (const chunk of trainable.chunks(inputs)) {
    const forward = trainable.prepare(chunk.map((i) => inputs[i]!));
    const own = chunk.map((i) => samples[i]!);
    const wanted = targets(problem, own);
    const [output, loss] = tf.tidy(() => {
      const result = predicted(problem, forward(weights));
      const factors = rowWeights(own, target.width);
      return [result, lossSum(runtime, target.loss.name, result, wanted, factors)] as never;
    }) as unknown as [Tensor, Tensor];
    const { data } = await runtime.array(output);
    sum += (await loss.data())[0]!;
    tf.dispose([output, loss]);
    rows += rowsOf(problem, wanted);
    let at = 0;
    own.forEach((sample, i) => {
      const truth = targetValues(target, [sample]);
      const length = rowsOf(problem, truth) * target.width;
      const values = (data as Float64Array).slice(at, at + length);
      at += length;
      judged[chunk[i]!] = {
        predicted: standardisation ? restored(values, standardisation) : values,
        target: truth,
      };
    });
  }
  return { judged, loss: sum / rows };
}
