/** Declared shapes against those in a file, and agreement on the sizes of named index sets. */
import { Fault, type Place } from '../fault.ts';
import { type Field, type FieldType, trailingShape, typeText } from '../signature.ts';

/** Number of axes that a field of this type has in one sample. */
export function declaredRank(type: FieldType): number {
  return type.axes.length + trailingShape(type.representation).length;
}

/** "[point, 3]", the declared shape in words; with `leading`, "[sample, point, 3]". */
export function declaredShapeText(type: FieldType, leading?: string): string {
  const axes = type.axes.map((axis) => ('index' in axis ? axis.index : axis.size));
  return `[${[...(leading ? [leading] : []), ...axes, ...trailingShape(type.representation)].join(', ')}]`;
}

/**
 * Checks rank and fixed sizes of one sample's shape. `shown` is the shape as the file has it.
 * Throws `data/wrong-rank` or `data/wrong-size`.
 */
export function checkShape(field: Field, shape: readonly number[], shown: string, place: Place): void {
  const { type } = field;
  if (shape.length !== declaredRank(type)) throw wrongRank(field, shown, place);
  const trailing = trailingShape(type.representation);
  const fixed = [...type.axes.map((axis) => ('size' in axis ? axis.size : undefined)), ...trailing];
  for (const [axis, size] of fixed.entries()) {
    if (size === undefined || shape[axis] === size) continue;
    const needs = axis < type.axes.length ? typeText(type) : type.representation.kind;
    throw new Fault({
      code: 'data/wrong-size',
      message: `"${field.name}": ${needs} needs ${size}, found ${shape[axis]} (the file has ${shown})`,
      expected: declaredShapeText(type),
      found: `[${shape.join(', ')}]`,
      place,
      advice: `Declare what the file holds, or store arrays of shape ${declaredShapeText(type)}.`,
    });
  }
}

/** The Fault for a number of axes that fits neither one sample nor a list of samples. */
export function wrongRank(field: Field, shown: string, place: Place, leading = true): Fault {
  const one = declaredShapeText(field.type);
  const expected = leading ? `${declaredShapeText(field.type, 'sample')} or ${one}` : one;
  return new Fault({
    code: 'data/wrong-rank',
    message: `"${field.name}" is declared ${typeText(field.type)}, shape ${expected}; the file has ${shown}`,
    expected,
    found: shown,
    place,
    advice:
      'Give the declaration as many axes in brackets as the array has, a fixed one as its size: scalar[atom, 1].',
  });
}

/** Collects the sizes of named index sets over the fields of a sample. */
export interface SizeTable {
  /** Throws `data/size-mismatch` where an index set has another size already. */
  add(field: Field, shape: readonly number[], place: Place): void;
  readonly sizes: Readonly<Record<string, number>>;
}

/** Starts a table. `sample` names the sample in messages; index sets in `except` are not compared. */
export function sizeTable(sample?: string, except: ReadonlySet<string> = new Set()): SizeTable {
  const seen = new Map<string, { size: number; field: string }>();
  const sizes: Record<string, number> = {};
  return {
    sizes,
    add(field, shape, place) {
      for (const [axis, declared] of field.type.axes.entries()) {
        if (!('index' in declared) || except.has(declared.index)) continue;
        const { index } = declared;
        const size = shape[axis]!;
        const before = seen.get(index);
        if (!before) {
          seen.set(index, { size, field: field.name });
          sizes[index] = size;
        } else if (before.size !== size) {
          const where = sample === undefined ? '' : ` in ${sample}`;
          throw new Fault({
            code: 'data/size-mismatch',
            message: `"${before.field}" and "${field.name}" disagree on the size of ${index}${where}: ${before.size} and ${size}`,
            expected: `${index} = ${before.size}, as in "${before.field}"`,
            found: `${size}`,
            place,
            advice: `Use one size for ${index}, or give the two axes different names.`,
          });
        }
      }
    },
  };
}
