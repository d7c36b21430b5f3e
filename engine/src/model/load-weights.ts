/** Trained weights from a safetensors file, checked against the network. */
import { readSafetensors } from '../data/index.ts';
import { Fault } from '../fault.ts';
import type { NdArray } from '../tensor/array.ts';
import type { WeightArrays } from './weights.ts';

export interface Expected {
  /** Shapes by official name. */
  readonly shapes: ReadonlyMap<string, readonly number[]>;
  /** Stands in for what the file lacks. */
  readonly defaults?: WeightArrays;
  /** What official files hold and nothing reads. */
  isUnused(name: string): boolean;
}

/**
 * @param file path, or tensors by official name
 * @throws Fault `data/…` when the file cannot be read, `model/weights-missing`, `model/weights-shape`,
 * `model/weights-unknown` when it belongs to another network.
 */
export function readWeights(
  file: string | WeightArrays,
  { shapes, defaults = {}, isUnused }: Expected,
): WeightArrays {
  const stored = typeof file === 'string' ? Object.fromEntries(readSafetensors(file).tensors) : file;
  const place = typeof file === 'string' ? { file } : {};
  const advice = "Set the model's options to those that the weights were trained with.";
  const weights: Record<string, NdArray> = {};
  for (const [name, shape] of shapes) {
    const array = stored[name] ?? defaults[name];
    if (!array) {
      throw new Fault({
        code: 'model/weights-missing',
        message: `the weights lack \`${name}\``,
        expected: `${name} of shape [${shape.join(', ')}]`,
        found: `${Object.keys(stored).length} other tensors`,
        place,
        advice,
      });
    }
    if (String(array.shape) !== String(shape)) {
      throw new Fault({
        code: 'model/weights-shape',
        message: `\`${name}\` has the shape [${array.shape.join(', ')}] in the weights, the options make it [${shape.join(', ')}]`,
        expected: `[${shape.join(', ')}]`,
        found: `[${array.shape.join(', ')}]`,
        place: { ...place, member: name },
        advice,
      });
    }
    weights[name] = array;
  }
  const unknown = Object.keys(stored).find((name) => !shapes.has(name) && !isUnused(name));
  if (unknown !== undefined) {
    throw new Fault({
      code: 'model/weights-unknown',
      message: `the weights hold \`${unknown}\`, which this network does not have`,
      expected: `${shapes.size} tensors of this network`,
      found: unknown,
      place: { ...place, member: unknown },
      advice,
    });
  }
  return weights;
}
