/** What families have in common in reading the data's fields: which fit, and what to say when none does. Pure. */
import { Fault } from '../fault.ts';
import { type Axis, type Field, type IndexSizes, trailingShape, typeText } from '../signature.ts';
import type { NdArray } from '../tensor/array.ts';

/** Channels that a scalar or category field makes. */
export function scalarChannels({ type: { representation, axes } }: Field): number {
  if (representation.kind === 'category') return representation.count;
  return fixedSize(axes);
}

/** Length of the fixed axis behind the index set, 1 without one. */
export function fixedSize(axes: readonly Axis[]): number {
  const last = axes.at(-1);
  return last && 'size' in last ? last.size : 1;
}

export function isIndex(axis: Axis | undefined, index: string): boolean {
  return axis !== undefined && 'index' in axis && axis.index === index;
}

/** `scalar[point]`, `scalar`; wide: also with a fixed number behind, and categories. */
export function isScalars({ type: { representation, axes } }: Field, index: string, wide: boolean): boolean {
  const rest = isIndex(axes[0], index) ? axes.slice(1) : axes;
  if (representation.kind === 'category') return wide && rest.length === 0 && axes.length === 1;
  if (representation.kind !== 'scalar') return false;
  return rest.length === 0 || (wide && rest.length === 1 && 'size' in rest[0]!);
}

/** The field that an option names. @throws Fault `model/missing-field`, `model/field-type` */
export function namedField(
  option: string,
  name: string,
  expected: string,
  fields: readonly Field[],
  fits: (field: Field) => boolean,
): Field {
  const field = fields.find((one) => one.name === name);
  if (!field) {
    throw new Fault({
      code: 'model/missing-field',
      message: `\`${option}\` needs the data field \`${name}\`, which is not declared`,
      expected: `${name}: ${expected}`,
      found: fieldsText(fields),
      advice: `Declare \`${name}: ${expected}\` in the data block, or take \`${name}\` out of \`${option}\`.`,
    });
  }
  if (!fits(field)) throw unfitField(option, field, expected);
  return field;
}

export function unfitField(option: string, field: Field, expected: string): Fault {
  return new Fault({
    code: 'model/field-type',
    message: `\`${option}\` cannot take \`${field.name}: ${typeText(field.type)}\``,
    expected,
    found: typeText(field.type),
    advice: 'Declare the field with the expected type, or name another one.',
  });
}

/** `positions: position[point], mass: scalar[point]`. */
export function fieldsText(fields: readonly Field[]): string {
  return fields.map(({ name, type }) => `${name}: ${typeText(type)}`).join(', ') || 'no fields';
}

/** @throws Fault `model/missing-input`, `model/input-shape`, `model/input-value` when a value is not what its field says */
export function checkInput(
  family: string,
  field: Field,
  value: NdArray | undefined,
  sizes: IndexSizes,
): void {
  const { representation, axes } = field.type;
  const expected = [
    ...axes.map((axis) => ('index' in axis ? sizes[axis.index]! : axis.size)),
    ...trailingShape(representation),
  ];
  if (!value) {
    throw new Fault({
      code: 'model/missing-input',
      message: `${family} was not given its input \`${field.name}\``,
      expected: typeText(field.type),
      found: 'nothing',
      advice: 'Give a value for every input of the signature.',
    });
  }
  if (String(value.shape) !== String(expected)) {
    throw new Fault({
      code: 'model/input-shape',
      message: `\`${field.name}\` has the shape [${value.shape.join(', ')}], which is not that of ${typeText(field.type)}`,
      expected: `[${expected.join(', ')}]`,
      found: `[${value.shape.join(', ')}]`,
      advice: 'Check the declared type of the field against the array in the file.',
    });
  }
  if (representation.kind !== 'category') return;
  const wrong = value.data.find((entry) => !(entry >= 0 && entry < representation.count));
  if (wrong === undefined) return;
  throw new Fault({
    code: 'model/input-value',
    message: `\`${field.name}\` holds the category ${wrong}, which ${typeText(field.type)} does not have`,
    expected: `0 to ${representation.count - 1}`,
    found: String(wrong),
    advice: 'Declare the field with as many categories as the data has.',
  });
}
