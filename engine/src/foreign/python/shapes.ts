/** Shapes of what a Python model takes and returns, held against what is declared. */
import { Fault } from '../../fault.ts';
import { type Field, type IndexSizes, typeText } from '../../signature.ts';
import type { NdArray, Values } from '../../tensor/array.ts';
import { sampleOf } from '../fitting.ts';
import { declaredDims, shapeWith } from '../onnx/port-types.ts';

/** Sizes of the index sets of a sample, read off its inputs. */
export function indexSizes(sample: Values, inputs: readonly Field[]): Record<string, number> {
  const sizes: Record<string, number> = {};
  for (const { name, type } of inputs) {
    for (const [axis, dim] of declaredDims(type).entries()) {
      if ('index' in dim) sizes[dim.index] = sample[name]!.shape[axis]!;
    }
  }
  return sizes;
}

/**
 * What one sample has of a returned array, in the declared shape.
 * @param count samples that went through the model together behind a batch axis; 1 without one.
 * @param place which of them.
 * @throws Fault `model/python-output-shape`
 */
export function outputOf(
  array: NdArray,
  { name, type }: Field,
  sizes: IndexSizes,
  { target, count, place }: { readonly target: string; readonly count: number; readonly place: number },
): NdArray {
  const declared = shapeWith(type, sizes);
  const own = sampleOf(array, declared, count, place);
  if (!own) {
    const text = `[${declared.map((size) => size ?? '?').join(', ')}]`;
    throw new Fault({
      code: 'model/python-output-shape',
      message: `output \`${name}\` is declared ${typeText(type)}, here ${text}; \`${target}\` returned [${array.shape.join(', ')}]${count > 1 ? ` for ${count} samples` : ''}`,
      expected: count > 1 ? `${text} behind a batch axis of ${count}` : text,
      found: `[${array.shape.join(', ')}]`,
      advice:
        'Declare the output with the index sets and the representation that the model returns. A model that wants a batch axis in front of its inputs is declared with `batch: true`.',
    });
  }
  return own;
}
