import { describe, expect, it } from 'vitest';
import { createGroup } from '../../group/index.ts';
import { real } from '../../tensor/array.ts';
import { openRuntime, randomFromSeed } from '../../tensor/index.ts';
import { dimensionOf, parseRepresentation, representationOf, representationText } from './representation.ts';
import { transform } from './transform.ts';

describe('the notation', () => {
  it('is sorted and added up', () => {
    const parsed = parseRepresentation('2x1n+3x0n+1x1n+1x0p');
    expect(representationText(parsed)).toBe('3x0n+1x0p+3x1n');
    expect(dimensionOf(parsed)).toBe(16);
    expect(representationText(representationOf([8, 2, 0, 1]))).toBe('8x0n+2x1n+1x3n');
  });

  it.each(['', '2x4n', '0x1n', '2y1n', '1x0n+'])('`%s` is refused', (text) => {
    expect(() => parseRepresentation(text)).toThrow('is no representation of Lorentz tensors');
  });
});

describe('the action', () => {
  const representation = parseRepresentation('2x0n+1x0p+2x1n+1x1p+1x2n+1x3n');
  const dimension = dimensionOf(representation);
  const group = createGroup({ kind: 'Lorentz', rapidity: 1 });
  const random = randomFromSeed(3);
  const g = group.sample(random, {}) as { kind: 'lorentz'; matrix: readonly number[] };
  const h = group.sample(random, {}) as typeof g;
  const x = real(
    [1, dimension],
    Float64Array.from({ length: dimension }, () => random.normal()),
  );

  it('composes: rho(g h) = rho(g) rho(h), for both parities of an order together', async () => {
    const runtime = await openRuntime({ precision: 'float64' });
    const of = ({ matrix }: { readonly matrix: readonly number[] }) =>
      runtime.tensor(real([1, 4, 4], matrix));
    const product = group.compose(g, h) as typeof g;
    const once = transform(runtime, runtime.tensor(x), of(product), representation);
    const twice = transform(
      runtime,
      transform(runtime, runtime.tensor(x), of(h), representation),
      of(g),
      representation,
    );
    const [a, b] = [await runtime.array(once), await runtime.array(twice)];
    a.data.forEach((value, i) => {
      expect(Math.abs(value - b.data[i]!)).toBeLessThan(1e-12 * 50);
    });
  });

  it('flips odd tensors by the sign of the determinant, and no scalar otherwise', async () => {
    const runtime = await openRuntime({ precision: 'float64' });
    const mirror = runtime.tensor(real([1, 4, 4], [1, 0, 0, 0, 0, -1, 0, 0, 0, 0, -1, 0, 0, 0, 0, -1]));
    const { data } = await runtime.array(transform(runtime, runtime.tensor(x), mirror, representation));
    expect(Array.from(data.slice(0, 3))).toEqual([x.data[0], x.data[1], -x.data[2]!]);
    // Normal vectors: space flips, time does not. Odd ones: the other way round.
    expect(Array.from(data.slice(3, 7))).toEqual([3, 4, 5, 6].map((i) => x.data[i]! * (i === 3 ? 1 : -1)));
    expect(Array.from(data.slice(11, 15))).toEqual(
      [11, 12, 13, 14].map((i) => x.data[i]! * (i === 11 ? -1 : 1)),
    );
  });
});
