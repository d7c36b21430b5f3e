/** Sizes of the index sets of one sample, read off its arrays. */
import { Fault } from '../../fault.ts';
import { typeText } from '../../signature.ts';
import type { Values } from '../../tensor/array.ts';
import { portText } from './inspect.ts';
import type { MatchedPort } from './match.ts';
import { declaredDims } from './port-types.ts';

/**
 * Checks the arrays of one sample against the declared types and the graph's fixed sizes.
 * @throws Fault `model/onnx-sizes` when an array lacks, or does not have the declared shape, or two disagree;
 * `model/onnx-fixed-size` when the graph takes another size only.
 */
export function sizesOf(
  sample: Values,
  inputs: readonly MatchedPort[],
  file: string,
): Record<string, number> {
  const sizes: Record<string, number> = {};
  for (const input of inputs) {
    const { name, type } = input.field;
    const shape = sample[name]?.shape;
    const dims = declaredDims(type);
    const others = { ...sizes };
    if (!shape || shape.length !== dims.length) throw shapeFault(input, shape, file);
    for (const [axis, dim] of dims.entries()) {
      const size = shape[axis]!;
      const wanted = 'size' in dim ? dim.size : (sizes[dim.index] ?? size);
      if (size !== wanted) throw shapeFault(input, shape, file, others);
      if ('index' in dim) sizes[dim.index] = size;
      const fixed = input.port.dims?.[axis + (input.batched ? 1 : 0)];
      if (typeof fixed === 'number' && fixed !== size) throw fixedSizeFault(input, axis, fixed, size, file);
    }
  }
  return sizes;
}

function shapeFault(
  { field, port }: MatchedPort,
  shape: readonly number[] | undefined,
  file: string,
  sizes: Readonly<Record<string, number>> = {},
): Fault {
  const known = Object.entries(sizes).map(([index, size]) => `${size} for ${index}`);
  const others = known.length ? ` (other inputs have ${known.join(', ')})` : '';
  return new Fault({
    code: 'model/onnx-sizes',
    message: `input \`${field.name}\` is declared ${typeText(field.type)}, and the sample's array is ${shape ? `[${shape.join(', ')}]` : 'missing'}${others}`,
    expected: typeText(field.type),
    found: shape ? `[${shape.join(', ')}]` : 'no array',
    place: { file, member: port.name },
    advice: 'All arrays of a sample must agree on the sizes of their index sets.',
  });
}

function fixedSizeFault(
  { field, port }: MatchedPort,
  axis: number,
  fixed: number,
  size: number,
  file: string,
): Fault {
  const dim = declaredDims(field.type)[axis]!;
  const along = 'index' in dim ? `\`${dim.index}\`` : `axis ${axis}`;
  return new Fault({
    code: 'model/onnx-fixed-size',
    message: `the graph's \`${port.name}\`, ${portText(port)}, takes exactly ${fixed} along ${along}, and a sample has ${size}`,
    expected: String(fixed),
    found: String(size),
    place: { file, member: port.name },
    advice:
      'Export the network with a dynamic axis there (dynamic_axes or dynamic_shapes), or use data of that size.',
  });
}
