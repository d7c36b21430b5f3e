/** Which groups leave which fields exactly as they are. */
import type { FieldType, GroupSpec, Representation } from '@noether/engine/catalog';

type Factor = Exclude<GroupSpec, { kind: 'product' }>;

/** True when every element of the factor maps every value of this type to itself. */
export function leavesAlone(factor: Factor, type: FieldType): boolean {
  const { representation } = type;
  switch (factor.kind) {
    case 'trivial':
      return true;
    case 'S':
    case 'shift':
      return representation.kind === 'constant' || !hasAxis(type, factor.index);
    case 'Z2':
      if (factor.index === undefined) return !isOdd(representation);
      return !hasAxis(type, factor.index) || !isOdd(representation);
    case 'T':
      return representation.kind !== 'position';
    case 'SO':
    case 'C':
      return !turns(representation);
    case 'SE':
      return representation.kind !== 'position' && !turns(representation);
    case 'O':
    case 'D':
      return !turns(representation) && !mirrors(representation);
    case 'E':
      return representation.kind !== 'position' && !turns(representation) && !mirrors(representation);
    case 'Lorentz':
      return representation.kind !== 'fourvector';
  }
}

function hasAxis({ axes }: FieldType, index: string): boolean {
  return axes.some((axis) => 'index' in axis && axis.index === index);
}

/** Whether a rotation can change it. */
function turns(representation: Representation): boolean {
  switch (representation.kind) {
    case 'position':
    case 'vector':
    case 'pseudovector':
    case 'fourvector':
    case 'image':
      return true;
    case 'tensor':
      return representation.rank > 0;
    case 'irreps':
      return representation.irreps.some(({ degree }) => degree > 0);
    default:
      return false;
  }
}

/** Whether a mirror can change what no rotation changes. */
function mirrors(representation: Representation): boolean {
  if (representation.kind === 'irreps') return representation.irreps.some(({ parity }) => parity === -1);
  return representation.kind === 'pseudoscalar';
}

/** Whether the inversion of space changes it. */
function isOdd(representation: Representation): boolean {
  switch (representation.kind) {
    case 'position':
    case 'vector':
    case 'pseudoscalar':
    case 'fourvector':
      return true;
    case 'tensor':
      return representation.rank % 2 === 1;
    case 'irreps':
      return representation.irreps.some(({ parity }) => parity === -1);
    default:
      return false;
  }
}
