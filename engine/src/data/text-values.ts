/** Numbers and truth values as text formats write them. */

const realPattern = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eEdD][+-]?\d+)?$/;
const integerPattern = /^[+-]?\d+$/;

/** A real number, Fortran's 1.0D-3 included; nan and inf give what they say; undefined for anything else. */
export function parseReal(text: string): number | undefined {
  if (realPattern.test(text)) {
    const value = Number(text);
    return Number.isNaN(value) ? Number(text.replace(/[dD]/, 'e')) : value;
  }
  switch (text.toLowerCase()) {
    case 'nan':
    case '+nan':
    case '-nan':
      return Number.NaN;
    case 'inf':
    case '+inf':
    case 'infinity':
      return Number.POSITIVE_INFINITY;
    case '-inf':
    case '-infinity':
      return Number.NEGATIVE_INFINITY;
    default:
      return undefined;
  }
}

/** An integer that fits in int32; undefined for anything else. */
export function parseInteger(text: string): number | undefined {
  if (!integerPattern.test(text)) return undefined;
  const value = Number(text);
  return value === (value | 0) ? value | 0 : undefined;
}

/** 1 for T or true, 0 for F or false, in any case; undefined for anything else. */
export function parseLogical(text: string): 0 | 1 | undefined {
  if (/^(?:t|true)$/i.test(text)) return 1;
  if (/^(?:f|false)$/i.test(text)) return 0;
  return undefined;
}
