/** One value of one sample as its declaration has it: reals as float64, categories as int32 codes, all checked. */
import { Fault, type Place } from '../fault.ts';
import { type Field, typeText } from '../signature.ts';
import { isReal, type NdArray, sizeOf, type TextArray } from '../tensor/array.ts';
import { isText } from './array-file.ts';
import type { Budget } from './limits.ts';

/** Codes of the texts of a field, by text. */
export type Codes = ReadonlyMap<string, number>;

/** True for the types whose values name a class: text may stand for them. */
export function takesText({ type }: Field): boolean {
  return type.representation.kind === 'category' || type.representation.kind === 'label';
}

/** Throws `data/wrong-dtype` where a field cannot be made of such values. */
export function checkKind(
  field: Field,
  kind: 'real' | 'integer' | 'text',
  found: string,
  place: Place,
): void {
  if (kind !== 'text' || takesText(field)) return;
  throw new Fault({
    code: 'data/wrong-dtype',
    message: `"${field.name}" is declared ${typeText(field.type)}, which is made of numbers; the file has ${found}`,
    expected: 'floats or integers',
    found,
    place,
    advice: 'Declare text as category(k), or name a numeric array with source.',
  });
}

/**
 * Codes of a field's texts: their position among the sorted distinct texts of the whole file, so that a code does not
 * depend on how many samples are used. Throws `data/too-many-categories`.
 */
export function codesOf(field: Field, vocabulary: readonly string[], place: Place): Codes {
  const { representation } = field.type;
  if (representation.kind === 'category' && vocabulary.length > representation.count) {
    const some = vocabulary.slice(0, 6).map((text) => `"${text}"`);
    throw new Fault({
      code: 'data/too-many-categories',
      message: `"${field.name}" is declared ${typeText(field.type)}; the file has ${vocabulary.length} different texts`,
      expected: `at most ${representation.count} different texts`,
      found: `${some.join(', ')}${vocabulary.length > some.length ? ', …' : ''}`,
      place,
      advice: `Declare category(${vocabulary.length}).`,
    });
  }
  return new Map(vocabulary.map((text, code) => [text, code]));
}

/**
 * Converts and checks. `sample` names the sample in messages, `codes` is needed for text.
 * Throws `data/empty`, `data/not-finite`, `data/not-an-integer`, `data/category-out-of-range`.
 */
export function bindValue(
  field: Field,
  value: NdArray | TextArray,
  codes: Codes | undefined,
  sample: string,
  budget: Budget,
  place: Place,
): NdArray {
  const { shape } = value;
  if (sizeOf(shape) === 0) {
    throw new Fault({
      code: 'data/empty',
      message: `"${field.name}" has no entries in ${sample}: its shape is [${shape.join(', ')}]`,
      expected: 'at least one entry',
      found: `[${shape.join(', ')}]`,
      place,
      advice: 'Leave empty samples out of the file.',
    });
  }
  if (isText(value)) {
    budget.reserve(4 * value.text.length, place);
    return { shape, data: Int32Array.from(value.text, (text) => codes!.get(text)!) };
  }
  if (takesText(field)) return classes(field, value, sample, budget, place);
  if (isReal(value)) {
    checkFinite(field, value, sample, place);
    return value;
  }
  // Integers that count or name things stay integers; a constant is not acted on, so it can be either.
  if (field.type.representation.kind === 'constant') return value;
  budget.reserve(8 * value.data.length, place);
  return { shape, data: Float64Array.from(value.data) };
}

function checkFinite(field: Field, { shape, data }: NdArray, sample: string, place: Place): void {
  for (let i = 0; i < data.length; i++) {
    if (Number.isFinite(data[i])) continue;
    throw new Fault({
      code: 'data/not-finite',
      message: `"${field.name}" is ${data[i]} at ${indexText(i, shape)} of ${sample}`,
      expected: 'finite numbers',
      found: String(data[i]),
      place,
      advice: 'Remove the sample or repair the value; for padding, say with sizes how many entries are real.',
    });
  }
}

function classes(
  field: Field,
  { shape, data }: NdArray,
  sample: string,
  budget: Budget,
  place: Place,
): NdArray {
  const { representation } = field.type;
  const count = representation.kind === 'category' ? representation.count : undefined;
  for (let i = 0; i < data.length; i++) {
    const code = data[i]!;
    const where = `at ${indexText(i, shape)} of ${sample}`;
    // Stored as a float, a class is still a class, so long as it is whole.
    if (code !== (code | 0)) {
      throw new Fault({
        code: 'data/not-an-integer',
        message: `"${field.name}" is declared ${typeText(field.type)}, but is ${code} ${where}`,
        expected: 'integers',
        found: String(code),
        place,
        advice: 'Store integer codes or text, or declare the field as scalar.',
      });
    }
    if (count !== undefined && (code < 0 || code >= count)) {
      throw new Fault({
        code: 'data/category-out-of-range',
        message: `"${field.name}" is declared ${typeText(field.type)}, so in 0..${count - 1}, but is ${code} ${where}`,
        expected: `integers in 0..${count - 1}`,
        found: String(code),
        place,
        advice:
          code < 0 ? 'Store codes from 0 up.' : `Codes start at 0; declare category(${code + 1}) or more.`,
      });
    }
  }
  if (data instanceof Int32Array) return { shape, data };
  budget.reserve(4 * data.length, place);
  return { shape, data: Int32Array.from(data) };
}

/** "[4, 2]" for flat index i; "its one value" for a scalar. */
function indexText(i: number, shape: readonly number[]): string {
  if (shape.length === 0) return 'its one value';
  const index: number[] = [];
  let rest = i;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    index.unshift(rest % shape[axis]!);
    rest = Math.floor(rest / shape[axis]!);
  }
  return `[${index.join(', ')}]`;
}
