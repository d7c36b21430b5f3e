/** Names of values in extended XYZ: the same thing goes by several names, and atomic numbers follow from symbols. */
import { Fault } from '../fault.ts';
import { integer, type NdArray, type TextArray } from '../tensor/array.ts';
import { isText } from './array-file.ts';
import { atomicNumber } from './elements.ts';
import type { Frame } from './frames.ts';

const synonyms: readonly (readonly string[])[] = [
  ['pos', 'positions', 'position', 'coordinates', 'R'],
  ['numbers', 'Z', 'z', 'atomic_numbers'],
  ['species', 'symbols', 'element', 'elements'],
  ['forces', 'force', 'F'],
  ['energy', 'E'],
  ['Lattice', 'lattice', 'cell'],
];

/**
 * A frame's value: of that very name, else of a synonym, else atomic numbers made from the column of symbols.
 * Throws `data/unknown-element` for a symbol that is none.
 */
export function frameValue(frame: Frame, name: string, file?: string): NdArray | TextArray | undefined {
  const exact = frame.values.get(name);
  if (exact) return exact;
  const group = synonyms.find((names) => names.includes(name)) ?? [];
  for (const other of group) {
    const value = frame.values.get(other);
    if (value) return value;
  }
  if (!group.includes('numbers')) return undefined;
  const species = frameValue(frame, 'species', file);
  return species && isText(species) ? numbersOf(species, frame, file) : undefined;
}

function numbersOf(species: TextArray, frame: Frame, file: string | undefined): NdArray {
  const numbers = species.text.map((symbol, i) => {
    const number = atomicNumber(symbol);
    if (number !== undefined) return number;
    const line = frame.line + 2 + i;
    throw new Fault({
      code: 'data/unknown-element',
      message: `Line ${line}: "${symbol}" is not the symbol of an element, so it has no atomic number`,
      expected: 'an element symbol such as C',
      found: symbol,
      place: { file, member: 'species', line },
      advice: 'Correct the symbol, or declare the field with source: "species" to code the names themselves.',
    });
  });
  return integer(species.shape, numbers);
}
