/** The closest name to a mistyped one. */
import { editDistance } from '../edit-distance.ts';

/**
 * The candidate with the fewest edits (insertions, deletions, substitutions; case aside), when these are at most a
 * third of the longer name's letters, or when one name contains the other; else `undefined`.
 */
export function closestName(wanted: string, candidates: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const [a, b] = [wanted.toLowerCase(), candidate.toLowerCase()];
    const edits = editDistance(a, b);
    const contained = Math.min(a.length, b.length) >= 3 && (a.includes(b) || b.includes(a));
    if ((contained || edits <= Math.max(a.length, b.length) / 3) && edits < least) {
      best = candidate;
      least = edits;
    }
  }
  return best;
}
