/** Terms, groups and options as values. What is said of wrong ones is in messages.test.ts. */
import { typeText } from '@noether/engine/catalog';
import { describe, expect, test } from 'vitest';
import { closest, editDistance, listText } from './closest.ts';
import { docCommentOf } from './documentation.ts';
import type { Check, Data, Model, Specification } from './generated/ast.ts';
import { groupOf } from './groups.ts';
import { parseIrreps } from './irreps.ts';
import { checkOptions, dataOptions, trainOptions } from './option-descriptions.ts';
import { defaultText, optionTypeText } from './option-text.ts';
import { readOptions, withDefaults } from './options.ts';
import { readCheck } from './read-check.ts';
import { readData } from './read-data.ts';
import { readModel } from './read-model.ts';
import { build, fixture } from './testing/build.ts';
import { distances } from './testing/distances.ts';
import { unquote } from './text-conversion.ts';

async function itemsOf(text: string) {
  const { document } = await build(text);
  expect(document.parseResult.parserErrors).toEqual([]);
  return (document.parseResult.value as Specification).items;
}

const dataOf = async (block: string) => (await itemsOf(`data d from "d.npz" { ${block} }`))[0] as Data;
const checkOf = async (rest: string) => (await itemsOf(`check m on d under ${rest}`))[0] as Check;

describe('types', () => {
  test('every type is written back as it was read', async () => {
    const data = (await itemsOf(fixture('valid/types.equi')))[0] as Data;
    const { fields } = readData(data);
    expect(fields).toHaveLength(data.entries.length);
    for (const { type, node } of fields) {
      const written = node.value.$cstNode!.text.replaceAll('8x0e + 4x1o', '8x0e+4x1o');
      expect(typeText(type)).toBe(written);
    }
  });

  test('dimensions by name, sizes and index sets', async () => {
    const { fields } = readData(await dataOf('a: tensor(2, dim: 2)[node, 3]  b: vector(dim: 2)'));
    expect(fields.map(({ type }) => type)).toEqual([
      { representation: { kind: 'tensor', rank: 2, dim: 2 }, axes: [{ index: 'node' }, { size: 3 }] },
      { representation: { kind: 'vector', dim: 2 }, axes: [] },
    ]);
  });

  test('irreps without multiplicity count once', () => {
    expect(parseIrreps(' 0e+ 2 x 1o')).toEqual({
      irreps: [
        { multiplicity: 1, degree: 0, parity: 1 },
        { multiplicity: 2, degree: 1, parity: -1 },
      ],
    });
  });

  test('a type makes a field of an entry that is called like an option', async () => {
    const { fields, samples } = readData(await dataOf('samples: scalar[point]  skip: 3'));
    expect(fields.map(({ name }) => name)).toEqual(['samples']);
    expect(samples).toBe(16);
  });
});

describe('groups', () => {
  test.each([
    ['trivial', { kind: 'trivial' }],
    ['S(atom)', { kind: 'S', index: 'atom' }],
    ['S("my set")', { kind: 'S', index: 'my set' }],
    ['T(3)', { kind: 'T', dim: 3, scale: 1 }],
    ['T(dim: 2, scale: 1e1)', { kind: 'T', dim: 2, scale: 10 }],
    ['SO(2)', { kind: 'SO', dim: 2 }],
    ['O(3)', { kind: 'O', dim: 3 }],
    ['SE(3, scale: 10)', { kind: 'SE', dim: 3, scale: 10 }],
    ['E(2)', { kind: 'E', dim: 2, scale: 1 }],
    ['Lorentz', { kind: 'Lorentz', rapidity: 1 }],
    ['Lorentz(rapidity: 2)', { kind: 'Lorentz', rapidity: 2 }],
    ['Z2', { kind: 'Z2' }],
    ['Z2(mode)', { kind: 'Z2', index: 'mode' }],
    ['C(4)', { kind: 'C', n: 4 }],
    ['D(6)', { kind: 'D', n: 6 }],
    ['shift(w)', { kind: 'shift', index: 'w' }],
    [
      'SO(3) * S(atom)',
      {
        kind: 'product',
        factors: [
          { kind: 'SO', dim: 3 },
          { kind: 'S', index: 'atom' },
        ],
      },
    ],
  ])('%s', async (text, spec) => {
    expect(groupOf((await checkOf(text)).group)).toEqual(spec);
  });
});

