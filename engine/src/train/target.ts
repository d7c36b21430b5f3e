/** The target of a loss: which output is trained on which data field, and the numbers that both are compared in. */
import type { Dataset, Sample } from '../data/dataset.ts';
import { denoisedName } from '../diffusion/noise-level.ts';
import { Fault } from '../fault.ts';
import { type Field, type FieldType, type Signature, trailingShape, typeText } from '../signature.ts';
import { sizeOf } from '../tensor/array.ts';
import { isNoisy } from './denoising.ts';
import type { LossSpec } from './training.ts';

/** A target and the output that predicts it. */
export interface Target {
  readonly loss: LossSpec;
  readonly field: Field;
  readonly output: Field;
  /** Classes: the number of logits. Numbers: the entries of a row. */
  readonly width: number;
  readonly kind: 'classes' | 'numbers';
  /** Numbers that a mean may be taken off without breaking a symmetry. */
  readonly invariant: boolean;
}

/**
 * Finds the output for a loss. Classes (`category(k)[point]`, or `label`) need an output `scalar[point, k]`; numbers need an
 * output of their own type. A cross entropy takes classes, the other losses numbers.
 * @throws Fault `train/unknown-field`, `train/loss-does-not-fit`, `train/no-output`, `train/not-a-denoiser`
 */
export function targetOf(signature: Signature, dataset: Pick<Dataset, 'fields'>, loss: LossSpec): Target {
  const field = dataset.fields.find(({ name }) => name === loss.field);
  if (!field) {
    throw new Fault({
      code: 'train/unknown-field',
      message: `the loss needs the data field \`${loss.field}\`, which is not declared`,
      expected: `a data field \`${loss.field}\``,
      found: dataset.fields.map(({ name }) => name).join(', '),
      advice: `Declare \`${loss.field}\` in the data block, or name another field in the loss.`,
    });
  }
  const kind = classKinds.has(field.type.representation.kind) ? 'classes' : 'numbers';
  if ((kind === 'classes') !== (loss.name === 'cross_entropy')) {
    const advice =
      kind === 'classes'
        ? `Write \`cross_entropy(${field.name})\`.`
        : 'Write `l1`, `mse` or `huber`, or declare the field as `category(k)`.';
    throw new Fault({
      code: 'train/loss-does-not-fit',
      message: `\`${loss.name}\` is no loss for \`${field.name}: ${typeText(field.type)}\``,
      expected: kind === 'classes' ? 'cross_entropy' : 'l1, mse or huber',
      found: loss.name,
      advice,
    });
  }
  return kind === 'classes' ? classTarget(signature, field, loss) : numberTarget(signature, field, loss);
}

const classKinds = new Set(['category', 'label']);

function classTarget(signature: Signature, field: Field, loss: LossSpec): Target {
  const { representation, axes } = field.type;
  const count = representation.kind === 'category' ? representation.count : undefined;
  const fits = ({ type }: Field): boolean => {
    const last = type.axes.at(-1);
    if (type.representation.kind !== 'scalar' || !last || !('size' in last)) return false;
    return sameAxes(type.axes.slice(0, -1), axes) && (count === undefined || last.size === count);
  };
  const wanted = `scalar[${[...axes.map(axisText), count ?? 'k'].join(', ')}]`;
  const output = outputThat(signature, fits, field, wanted);
  const width = (output.type.axes.at(-1) as { size: number }).size;
  return { loss, field, output, width, kind: 'classes', invariant: true };
}

function numberTarget(signature: Signature, field: Field, loss: LossSpec): Target {
  const wanted = typeText(field.type);
  const output =
    loss.name === 'denoising'
      ? denoisingOutput(signature, field)
      : outputThat(signature, ({ type }) => typeText(type) === wanted, field, wanted);
  const fixed = field.type.axes.flatMap((axis) => ('size' in axis ? [axis.size] : []));
  const width = sizeOf([...fixed, ...trailingShape(field.type.representation)]);
  const invariant = field.type.representation.kind === 'scalar';
  return { loss, field, output, width, kind: 'numbers', invariant };
}

/** A denoiser gives back what it was given. */
function denoisingOutput({ inputs, outputs }: Signature, field: Field): Field {
  const output = outputs.find(({ name }) => name === denoisedName);
  const isOwn = inputs.some(({ name }) => name === field.name);
  if (output && isOwn && typeText(output.type) === typeText(field.type)) return output;
  throw new Fault({
    code: 'train/not-a-denoiser',
    message: `the model does not take noise off \`${field.name}: ${typeText(field.type)}\``,
    expected: `an input \`${field.name}\` and an output \`${denoisedName}: ${typeText(field.type)}\``,
    found: outputs.map(({ name, type }) => `${name}: ${typeText(type)}`).join(', ') || 'no outputs',
    advice: 'Take a model that denoises, such as `RapidashDenoiser`, and name the positions that it reads.',
  });
}

function outputThat(
  { outputs }: Signature,
  fits: (output: Field) => boolean,
  field: Field,
  wanted: string,
): Field {
  const output = outputs.find(fits);
  if (output) return output;
  throw new Fault({
    code: 'train/no-output',
    message: `the model has no output that could predict \`${field.name}: ${typeText(field.type)}\``,
    expected: `an output of type ${wanted}`,
    found: outputs.map(({ name, type }) => `${name}: ${typeText(type)}`).join(', ') || 'no outputs',
    advice: "Set the model's options so that it has such an output.",
  });
}

function sameAxes(a: FieldType['axes'], b: FieldType['axes']): boolean {
  return a.length === b.length && a.every((axis, i) => axisText(axis) === axisText(b[i]!));
}

function axisText(axis: FieldType['axes'][number]): string {
  return 'index' in axis ? axis.index : String(axis.size);
}

/**
 * The target's entries of some samples, one after the other: [rows] class numbers, or [rows, width] numbers.
 * @throws Fault `train/class-out-of-range` for a label that the output has no logit for
 */
export function targetValues({ field, kind, width }: Target, samples: readonly Sample[]): Float64Array {
  const parts = samples.map((sample) => (isNoisy(sample) ? sample.clean : sample.values[field.name]!.data));
  const all = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  if (kind === 'numbers') return all;
  const wrong = all.find((value) => !(value >= 0 && value < width));
  if (wrong === undefined) return all;
  throw new Fault({
    code: 'train/class-out-of-range',
    message: `\`${field.name}\` holds the class ${wrong}, for which the model has no output`,
    expected: `0 to ${width - 1}`,
    found: String(wrong),
    advice: 'Give the model as many outputs as there are classes.',
  });
}
