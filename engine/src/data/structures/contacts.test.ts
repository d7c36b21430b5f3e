/** Lists of contacts: graphs of equal duration, windows of them, and what is said of lists that do not fit. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { Fault } from '../../fault.ts';
import type { Field } from '../../signature.ts';
import type { ContactWindows, Sample } from '../dataset.ts';
import { inspectDataFile } from '../inspect.ts';
import { loadDataset } from '../load.ts';

const folder = mkdtempSync(join(tmpdir(), 'noether-contacts-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const [time, node] = [{ index: 'time' }, { index: 'node' }];
const fields: Field[] = [
  { name: 'adjacency', type: { representation: { kind: 'scalar' }, axes: [time, node, node] } },
  { name: 'times', type: { representation: { kind: 'constant' }, axes: [time] } },
  { name: 'asked', type: { representation: { kind: 'constant' }, axes: [{ index: 'query' }] } },
  { name: 'contact', type: { representation: { kind: 'category', count: 2 }, axes: [node, node] } },
  { name: 'begin', type: { representation: { kind: 'constant' }, axes: [] } },
];

async function load(text: string, contacts?: ContactWindows, name = 'list.tij'): Promise<readonly Sample[]> {
  const file = join(folder, name);
  writeFileSync(file, text);
  const rest = contacts ? { contacts } : {};
  const spec = { file, fields, samples: 64, skip: 0, sizes: {}, ...rest };
  return (await loadDataset(spec, { maxBytes: 2 ** 24 })).samples;
}

async function messageOf(loading: Promise<unknown>): Promise<string> {
  const error = await loading.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof Fault ? `${error.finding.code}: ${error.finding.message}` : String(error);
}

/** Graphs of 40 s from 20 s on: {7-9 twice, 8-9}, {}, {7-8}, {8-9}, {7-9}. */
const list = '20\t9\t7\n40\t7\t9\n59\t8\t9\n100\t7\t8\n179\t8\t9\n180\t7\t9\n';
const windows = { snapshot: 40, window: 2, stride: 1 };

it('gathers contacts to graphs of equal duration, and windows of them with the graph after', async () => {
  const samples = await load(list, windows);
  expect(samples).toHaveLength(3);
  const [first, second, third] = samples.map(({ values }) => values);
  expect([...first!.adjacency!.data]).toEqual([0, 0, 2, 0, 0, 1, 2, 1, 0, ...Array(9).fill(0)]);
  expect([...first!.contact!.data]).toEqual([0, 1, 0, 1, 0, 0, 0, 0, 0]);
  expect([...second!.adjacency!.data.slice(9)]).toEqual([...first!.contact!.data]);
  expect([...third!.contact!.data]).toEqual([0, 0, 1, 0, 0, 0, 1, 0, 0]);
  expect([...third!.times!.data, ...third!.asked!.data, ...third!.begin!.data]).toEqual([0, 1, 2, 100]);
});

it('leaves out what is too short for a window and the graph after it', async () => {
  expect(await load(list, { ...windows, stride: 2 })).toHaveLength(2);
  expect(await load(list, { ...windows, window: 4 })).toHaveLength(1);
});

it('reads weights, groups that it leaves, columns in another order, and lines in any order', async () => {
  const plain = await load(list, windows);
  const values = (samples: readonly Sample[]) => samples.map((sample) => sample.values);
  const lines = list
    .trim()
    .split('\n')
    .map((line) => line.split('\t'));
  const groups = lines.map((words) => [...words, '2BIO', 'MP'].join(' ')).join('\n');
  const named = ['i,t,j', ...lines.reverse().map(([t, i, j]) => [i, t, j].join())].join('\n');
  expect(values(await load(groups, windows))).toEqual(values(plain));
  expect(values(await load(named, windows))).toEqual(values(plain));
  const [weighted] = await load('0 a b 0.5\n1 b a 2\n2 a b 1\n4 a b 1\n', {
    snapshot: 2,
    window: 2,
    stride: 2,
  });
  expect([...weighted!.values.adjacency!.data]).toEqual([0, 2.5, 2.5, 0, 0, 1, 1, 0]);
});

it('shows names and shapes without being told how long a graph lasts', async () => {
  await load(list, windows);
  const arrays = await inspectDataFile(join(folder, 'list.tij'));
  expect(Object.fromEntries(arrays.map(({ name, shape }) => [name, shape]))).toEqual({
    node: [null, 3],
    adjacency: [null, null, 3, 3],
    times: [null, null],
    asked: [null, 1],
    contact: [null, 3, 3],
    begin: [null],
  });
});

it.each<[string, ContactWindows | undefined, string, string]>([
  [
    list,
    undefined,
    'list.tij',
    'data/snapshots: A list of contacts has no graphs yet: `snapshot` says how long each of them lasts',
  ],
  [
    list,
    windows,
    'list.edges',
    'data/snapshots: `snapshot` cuts a list of contacts into graphs, and this file is none',
  ],
  [
    list,
    { ...windows, window: 5 },
    'list.tij',
    'data/snapshots: The contacts last 5 graphs of 40, and one sample takes 5 and the one after them',
  ],
  [
    '20 1 2\nlate 1 2\n',
    windows,
    'list.tij',
    'data/syntax: Line 2 is not a list of contacts: time is a number; expected a number, found "late"',
  ],
  [
    'source,target\n1,2\n',
    windows,
    'list.tij',
    'data/syntax: Line 1 is not a list of contacts: it says when each contact was; expected a column t, found "source target"',
  ],
  [
    '1 2\n',
    windows,
    'list.tij',
    'data/syntax: Line 1 is not an edge list: a line without a header above it is an edge; expected time, i and j, perhaps with a weight or two groups, found "1 2"',
  ],
  ['# nobody met\n', windows, 'list.tij', 'data/empty: The file holds no samples'],
])('says what is wrong (%#)', async (text, contacts, name, message) => {
  expect(await messageOf(load(text, contacts, name))).toBe(message);
});
