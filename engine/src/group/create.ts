/** From a group as a plan writes it to a group that can be used. */
import { dihedralLaw } from './dihedral.ts';
import { euclideanLaw } from './euclidean.ts';
import type { Group, GroupSpec } from './group.ts';
import type { Law } from './law.ts';
import { lorentzLaw } from './lorentz.ts';
import { normaliseGroup } from './normalise.ts';
import { permutationLaw } from './permutation.ts';
import { productLaw, trivialLaw } from './product.ts';
import { shiftLaw } from './shift.ts';
import { signLaw } from './sign.ts';
import { groupText } from './text.ts';

/**
 * The group that a specification names, in normal form: `SO(3) * T(3)` is SE(3), nested products are flat.
 * @throws Fault `group/bad-parameter`, `group/redundant-factor`, `group/factors-do-not-commute`. The group's methods
 * throw `group/unknown-index` for samples without its index set and `group/element-does-not-fit` for elements of
 * another group.
 */
export function createGroup(spec: GroupSpec): Group {
  const normal = normaliseGroup(spec);
  return { spec: normal, text: groupText(normal), ...lawOf(normal) };
}

function lawOf(spec: GroupSpec): Law {
  switch (spec.kind) {
    case 'trivial':
      return trivialLaw;
    case 'S':
      return permutationLaw(spec.index);
    case 'T':
      return euclideanLaw({ dim: spec.dim, rotations: false, mirrors: false, scale: spec.scale });
    case 'SO':
      return euclideanLaw({ dim: spec.dim, rotations: true, mirrors: false, scale: undefined });
    case 'O':
      return euclideanLaw({ dim: spec.dim, rotations: true, mirrors: true, scale: undefined });
    case 'SE':
      return euclideanLaw({ dim: spec.dim, rotations: true, mirrors: false, scale: spec.scale });
    case 'E':
      return euclideanLaw({ dim: spec.dim, rotations: true, mirrors: true, scale: spec.scale });
    case 'Lorentz':
      return lorentzLaw(spec.rapidity);
    case 'Z2':
      return signLaw(spec.index);
    case 'C':
      return dihedralLaw(spec.n, false);
    case 'D':
      return dihedralLaw(spec.n, true);
    case 'shift':
      return shiftLaw(spec.index);
    case 'product':
      return productLaw(spec.factors.map(lawOf));
  }
}
