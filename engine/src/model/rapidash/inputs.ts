/** Which data fields a network reads, by its options. */
import { Fault } from '../../fault.ts';
import type { Field } from '../../signature.ts';
import { fieldsText, fixedSize, isIndex, isScalars, namedField, unfitField } from '../fields.ts';

/** The fields that feed a network, in the order of its channels. */
export interface RapidashInputs {
  readonly positions: Field;
  /** The index set of the points. */
  readonly index: string;
  readonly scalars: readonly Field[];
  readonly vectors: readonly Field[];
  /** Present when the data has a frame; the fixed axes otherwise. */
  readonly pose?: Field;
  readonly condition?: Field;
  readonly edgeAttributes: readonly Field[];
}

/** What the options ask for. */
export interface Wanted {
  readonly dim: 2 | 3;
  readonly normals: boolean;
  readonly pose: boolean;
  readonly scalars: readonly string[];
  readonly vectors: readonly string[];
  readonly condition: readonly string[];
  readonly edgeAttributes: readonly string[];
}

/**
 * @throws Fault `model/no-positions`, `model/ambiguous-positions`, `model/missing-field`, `model/field-type`,
 * `model/several-conditions`.
 */
export function inputsOf(wanted: Wanted, fields: readonly Field[]): RapidashInputs & { normals?: Field } {
  const positions = positionsOf(wanted.dim, fields);
  const index = indexOf(positions);
  const { dim } = wanted;
  const named = (option: string, name: string, expected: string, fits: (field: Field) => boolean): Field =>
    namedField(option, name, expected, fields, fits);
  const vector = dim === 2 ? 'vector(2)' : 'vector';
  if (wanted.condition.length > 1) {
    throw new Fault({
      code: 'model/several-conditions',
      message: `Rapidash takes one condition, not ${wanted.condition.length}`,
      expected: 'one field',
      found: wanted.condition.join(', '),
      advice: 'Keep one; the others can enter under `scalars`.',
    });
  }
  const [condition] = wanted.condition;
  const pose = wanted.pose ? fields.find(({ name }) => name === 'pose') : undefined;
  if (pose && !isFrame(pose, dim)) throw unfitField('features: pose', pose, `${vector}[${dim}]`);
  return {
    positions,
    index,
    ...(wanted.normals
      ? {
          normals: named('features: normals', 'normals', `${vector}[${index}]`, (field) =>
            isVectors(field, dim, index, false),
          ),
        }
      : {}),
    ...(pose ? { pose } : {}),
    ...(condition === undefined
      ? {}
      : {
          condition: named('condition', condition, `scalar or scalar[${index}]`, (field) =>
            isScalars(field, index, false),
          ),
        }),
    scalars: wanted.scalars.map((name) =>
      named('scalars', name, `scalar[${index}] or category(k)[${index}]`, (field) =>
        isScalars(field, index, true),
      ),
    ),
    vectors: wanted.vectors.map((name) =>
      named('vectors', name, `${vector}[${index}]`, (field) => isVectors(field, dim, index, true)),
    ),
    edgeAttributes: wanted.edgeAttributes.map((name) =>
      named(
        'edge_attributes',
        name,
        `scalar[${index}, ${index}]`,
        ({ type }) =>
          type.representation.kind === 'scalar' &&
          type.axes.length === 2 &&
          type.axes.every((axis) => isIndex(axis, index)),
      ),
    ),
  };
}

/** Vectors per point that a field makes. */
export function vectorChannels({ type: { axes } }: Field): number {
  return fixedSize(axes);
}

function positionsOf(dim: 2 | 3, fields: readonly Field[]): Field {
  const text = dim === 2 ? 'position(2)[point]' : 'position[point]';
  const fits = fields.filter(
    ({ type: { representation, axes } }) =>
      representation.kind === 'position' &&
      representation.dim === dim &&
      axes.length === 1 &&
      'index' in axes[0]!,
  );
  const found = fits.find(({ name }) => name === 'positions') ?? (fits.length === 1 ? fits[0] : undefined);
  if (found) return found;
  if (fits.length === 0) {
    throw new Fault({
      code: 'model/no-positions',
      message: `Rapidash in ${dim} dimensions needs positions of points`,
      expected: `a data field such as positions: ${text}`,
      found: fieldsText(fields),
      advice: `Declare the points' positions in the data block as \`positions: ${text}\`${dim === 3 ? ', or choose the space R2 or R2xS1 for points in the plane' : ''}.`,
    });
  }
  throw new Fault({
    code: 'model/ambiguous-positions',
    message: `several data fields hold positions: ${fits.map(({ name }) => name).join(', ')}`,
    expected: 'one of them, or one named positions',
    found: fieldsText(fits),
    advice:
      'Name the one that Rapidash shall read `positions`, with `from` where the file calls it otherwise.',
  });
}

function indexOf({ type: { axes } }: Field): string {
  return (axes[0] as { index: string }).index;
}

function isVectors(
  { type: { representation, axes } }: Field,
  dim: number,
  index: string,
  wide: boolean,
): boolean {
  if (representation.kind !== 'vector' || representation.dim !== dim || !isIndex(axes[0], index))
    return false;
  return axes.length === 1 || (wide && axes.length === 2 && 'size' in axes[1]!);
}

function isFrame({ type: { representation, axes } }: Field, dim: number): boolean {
  const [axis] = axes;
  return (
    representation.kind === 'vector' &&
    representation.dim === dim &&
    axes.length === 1 &&
    axis !== undefined &&
    'size' in axis &&
    axis.size === dim
  );
}
