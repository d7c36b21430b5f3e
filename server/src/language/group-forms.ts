/** How each group is written: its parameters by position and by name, with ranges and defaults. */

export interface GroupParameter {
  readonly name: string;
  /** As a message calls it: "the dimension". */
  readonly phrase: string;
  readonly kind: 'integer' | 'number' | 'index';
  /** The only numbers allowed. */
  readonly choices?: readonly number[];
  readonly min?: number;
  readonly max?: number;
  readonly unit?: string;
  readonly default?: number;
  /** May be left out without a default. */
  readonly optional?: boolean;
  /** Has to be written with its name. */
  readonly named?: boolean;
}

export interface GroupForm {
  readonly name: string;
  readonly form: string;
  readonly parameters: readonly GroupParameter[];
}

const dimension: GroupParameter = { name: 'dim', phrase: 'the dimension', kind: 'integer', choices: [2, 3] };
const scale: GroupParameter = {
  name: 'scale',
  phrase: 'the scale',
  kind: 'number',
  min: 1e-12,
  max: 1e12,
  default: 10,
  named: true,
};
const index: GroupParameter = { name: 'index', phrase: 'the index set', kind: 'index' };
const n: GroupParameter = { name: 'n', phrase: 'the order', kind: 'integer', min: 1, max: 360 };

export const groupForms: readonly GroupForm[] = [
  { name: 'trivial', form: 'trivial', parameters: [] },
  { name: 'S', form: 'S(atom)', parameters: [index] },
  { name: 'T', form: 'T(3)', parameters: [dimension, scale] },
  { name: 'SO', form: 'SO(3)', parameters: [dimension] },
  { name: 'O', form: 'O(3)', parameters: [dimension] },
  { name: 'SE', form: 'SE(3)', parameters: [dimension, scale] },
  { name: 'E', form: 'E(3)', parameters: [dimension, scale] },
  {
    name: 'Lorentz',
    form: 'Lorentz(rapidity: 2)',
    parameters: [
      { name: 'rapidity', phrase: 'the rapidity', kind: 'number', min: 0, max: 20, default: 2, named: true },
    ],
  },
  { name: 'Z2', form: 'Z2 or Z2(mode)', parameters: [{ ...index, optional: true }] },
  { name: 'C', form: 'C(4)', parameters: [n] },
  { name: 'D', form: 'D(4)', parameters: [n] },
  { name: 'shift', form: 'shift(w)', parameters: [index] },
];

/** What people call these groups elsewhere. */
export const groupAliases: Readonly<Record<string, string>> = {
  perm: 'S',
  permutation: 'S',
  permutations: 'S',
  sym: 'S',
  sn: 'S',
  translation: 'T',
  translations: 'T',
  rotation: 'SO',
  rotations: 'SO',
  so3: 'SO',
  o3: 'O',
  se3: 'SE',
  e3: 'E',
  so2: 'SO',
  se2: 'SE',
  e2: 'E',
  poincare: 'Lorentz',
  boost: 'Lorentz',
  identity: 'trivial',
  none: 'trivial',
  sign: 'Z2',
  cyclic: 'C',
  dihedral: 'D',
  roll: 'shift',
};
