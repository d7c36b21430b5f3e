import { expect, test } from 'vitest';
import { integer, real } from '../../tensor/array.ts';
import { fromGraph, toGraph } from './host-conversion.ts';
import { findingFrom } from './test-support.ts';

test('float64 and int32 become what the graph takes', () => {
  const reals = [real([2], [1.1, -2]), real([1], [3])];
  expect(toGraph(reals, 'float32', 'x')).toEqual(Float32Array.of(1.1, -2, 3));
  expect(toGraph(reals, 'float64', 'x')).toEqual(Float64Array.of(1.1, -2, 3));
  expect(toGraph([real([2], [1, -2])], 'float16', 'x')).toEqual(Uint16Array.of(0x3c00, 0xc000));
  expect(toGraph([integer([2], [7, -1])], 'int64', 'x')).toEqual(BigInt64Array.of(7n, -1n));
  expect(toGraph([real([2], [7, -1])], 'int32', 'x')).toEqual(Int32Array.of(7, -1));
  expect(toGraph([integer([2], [1, 0])], 'bool', 'x')).toEqual(Uint8Array.of(1, 0));
  expect(toGraph([integer([2], [1, 0])], 'float32', 'x')).toEqual(Float32Array.of(1, 0));
});

test.each([
  [1.5, 'int64', 'integers'],
  [Number.NaN, 'int32', 'integers from -2147483648 to 2147483647'],
  [2 ** 31, 'int32', 'integers from -2147483648 to 2147483647'],
  [-1, 'uint8', 'integers from 0 to 255'],
  [2, 'bool', '0 and 1'],
  [7e4, 'float16', 'numbers up to 65504'],
  [1e39, 'float32', 'numbers up to 3.4028234663852886e+38'],
  [-1, 'uint64', 'integers from 0 on'],
])('%d does not fit into %s', async (value, dtype, expected) => {
  expect(await findingFrom(() => toGraph([real([1], [value])], dtype, 'charge'))).toMatchObject({
    code: 'model/onnx-value',
    message: `the graph's input \`charge\` is ${dtype}, which cannot hold ${value}`,
    expected,
  });
});

test('not-a-number and infinity go through as they are: the verifier reports them', () => {
  expect(toGraph([real([2], [Number.NaN, Number.POSITIVE_INFINITY])], 'float32', 'x')).toEqual(
    Float32Array.of(Number.NaN, Number.POSITIVE_INFINITY),
  );
});

test('what a run returns, part by part', async () => {
  expect(fromGraph(Float32Array.of(0, 1, 2, 3), 'float32', 2, [2, 1], 'y')).toEqual(real([2, 1], [2, 3]));
  expect(fromGraph(BigInt64Array.of(4n, -5n), 'int64', 1, [], 'y')).toEqual(integer([], [-5]));
  expect(fromGraph(Uint8Array.of(1, 0), 'bool', 0, [2], 'y')).toEqual(integer([2], [1, 0]));
  expect(fromGraph(Uint16Array.of(0x3c00, 0xc000), 'float16', 0, [2], 'y')).toEqual(real([2], [1, -2]));
  const found = await findingFrom(() => fromGraph(BigInt64Array.of(2n ** 40n), 'int64', 0, [], 'y'));
  expect(found.message).toBe(
    "the graph's output `y` is int64 and holds 1099511627776, which is beyond 32 bits",
  );
});
