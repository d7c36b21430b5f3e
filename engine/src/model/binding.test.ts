import { expect, test } from 'vitest';
import { Fault } from '../fault.ts';
import type { Field, Representation } from '../signature.ts';
import { bindInputs } from './binding.ts';

const field = (name: string, representation: Representation, index = 'atom'): Field => ({
  name,
  type: { representation, axes: [{ index }] },
});
const position = (name: string, index?: string) => field(name, { kind: 'position', dim: 3 }, index);
const category = (name: string, count: number) => field(name, { kind: 'category', count });
const bind = (input: Field, fields: Field[], source?: string) =>
  bindInputs({ inputs: [input], outputs: [] }, fields, source ? { [input.name]: source } : {})[0]!.field.name;

test('a declared source wins, then the same name, then the only field of the type', () => {
  const fields = [position('pos'), position('reference')];
  expect(bind(position('pos'), fields, 'reference')).toBe('reference');
  expect(bind(position('pos'), fields)).toBe('pos');
  expect(bind(position('x'), [position('pos'), category('kind', 3)])).toBe('pos');
});

test('fewer categories feed more, not the other way round', () => {
  expect(bind(category('species', 10), [category('kind', 3)])).toBe('kind');
  expect(() => bind(category('kind', 3), [category('kind', 10)])).toThrow(Fault);
});

test.each([
  ['unbound', position('x'), [category('kind', 3)], 'no data field feeds input `x` (position[atom])'],
  [
    'ambiguous',
    position('x'),
    [position('a'), position('b')],
    'several data fields could feed input `x`: a, b',
  ],
  [
    'type',
    position('x'),
    [position('x', 'point')],
    "input `x` is position[atom], but the data's `x` is position[point]",
  ],
])('an input that is %s is said so', (_, input, fields, message) => {
  expect(() => bind(input, fields)).toThrow(message);
});
