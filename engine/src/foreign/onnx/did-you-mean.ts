/** The closest name to a mistyped one. */

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

/** Levenshtein's distance, one row at a time. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
