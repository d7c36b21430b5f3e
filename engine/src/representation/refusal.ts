/** Which moves have an action on which fields, and the reason in plain words where they have none. Pure. */
import { type FieldType, type Representation, typeText } from '../signature.ts';
import { largestDegree } from './irreps.ts';

/** What a group or an element does to space, as far as it matters for having an action. */
export interface Move {
  /** How a sentence names it: "SO(3)", "the Lorentz group", "this element". */
  readonly name: string;
  /** Orthogonal maps of the plane or of space. */
  readonly linear?: 2 | 3;
  readonly translation?: 2 | 3;
  readonly boosts?: boolean;
  /** Inversion, one sign for everything. */
  readonly inversion?: boolean;
}

/** The largest rank of a Cartesian tensor. */
export const largestRank = 4;

/** Why a move has no action on fields of a type; undefined when it acts (trivially, perhaps). */
export function refusal(move: Move, type: FieldType): string | undefined {
  const { representation } = type;
  switch (representation.kind) {
    case 'scalar':
    case 'category':
    case 'label':
    case 'constant':
      return undefined;
    case 'image':
      return imageRefusal(move, type);
    case 'fourvector':
      return undefined;
    default:
      return spatialRefusal(move, representation);
  }
}

/** Under a group of rotations an image needs the two axes of its pixel grid. */
function imageRefusal(move: Move, type: FieldType): string | undefined {
  const none = `an image has no action under ${move.name}`;
  if (move.boosts) return `${none}: declare it as scalar if it does not change`;
  if (move.linear === 3) {
    return `${none}: the pixel grid lies in the plane; use SO(2), O(2), C(n) or D(n), or declare it as scalar if it does not change`;
  }
  if (move.translation) return `${none}: pixels are moved by shift(h) * shift(w)`;
  if (move.inversion) return `${none}: half a turn of the pixel grid is written C(2)`;
  if (move.linear && type.axes.length < 2) {
    return `${typeText(type)} has no action under ${move.name}: an image needs two axes, as in image[h, w, 3]`;
  }
  return undefined;
}

type Spatial = Exclude<
  Representation,
  { kind: 'scalar' | 'category' | 'label' | 'constant' | 'image' | 'fourvector' }
>;

function spatialRefusal(move: Move, representation: Spatial): string | undefined {
  const noun = nounOf(representation);
  const none = `${noun} ${representation.kind === 'irreps' ? 'have' : 'has'} no action under ${move.name}`;
  if (move.boosts) {
    return representation.kind === 'irreps'
      ? `${none}: declare them as fourvector, or as scalar if they do not change`
      : `${none}: declare it as fourvector, or as scalar if it does not change`;
  }
  const planar = 'dim' in representation && representation.dim === 2;
  if (planar && move.linear === 3) {
    return `${none}: it lies in the plane and the group turns space; use a group of the plane, or declare it in three dimensions`;
  }
  if (planar && move.translation === 3 && representation.kind === 'position') {
    return `${none}: it lies in the plane and the group moves space; use T(2), SE(2) or E(2), or declare it in three dimensions`;
  }
  if (representation.kind === 'tensor' && representation.rank > largestRank) {
    return `${none}: Noether acts on tensors up to rank ${largestRank}`;
  }
  if (
    representation.kind === 'irreps' &&
    representation.irreps.some(({ degree }) => degree > largestDegree)
  ) {
    return `${none}: Noether acts on degrees up to ${largestDegree}`;
  }
  return undefined;
}

function nounOf(representation: Spatial): string {
  switch (representation.kind) {
    case 'irreps':
      return 'irreps';
    case 'tensor':
      return `a tensor(${representation.rank})`;
    case 'position':
    case 'vector':
      return `a ${representation.kind}${representation.dim === 2 ? '(2)' : ''}`;
    default:
      return `a ${representation.kind}`;
  }
}
