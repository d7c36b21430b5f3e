/** The Fault for a line that is not in its format, the same for every format of structures. */
import { Fault } from '../../fault.ts';

/** `format` as a person names it: "a PDB file". `rule` ends the sentence before what was expected and found. */
export function badLine(
  format: string,
  at: { readonly file: string | undefined; readonly line: number },
  rule: string,
  expected: string,
  found: string,
): Fault {
  const short = found.length > 60 ? `${found.slice(0, 57)}...` : found;
  return new Fault({
    code: 'data/syntax',
    message: `Line ${at.line} is not ${format}: ${rule}; expected ${expected}, found ${JSON.stringify(short)}`,
    expected,
    found: short,
    place: at,
    advice: 'Correct the line, or write the file again.',
  });
}
