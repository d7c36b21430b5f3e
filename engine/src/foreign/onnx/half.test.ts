import fc from 'fast-check';
import { expect, test } from 'vitest';
import { float16Max, fromBfloat16Bits, fromFloat16Bits, toFloat16Bits } from './half.ts';

test('every float16 survives the way there and back', () => {
  for (let bits = 0; bits < 0x10000; bits++) {
    const value = fromFloat16Bits(bits);
    if (Number.isNaN(value)) expect(Number.isNaN(fromFloat16Bits(toFloat16Bits(value)))).toBe(true);
    else if (toFloat16Bits(value) !== bits) expect.fail(`${bits}: ${value} -> ${toFloat16Bits(value)}`);
  }
});

test('known values', () => {
  expect(fromFloat16Bits(0x3c00)).toBe(1);
  expect(fromFloat16Bits(0xc000)).toBe(-2);
  expect(fromFloat16Bits(0x0001)).toBe(2 ** -24);
  expect(fromFloat16Bits(0x7bff)).toBe(float16Max);
  expect(fromFloat16Bits(0x3555)).toBeCloseTo(1 / 3, 3);
  expect(toFloat16Bits(65520)).toBe(0x7c00);
  expect(toFloat16Bits(65519)).toBe(0x7bff);
  expect(toFloat16Bits(1e300)).toBe(0x7c00);
  expect(toFloat16Bits(-1e-30)).toBe(0x8000);
  expect(fromBfloat16Bits(0x3f80)).toBe(1);
  expect(fromBfloat16Bits(0xc040)).toBe(-3);
});

test('rounds to the nearest, ties to even', () => {
  expect(toFloat16Bits(1 + 2 ** -11)).toBe(0x3c00);
  expect(toFloat16Bits(1 + 3 * 2 ** -11)).toBe(0x3c02);
  expect(toFloat16Bits(2 - 2 ** -12)).toBe(0x4000);
  fc.assert(
    fc.property(fc.double({ min: -float16Max, max: float16Max, noNaN: true }), (value) => {
      const bits = toFloat16Bits(value);
      const error = Math.abs(fromFloat16Bits(bits) - value);
      const beside = [bits - 1, bits + 1].map((other) => Math.abs(fromFloat16Bits(other & 0xffff) - value));
      return beside.every((distance) => !(distance < error));
    }),
  );
});
