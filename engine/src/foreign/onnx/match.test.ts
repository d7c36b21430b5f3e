import { expect, test } from 'vitest';
import type { OnnxDim, OnnxPort } from './inspect.ts';
import { type DeclaredPort, matchPorts } from './match.ts';
import { field, findingFrom } from './test-support.ts';

const port = (name: string, dims: OnnxDim[] | undefined, dtype = 'float32'): OnnxPort => ({
  name,
  dtype,
  dims,
});
const positions = field('positions', 'position', 'atom');
const forces = field('forces', 'vector', 'atom');
const energy = field('energy', 'scalar');

function match(inputs: DeclaredPort[], outputs: DeclaredPort[], graphIn: OnnxPort[], graphOut: OnnxPort[]) {
  return matchPorts({ inputs, outputs }, { inputs: graphIn, outputs: graphOut }, '/net.onnx');
}

const finding = (...given: Parameters<typeof match>) => findingFrom(() => match(...given));

function batched({ inputs, outputs }: ReturnType<typeof match>): boolean[] {
  return [...inputs, ...outputs].map((matched) => matched.batched);
}

test('one sample for each run without a batch axis, any number with one', () => {
  const plain = match([positions], [forces], [port('positions', ['atom', 3])], [port('forces', ['atom', 3])]);
  expect([plain.batch, batched(plain)]).toEqual([1, [false, false]]);
  const free = match(
    [positions],
    [energy],
    [port('positions', [undefined, 'n', 3])],
    [port('energy', ['batch'])],
  );
  expect([free.batch, batched(free)]).toEqual(['any', [true, true]]);
});

test('a fixed batch axis keeps its size', () => {
  const one = match([positions], [energy], [port('positions', [1, 'n', 3])], [port('energy', [1])]);
  expect([one.batch, batched(one)]).toEqual([1, [true, true]]);
  const four = match([positions], [energy], [port('positions', [4, 'n', 3])], [port('energy', [4])]);
  expect(four.batch).toBe(4);
});

test('trailing axes of size 1 are let through', () => {
  const charges = field('charges', 'scalar', 'atom');
  const flat = match([charges], [energy], [port('charges', ['n', 1])], [port('energy', [1])]);
  expect([flat.batch, batched(flat)]).toEqual([1, [false, false]]);
  const stacked = match([charges], [energy], [port('charges', ['b', 'n', 1])], [port('energy', ['b', 1])]);
  expect([stacked.batch, batched(stacked)]).toEqual(['any', [true, true]]);
});

test('an array shared by the batch, or an output summed over it, leaves one sample for each run', () => {
  const edges = field('edges', 'constant', 2, 'edge');
  const shared = match(
    [positions, edges],
    [energy],
    [port('positions', ['b', 'n', 3]), port('edges', [2, 'e'], 'int64')],
    [port('energy', ['b'])],
  );
  expect([shared.batch, batched(shared)]).toEqual([1, [true, false, true]]);
  expect(match([positions], [energy], [port('positions', ['b', 'n', 3])], [port('energy', [])]).batch).toBe(
    1,
  );
});

test('an output of unstated rank does not stand in the way', () => {
  expect(
    match([positions], [energy], [port('positions', ['b', 'n', 3])], [port('energy', undefined)]).batch,
  ).toBe('any');
});

test('an output may have another name in the graph', () => {
  const renamed = { ...energy, source: 'out_0' };
  const matching = match([positions], [renamed], [port('positions', ['n', 3])], [port('out_0', [])]);
  expect(matching.outputs[0]).toMatchObject({ field: { name: 'energy' }, port: { name: 'out_0' } });
});

test('unknown names, with the list and the closest', async () => {
  const graphIn = [port('positions', ['b', 'n', 3]), port('species', ['b', 'n'], 'int64')];
  expect(await finding([field('position', 'position', 'atom')], [], graphIn, [])).toMatchObject({
    code: 'model/onnx-unknown-input',
    message: 'the graph has no input `position`; did you mean `positions`?',
    expected: 'positions: float32[b, n, 3], species: int64[b, n]',
    place: { file: '/net.onnx', member: 'position' },
  });
  expect((await finding([field('velocity', 'vector', 'atom')], [], graphIn, [])).message).toBe(
    'the graph has no input `velocity`',
  );
  expect(await finding([], [energy], [], [port('Energy_0', [])])).toMatchObject({
    code: 'model/onnx-unknown-output',
    message: 'the graph has no output `energy`; did you mean `Energy_0`?',
  });
});

test('an input that is not declared', async () => {
  const graphIn = [port('positions', ['n', 3]), port('species', ['n'], 'int64')];
  expect(await finding([positions], [], graphIn, [])).toMatchObject({
    code: 'model/onnx-undeclared-input',
    message: 'the graph needs the input `species`, int64[n], which is not declared',
    expected: 'input species: …',
    found: 'input positions: position[atom]',
  });
});

test('a wrong rank', async () => {
  expect(await finding([positions], [], [port('positions', ['a', 'b', 'n', 3])], [])).toMatchObject({
    code: 'model/onnx-rank',
    message: "declared position[atom] is rank 2 [atom, 3], the graph's `positions` is float32[a, b, n, 3]",
    expected: '[atom, 3], or with a batch axis in front',
  });
  expect((await finding([positions], [], [port('positions', [3])], [])).code).toBe('model/onnx-rank');
  const category = field('part', { kind: 'category', count: 4 }, 'point');
  expect((await finding([category], [], [port('part', ['b', 'n', 4])], [])).advice).toContain('OneHot');
});

test('a wrong size', async () => {
  expect(await finding([positions], [], [port('positions', ['b', 'n', 4])], [])).toMatchObject({
    code: 'model/onnx-size',
    message:
      "declared position[atom] has 3 entries where the graph's `positions`, float32[b, n, 4], has 4 (axis 2)",
    expected: '4',
    found: '3',
  });
});

test('element types that do not fit', async () => {
  expect(await finding([positions], [], [port('positions', ['n', 3], 'int64')], [])).toMatchObject({
    code: 'model/onnx-dtype',
    message:
      '`positions` is declared position[atom] and is int64[n, 3] in the graph: a position holds real numbers, and int64 does not',
  });
  const strings = await finding([field('name', 'constant')], [], [port('name', [], 'string')], []);
  expect(strings.message).toContain('string cannot be exchanged with the runtime');
});
