/** The Fault for a name that a file does not have, with what was probably meant. */
import { editDistance } from '../edit-distance.ts';
import { Fault } from '../fault.ts';

/** Throw this where `name` is not among `names`. `described` says what each is: "float32 [12, 128, 3]". */
export function missingArray(
  file: string,
  wanted: { field: string; name: string },
  arrays: readonly { name: string; described: string }[],
  place: { line?: number } = {},
): Fault {
  const { field, name } = wanted;
  const near = nearest(
    name,
    arrays.map((array) => array.name),
  );
  const shown = arrays.slice(0, 12).map((array) => `${array.name} (${array.described})`);
  if (arrays.length > shown.length) shown.push(`and ${arrays.length - shown.length} more`);
  const list = shown.length > 0 ? shown.join(', ') : 'no arrays';
  const hint = near === undefined ? '' : `Did you mean "${near}"? `;
  return new Fault({
    code: 'data/missing-array',
    message: `The file has no "${name}"${field === name ? '' : ` for the field "${field}"`}`,
    expected: `"${name}"`,
    found: list,
    place: { file, member: name, ...place },
    advice: `${hint}The file holds ${list}. Where the names differ, write source: "…" at the field.`,
  });
}

/** The name that takes the fewest edits to reach, where they are few for its length. */
export function nearest(name: string, names: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestEdits = Math.max(1, Math.floor(name.length / 3)) + 1;
  for (const candidate of names) {
    const edits = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (edits < bestEdits) [best, bestEdits] = [candidate, edits];
  }
  return best;
}
