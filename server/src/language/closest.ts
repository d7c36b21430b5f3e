/** "Did you mean": the known name nearest to a mistyped one. */

/**
 * Edits (insert, delete, replace, swap of neighbours) that turn `a` into `b`: the optimal string alignment distance.
 * Swaps count once because they are what fingers do most (`chekc`).
 */
export function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(previous[j]! + 1, row[j - 1]! + 1, previous[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, before[j - 2]! + 1);
      }
      row.push(cost);
    }
    before = previous;
    previous = row;
  }
  return previous[b.length]!;
}

/**
 * The candidate that `name` was most likely meant to be, ignoring case, or `undefined` when none is near. Short names
 * allow one edit, longer ones about a third of their length. A candidate that begins with the name also counts
 * (`pos` for `positions`), from three letters on.
 */
export function closest(name: string, candidates: Iterable<string>): string | undefined {
  const wanted = name.toLowerCase();
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const other = candidate.toLowerCase();
    const allowed = Math.max(1, Math.floor(Math.max(wanted.length, other.length) / 3));
    let distance = editDistance(wanted, other);
    if (distance > allowed) {
      if (wanted.length < 3 || !other.startsWith(wanted)) continue;
      distance = allowed + 0.5;
    }
    // Two letters that share nothing are not alike, however short they are.
    if (distance >= wanted.length) continue;
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** `a, b or c`, as messages list things. */
export function listText(names: readonly string[], conjunction = 'or'): string {
  if (names.length <= 1) return names.join('');
  return `${names.slice(0, -1).join(', ')} ${conjunction} ${names.at(-1)}`;
}
