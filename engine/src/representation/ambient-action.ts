/** Whether the groups that a discovery looks inside act on the inputs; why not, in plain words. Pure. */
import { type AmbientFactor, type AmbientSpec, ambientText } from '../group/ambient.ts';
import { type FieldType, typeText } from '../signature.ts';
import { actionOf } from './action-of.ts';

/** The reason why one of the factors has no action on one of the types; `undefined` where all act. */
export function ambientRefusal({ factors }: AmbientSpec, types: readonly FieldType[]): string | undefined {
  for (const factor of factors) {
    for (const type of types) {
      const reason = factorRefusal(factor, type);
      if (reason) return reason;
    }
    const four = factor.kind === 'Poincare' || ('dim' in factor && factor.dim === 4);
    if (four && !types.some(({ representation }) => representation.kind === 'fourvector')) {
      return `${ambientText({ factors: [factor] })} moves four-vectors, and no input is declared as fourvector`;
    }
  }
  return undefined;
}

const continuous = new Set(['T', 'SO', 'O', 'SE', 'E', 'Lorentz', 'GL', 'affine', 'Poincare', 'scaling']);

function factorRefusal(factor: AmbientFactor, type: FieldType): string | undefined {
  const { representation } = type;
  const name = ambientText({ factors: [factor] });
  if (representation.kind === 'image' && continuous.has(factor.kind)) {
    return `${typeText(type)} is moved exactly by C(4), D(4) and shifts only: within ${name} its derivative would be one of the resampling`;
  }
  switch (factor.kind) {
    case 'GL':
    case 'affine': {
      if (representation.kind === 'irreps') {
        return `${typeText(type)} has no action under ${name}: irreps are turned by rotations; look within E(3)`;
      }
      if (factor.dim === 4)
        return isSpatial(type)
          ? `${typeText(type)} has no action under ${name}: declare it as fourvector`
          : undefined;
      const planar = 'dim' in representation && representation.dim < factor.dim;
      return planar ? `${typeText(type)} has no action under ${name}: it lies in the plane` : undefined;
    }
    case 'scaling':
      return representation.kind === 'irreps'
        ? `${typeText(type)} has no action under scaling: irreps are turned by rotations only`
        : undefined;
    case 'Poincare':
      return isSpatial(type)
        ? `${typeText(type)} has no action under ${name}: declare it as fourvector`
        : undefined;
    default: {
      const answer = actionOf(factor, type);
      return answer.acts ? undefined : answer.reason;
    }
  }
}

function isSpatial({ representation: { kind } }: FieldType): boolean {
  return (
    kind === 'position' ||
    kind === 'vector' ||
    kind === 'pseudovector' ||
    kind === 'tensor' ||
    kind === 'irreps'
  );
}
