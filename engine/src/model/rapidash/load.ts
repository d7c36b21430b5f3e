/** Trained weights from a safetensors file, checked against the network. */
import { readSafetensors } from '../../data/index.ts';
import { Fault } from '../../fault.ts';
import type { NdArray } from '../../tensor/array.ts';
import type { RapidashConfig } from './config.ts';
import { type WeightArrays, weightNames, weightSpecs } from './weights.ts';

/**
 * @param file path, or tensors by official name
 * @param grid the grid to use when the file has none
 * @throws Fault `data/…` when the file cannot be read, `model/weights-missing`, `model/weights-shape`,
 * `model/weights-unknown` when it belongs to another network.
 */
export function loadWeights(
  config: RapidashConfig,
  file: string | WeightArrays,
  grid: NdArray | undefined,
): WeightArrays {
  const stored = typeof file === 'string' ? Object.fromEntries(readSafetensors(file).tensors) : file;
  const place = typeof file === 'string' ? { file } : {};
  const names = weightNames(config);
  const expected = new Map(weightSpecs(config).map(({ name, shape }) => [name, shape]));
  if (config.orientations > 0) expected.set(names.grid, [config.orientations, config.dim]);
  const weights: Record<string, NdArray> = {};
  for (const [name, shape] of expected) {
    const array = stored[name] ?? (name === names.grid ? grid : undefined);
    if (!array) {
      throw new Fault({
        code: 'model/weights-missing',
        message: `the weights lack \`${name}\``,
        expected: `${name} of shape [${shape.join(', ')}]`,
        found: `${Object.keys(stored).length} other tensors`,
        place,
        advice: "Set the model's options to those that the weights were trained with.",
      });
    }
    if (String(array.shape) !== String(shape)) {
      throw new Fault({
        code: 'model/weights-shape',
        message: `\`${name}\` has the shape [${array.shape.join(', ')}] in the weights, the options make it [${shape.join(', ')}]`,
        expected: `[${shape.join(', ')}]`,
        found: `[${array.shape.join(', ')}]`,
        place: { ...place, member: name },
        advice: "Set the model's options to those that the weights were trained with.",
      });
    }
    weights[name] = array;
  }
  const unknown = Object.keys(stored).find((name) => !expected.has(name) && !isUnused(name));
  if (unknown !== undefined) {
    throw new Fault({
      code: 'model/weights-unknown',
      message: `the weights hold \`${unknown}\`, which this network does not have`,
      expected: `${expected.size} tensors of this network`,
      found: unknown,
      place: { ...place, member: unknown },
      advice: "Set the model's options to those that the weights were trained with.",
    });
  }
  return weights;
}

/** What official files hold and nothing reads: the calibration flag, and the matrix for edge attributes. */
function isUnused(name: string): boolean {
  return name.endsWith('.callibrated') || name.endsWith('.pre_linear.weight');
}
