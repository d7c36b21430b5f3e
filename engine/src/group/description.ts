/**
 * The groups as the language presents them: pure data for validation, completion and hover. A term such as
 * `SE(3, scale: 10)` becomes a {@link GroupSpec} without further knowledge: its kind, and a property for each
 * parameter.
 */
import type { GroupSpec } from './group.ts';

export interface GroupParameter {
  /** As written in the language, and the property of the GroupSpec. */
  readonly name: string;
  /** `index` is the name of an index set; the others are numbers. */
  readonly type: 'index' | 'integer' | 'number';
  /** True when it is written without its name, in this order: `SE(3, scale: 10)`. */
  readonly positional: boolean;
  readonly required: boolean;
  /** What an omitted number becomes. */
  readonly default?: number;
  /** The only numbers allowed, where they are few. */
  readonly choices?: readonly number[];
  readonly min?: number;
  readonly max?: number;
  readonly unit?: string;
  /** One or two sentences of Markdown. */
  readonly doc: string;
}

export interface GroupDescription {
  /** As written: `SE`. */
  readonly name: Exclude<GroupSpec['kind'], 'product'>;
  /** How it is called: `SE(dim, scale: 1)`. */
  readonly usage: string;
  /** A paragraph of Markdown: what the elements are, what they act on, how they are drawn. */
  readonly doc: string;
  /** A line that uses it. */
  readonly example: string;
  readonly parameters: readonly GroupParameter[];
}

/** Translations are drawn from [-scale, scale] along each axis when the text does not say. */
export const defaultScale = 1;
/** Boosts are drawn up to this rapidity when the text does not say. */
export const defaultRapidity = 1;

const dim: GroupParameter = {
  name: 'dim',
  type: 'integer',
  positional: true,
  required: true,
  choices: [2, 3],
  doc: 'Dimension: 2 for the plane, 3 for space.',
};

const scale: GroupParameter = {
  name: 'scale',
  type: 'number',
  positional: false,
  required: false,
  default: defaultScale,
  min: 1e-12,
  max: 1e12,
  unit: "the data's length unit",
  doc: 'Translations are uniform in the cube [-scale, scale] along each axis. Choose the size of the moves that the model should not notice.',
};

const n: GroupParameter = {
  name: 'n',
  type: 'integer',
  positional: true,
  required: true,
  min: 1,
  max: 360,
  doc: 'Number of rotations in a full turn.',
};

function index(doc: string, required = true): GroupParameter {
  return { name: 'index', type: 'index', positional: true, required, doc };
}

const planar =
  'Acts on two-dimensional fields in the plane, on three-dimensional fields about the z axis, and on images by turning the pixel grid: exactly for multiples of 90 degrees on square images, else by bilinear resampling, which is not exact.';

/** Every group of the language, in the order of the documentation. */
export const groupDescriptions: readonly GroupDescription[] = [
  {
    name: 'trivial',
    usage: 'trivial',
    doc: 'The group that has only the identity. A check under it measures whether the model repeats itself.',
    example: 'check net on scans under trivial',
    parameters: [],
  },
  {
    name: 'S',
    usage: 'S(index)',
    doc: 'All permutations of a named index set. Every axis with that name is permuted, in inputs and outputs; axes of a fixed size and fields of type `constant` are left alone. Drawn uniformly.',
    example: 'check net on scans under S(point)',
    parameters: [index('The index set that is permuted.')],
  },
  {
    name: 'T',
    usage: `T(dim, scale: ${defaultScale})`,
    doc: 'Translations. They move fields of type `position` and nothing else.',
    example: 'check net on scans under T(3, scale: 10)',
    parameters: [dim, scale],
  },
  {
    name: 'SO',
    usage: 'SO(dim)',
    doc: `Rotations. SO(3) acts on positions, vectors, pseudovectors, tensors, irreps, and on the spatial part of four-vectors. Drawn from the Haar measure.\n\nSO(2): ${planar}`,
    example: 'check net on scans under SO(3)',
    parameters: [dim],
  },
  {
    name: 'O',
    usage: 'O(dim)',
    doc: `Rotations and mirrors: SO with elements of determinant -1, which also flip the sign of pseudoscalars. Drawn from the Haar measure, half of the elements are mirrors.\n\nO(2): the mirror flips x. ${planar}`,
    example: 'check net on scans under O(3)',
    parameters: [dim],
  },
  {
    name: 'SE',
    usage: `SE(dim, scale: ${defaultScale})`,
    doc: 'Rotations and translations. Translations move positions only. The same as SO(dim) * T(dim).',
    example: 'check net on scans under SE(3, scale: 10) * S(point)',
    parameters: [dim, scale],
  },
  {
    name: 'E',
    usage: `E(dim, scale: ${defaultScale})`,
    doc: 'Rotations, mirrors and translations. Translations move positions only. The same as O(dim) * T(dim).',
    example: 'check net on scans under E(3)',
    parameters: [dim, scale],
  },
  {
    name: 'Lorentz',
    usage: `Lorentz(rapidity: ${defaultRapidity})`,
    doc: 'Rotations and boosts of four-vectors (E, px, py, pz), metric (+,-,-,-). Rotations are drawn from the Haar measure; boosts have a uniform direction and a rapidity uniform in [0, rapidity]. Fields that do not change are declared `scalar`; spatial vectors have no action.',
    example: 'check tagger on jets under Lorentz(rapidity: 2)',
    parameters: [
      {
        name: 'rapidity',
        type: 'number',
        positional: false,
        required: false,
        default: defaultRapidity,
        min: 1e-3,
        max: 10,
        unit: 'rapidity (natural units)',
        doc: 'The largest boost. Energies grow by up to exp(rapidity), and rounding errors of invariants with its square.',
      },
    ],
  },
  {
    name: 'Z2',
    usage: 'Z2(index)',
    doc: 'Sign flips. `Z2` is inversion: positions, vectors, pseudoscalars and odd irreps change sign, four-vectors their spatial part. `Z2(index)` flips an independent sign for each entry of an index set, on the fields that carry it: the signs of eigenvectors, for example, declared as `pseudoscalar[node, mode]`.',
    example: 'check encoder on graphs under Z2(mode) * S(node)',
    parameters: [
      index('The index set whose entries have signs of their own; without it there is one sign.', false),
    ],
  },
  {
    name: 'C',
    usage: 'C(n)',
    doc: `Rotations by multiples of 360/n degrees. ${planar}`,
    example: 'check classifier on tiles under C(4)',
    parameters: [n],
  },
  {
    name: 'D',
    usage: 'D(n)',
    doc: `C(n) and the mirror that flips x. ${planar}`,
    example: 'check classifier on tiles under D(4)',
    parameters: [n],
  },
  {
    name: 'shift',
    usage: 'shift(index)',
    doc: 'Cyclic shifts along a named axis: what moves out at one end comes in at the other.',
    example: 'check net on tiles under shift(h) * shift(w)',
    parameters: [index('The axis that is shifted.')],
  },
];