describe('options', () => {
  test('defaults of a check come from the caller, then from the text', async () => {
    const defaults = { elements: 8, confidence: 0.9, seed: 5, timeLimit: 7 };
    const bare = readCheck(await checkOf('SO(3)'), defaults);
    expect({ ...bare.options, time: bare.timeLimit }).toEqual({
      within: 'auto',
      elements: 8,
      confidence: 0.9,
      seed: 5,
      expect: 'holds',
      time: 7,
    });
    const full = await checkOf(
      'SO(3) { within: 1e-5 elements: 3 confidence: 0.5 seed: 0 expect: violated time: 9 }',
    );
    const reading = readCheck(full, defaults);
    expect({ ...reading.options, time: reading.timeLimit }).toEqual({
      within: 1e-5,
      elements: 3,
      confidence: 0.5,
      seed: 0,
      expect: 'violated',
      time: 9,
    });
  });

  test('every kind of value', async () => {
    const model = (
      await itemsOf(
        'model m is Distances { width: 8 rate: 1e-3 deep: true space: R2 inputs: [distances, coordinates] marks: mass sizes: [1, 2] graph: knn(16) weights: "w.safetensors" }',
      )
    )[0] as Model;
    expect(readModel(model, { families: [distances] })).toMatchObject({
      kind: 'family',
      options: {
        width: 8,
        rate: 0.001,
        deep: true,
        space: 'R2',
        inputs: ['distances', 'coordinates'],
        marks: ['mass'],
        sizes: [1, 2],
        graph: { call: 'knn', arguments: [16] },
      },
      weights: 'w.safetensors',
    });
    const bare = (await itemsOf('model m is Distances { inputs: coordinates graph: full }'))[0] as Model;
    expect(readModel(bare, { families: [distances] })).toMatchObject({
      options: { width: 32, inputs: ['coordinates'], graph: 'full', marks: [] },
    });
  });

  test('maps and functions', async () => {
    const { sizes } = readData(
      await dataOf('x: scalar[atom, edge]  sizes: [atom: n_atoms, edge: "n-edges"]'),
    );
    expect(sizes).toEqual({ atom: 'n_atoms', edge: 'n-edges' });
    const train = (await itemsOf('train m on d { loss: cross_entropy(part) }'))[0] as unknown as Check;
    expect(readOptions(train.entries, trainOptions, 'training').given).toEqual({
      loss: 'cross_entropy(part)',
    });
  });

  test('values that are wrong are left out', async () => {
    const { entries } = await checkOf('SO(3) { elements: many  seed: 1  seed: 2 }');
    const { given } = readOptions(entries, checkOptions, 'a check');
    expect(given).toEqual({ seed: 1 });
    expect(withDefaults(checkOptions, given)).toMatchObject({ elements: 64, seed: 1, within: 'auto' });
  });

  test('in words', () => {
    const words = [...checkOptions, ...dataOptions, ...distances.options].map(
      (option) => `${option.name}: ${optionTypeText(option)} = ${defaultText(option)}`,
    );
    expect(words).toMatchInlineSnapshot(`
      [
        "within: a number of at least 0, or auto = auto",
        "elements: a whole number from 1 to 1e6 = 64",
        "confidence: a number from 0.5 to 0.999999 = 0.95",
        "seed: a whole number from 0 to 4294967295 = 0",
        "share: a number from 1e-6 to 0.5 = none",
        "budget: a whole number from 1 to 1e8 = 100000",
        "search: none or worst = none",
        "expect: holds, violated or inconclusive = holds",
        "time: a number from 0.1 to 86400 = 60",
        "soft: true or false = false",
        "loss: cross_entropy(FIELD), l1(FIELD), mse(FIELD) or huber(FIELD) = none",
        "samples: a whole number of at least 1 = 16",
        "skip: a whole number of at least 0 = 0",
        "sizes: names by names, such as [atom: n_atoms] = []",
        "snapshot: a number of at least 1e-9 = none",
        "window: a whole number of at least 2 = 6",
        "stride: a whole number of at least 1 = none",
        "width: a whole number from 1 to 1024 = 32",
        "rate: a number of at least 0 = none",
        "deep: true or false = false",
        "space: R3 or R2 = R3",
        "inputs: one or several of distances and coordinates = distances",
        "marks: one or several names of data fields = []",
        "sizes: one or several whole numbers of at least 1 = [1, 1]",
        "graph: full or knn(k) = full",
      ]
    `);
  });
});

describe('names and texts', () => {
  test('edit distance counts a swap of neighbours once', () => {
    expect(editDistance('chekc', 'check')).toBe(1);
    expect(editDistance('', 'abc')).toBe(3);
    expect(editDistance('kitten', 'sitting')).toBe(3);
  });

  test('the closest name', () => {
    const known = ['scalar', 'vector', 'position', 'S', 'SO'];
    expect(closest('vectr', known)).toBe('vector');
    expect(closest('POSITION', known)).toBe('position');
    expect(closest('pos', known)).toBe('position');
    expect(closest('x', known)).toBeUndefined();
    expect(closest('quaternion', known)).toBeUndefined();
  });

  test('lists', () => {
    expect(listText([])).toBe('');
    expect(listText(['a'])).toBe('a');
    expect(listText(['a', 'b', 'c'])).toBe('a, b or c');
  });

  test('backslashes of paths are kept', () => {
    expect(unquote('"data\\new.npz"')).toBe('data\\new.npz');
    expect(unquote('"a \\"b\\" \\\\"')).toBe('a "b" \\');
  });

  test('doc comments touch their declaration', async () => {
    const items = await itemsOf(
      '/// One.\n///   Two.\nmodel a is Rapidash\n/// Free.\n\nmodel b is Rapidash // no\nmodel c is Rapidash',
    );
    expect(items.map(docCommentOf)).toEqual(['One.\n  Two.', undefined, undefined]);
  });
});
