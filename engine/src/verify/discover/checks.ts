/** The largest groups of the language inside what was found: what a check can be written for. Pure. */
import type { AmbientSpec } from '../../group/ambient.ts';
import { defaultRapidity, defaultScale } from '../../group/description.ts';
import type { GroupSpec } from '../../group/group.ts';
import { createGroup } from '../../group/index.ts';
import { actionOf } from '../../representation/index.ts';
import type { FieldType } from '../../signature.ts';
import type { FiniteFindings } from './finite.ts';
import type { Recognised } from './recognise.ts';

/**
 * Groups for checks, those that commute joined into one product.
 * @param types of the fields that the group acts on: products that clash on one of them stay apart
 */
export function checksOf(
  ambient: AmbientSpec,
  recognised: Recognised,
  finite: FiniteFindings,
  dim: 2 | 3 | 4,
  types: readonly FieldType[],
): GroupSpec[] {
  const all = [...spatialGroups(ambient, recognised, new Set(finite.names), dim), ...finite.groups];
  // Inversion may come from a factor of its own, and from what the spatial part has.
  const parts = all.filter(
    (part, i) => all.findIndex((one) => JSON.stringify(one) === JSON.stringify(part)) === i,
  );
  const products: GroupSpec[][] = [];
  for (const part of parts) {
    const own = products.find((factors) => fits([...factors, part], types));
    if (own) own.push(part);
    else if (fits([part], types)) products.push([part]);
  }
  return products.map((factors) => createGroup(productOf(factors)).spec);
}

function productOf(factors: readonly GroupSpec[]): GroupSpec {
  return factors.length === 1 ? factors[0]! : { kind: 'product', factors };
}

function fits(factors: readonly GroupSpec[], types: readonly FieldType[]): boolean {
  try {
    const { spec } = createGroup(productOf(factors));
    return types.every((type) => actionOf(spec, type).acts);
  } catch {
    return false;
  }
}

function spatialGroups(
  { factors }: AmbientSpec,
  { rotations, translations, lorentz }: Recognised,
  names: ReadonlySet<string>,
  dim: 2 | 3 | 4,
): GroupSpec[] {
  const scale = factors.flatMap((factor) => ('scale' in factor ? [factor.scale] : []))[0] ?? defaultScale;
  const rapidity =
    factors.flatMap((factor) => ('rapidity' in factor ? [factor.rapidity] : []))[0] ?? defaultRapidity;
  if (lorentz) return [{ kind: 'Lorentz', rapidity }];
  const inverted = names.has('inversion') || names.has('inversion of space');
  const mirrored = names.has('mirror along x');
  if (rotations === 'space') {
    if (translations === 3) return [{ kind: inverted ? 'E' : 'SE', dim: 3, scale }];
    // Translations of a plane or a line do not go with all rotations.
    return [{ kind: inverted ? 'O' : 'SO', dim: 3 }];
  }
  const moved: GroupSpec[] = translations === 0 ? [] : [{ kind: 'T', dim: translations, scale }];
  if (rotations === 'z') {
    const joint = translations === 2 || (dim === 2 && translations > 0);
    if (joint) return [{ kind: mirrored ? 'E' : 'SE', dim: 2, scale }];
    return [{ kind: mirrored ? 'O' : 'SO', dim: 2 }, ...moved];
  }
  const about = dim === 2 ? '' : ' about z';
  const turn = [6, 4, 3, 2].find((n) => names.has(`turn by ${360 / n} degrees${about}`));
  if (turn) return [{ kind: mirrored ? 'D' : 'C', n: turn }, ...moved];
  return [...(inverted ? [{ kind: 'Z2' } as const] : []), ...moved];
}
