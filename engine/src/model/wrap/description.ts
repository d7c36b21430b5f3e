/** The wrappers as the language, the hovers and the documentation present them: pure data. */
import type { OptionDescription } from '../description.ts';
import type { WrapKind } from './spec.ts';

export interface WrapperDescription {
  /** As the language writes it: `averaged`. */
  readonly name: WrapKind;
  /** `averaged(net, C(4))` */
  readonly usage: string;
  /** A paragraph of Markdown. */
  readonly doc: string;
  /** Whether a group follows the model. */
  readonly group: 'required' | 'optional' | 'none';
  /** Kinds of group that it takes; absent where any will do. */
  readonly kinds?: readonly string[];
  readonly options: readonly OptionDescription[];
}

export const wrapperDescriptions: readonly WrapperDescription[] = [
  {
    name: 'averaged',
    usage: 'averaged(net, C(4))',
    doc: 'The mean of $g^{-1} f(g x)$ over a group. Exact, up to rounding, for a group of at most `draws` elements; over `draws` random elements, the same ones for every input, where it has more: then approximate, and said so. Costs one evaluation for each element.',
    group: 'required',
    options: [
      {
        name: 'draws',
        type: 'integer',
        default: 64,
        min: 1,
        max: 65536,
        doc: 'Elements that the mean is taken over at most.',
      },
      {
        name: 'seed',
        type: 'integer',
        default: 0,
        min: 0,
        doc: 'Chooses the elements of a group that is too large to take all of them.',
      },
    ],
  },
  {
    name: 'framed',
    usage: 'framed(net, SE(3))',
    doc: 'The model sees each input centred and turned onto its own principal axes, and its outputs are turned back: exact for `SO(n)`, `O(n)`, `SE(n)`, `E(n)`; `T(n)` centres only. Without a group: `SE(n)`, or `SO(n)` where no input is a position. Inputs with equal moments determine no frame; they are named in the report. Not continuous where moments cross.',
    group: 'optional',
    kinds: ['SO', 'O', 'SE', 'E', 'T'],
    options: [
      {
        name: 'signs',
        type: 'choice',
        choices: ['all', 'one'],
        default: 'all',
        doc: 'Axes have no sign. `all` averages over every choice (4 evaluations in space, 8 with mirrors); `one` lets third moments choose: one evaluation, and undecided where both ends weigh the same.',
      },
    ],
  },
  {
    name: 'lloca',
    usage: 'lloca(net)',
    doc: 'The model sees each event in a Lorentz frame of its own momenta: the boost to the rest frame of their sum, and axes from energy-weighted sums, as in LLoCa but without anything learned. Exact for the proper orthochronous Lorentz group, at one evaluation. Two back-to-back momenta, or massless ones along a line, determine no frame; they are named in the report.',
    group: 'none',
    options: [],
  },
  {
    name: 'sorted',
    usage: 'sorted(net, S(point))',
    doc: 'The model sees the entries of an index set sorted by their own values, and its outputs go back into the order of the input: exact for permutations, at one evaluation. Samples with ties are named in the report. Not continuous where two entries change places. The order is that of the coordinates, so frames go outside: `framed` of what is `sorted`.',
    group: 'optional',
    kinds: ['S'],
    options: [],
  },
];
