/**
 * What of a group moves pixels onto pixels. Off the grid an image is resampled, and a gap there is partly the resampling's;
 * on the grid nothing is in between. Pure.
 */
import type { GroupSpec } from '../../group/group.ts';
import { flatten } from '../../group/normalise.ts';

type Factor = Exclude<GroupSpec, { kind: 'product' }>;

/**
 * The exact subgroup: quarter turns of square images, half turns of others, with the mirrors that the group has.
 * @returns `undefined` when all of the group is exact
 */
export function exactPart(spec: GroupSpec, square: boolean): GroupSpec | undefined {
  const factors = flatten(spec);
  const exact = factors.map((factor) => exactFactor(factor, square));
  if (exact.every((factor, i) => factor === factors[i])) return undefined;
  const kept = exact.filter(({ kind }) => kind !== 'trivial');
  if (kept.length === 0) return { kind: 'trivial' };
  return kept.length === 1 ? kept[0]! : { kind: 'product', factors: kept };
}

function exactFactor(factor: Factor, square: boolean): Factor {
  const turns = square ? 4 : 2;
  switch (factor.kind) {
    case 'SO':
      return { kind: 'C', n: turns };
    case 'O':
      return { kind: 'D', n: turns };
    case 'C':
    case 'D': {
      const n = gcd(factor.n, turns);
      if (n === factor.n) return factor;
      return n === 1 && factor.kind === 'C' ? { kind: 'trivial' } : { kind: factor.kind, n };
    }
    default:
      return factor;
  }
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}
