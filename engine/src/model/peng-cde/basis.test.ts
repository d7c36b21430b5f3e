import { describe, expect, it } from 'vitest';
import { real } from '../../tensor/array.ts';
import { openRuntime, randomFromSeed } from '../../tensor/index.ts';
import type { Tensor } from '../../tensor/runtime.ts';
import { fusedMatrix, fusedProduct, type PathPoint } from './fusion.ts';
import { bases, coefficientCount, matrixMaps, termsOf } from './maps.ts';
import { coefficientsOf, mixingOf } from './mixing.ts';
import { matrixToVector, vectorToMatrix, vectorToVector } from './small-bases.ts';
import { statisticsOf } from './statistics.ts';

const runtime = await openRuntime({ precision: 'float64' });
const { tf } = runtime;
const random = randomFromSeed(7);

const normal = (shape: number[]): Tensor =>
  runtime.tensor(
    real(
      shape,
      Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal()),
    ),
  );
const oneHot = (length: number, place: number): Tensor =>
  runtime.tensor(
    real(
      [length],
      Array.from({ length }, (_, i) => (i === place ? 1 : 0)),
    ),
  );
const pointOf = (value: Tensor, derivative: Tensor): PathPoint => ({
  value,
  derivative,
  valueStatistics: statisticsOf(runtime, value),
  derivativeStatistics: statisticsOf(runtime, derivative),
});

/** Images of a matrix [1, n, n] under the 15 maps. */
const images = (matrix: Tensor): number[][] =>
  matrixMaps.map((_, place) => [
    ...fusedMatrix(
      runtime,
      pointOf(matrix, tf.zerosLike(matrix)),
      mixingOf(runtime, oneHot(coefficientCount, place)),
    ).dataSync(),
  ]);

/** By elimination with the largest pivot. */
function rank(rows: readonly (readonly number[])[]): number {
  const left = rows.map((row) => [...row]);
  let count = 0;
  for (let column = 0; column < left[0]!.length && count < left.length; column++) {
    let best = count;
    for (let i = count; i < left.length; i++)
      if (Math.abs(left[i]![column]!) > Math.abs(left[best]![column]!)) best = i;
    if (Math.abs(left[best]![column]!) < 1e-9) continue;
    [left[count], left[best]] = [left[best]!, left[count]!];
    for (let i = count + 1; i < left.length; i++) {
      const factor = left[i]![column]! / left[count]![column]!;
      for (let j = column; j < left[i]!.length; j++) left[i]![j]! -= factor * left[count]![j]!;
    }
    count++;
  }
  return count;
}

/** The maps as vectors: their images of several matrices, one after the other. */
function rankOn(matrices: readonly Tensor[]): number {
  const all = matrices.map(images);
  return rank(matrixMaps.map((_, map) => all.flatMap((one) => one[map]!)));
}

const several = (n: number, change: (x: Tensor) => Tensor = (x) => x): Tensor[] =>
  Array.from({ length: 16 }, () => change(normal([1, n, n])));
const loopless = (x: Tensor): Tensor => tf.mul(x, tf.sub(1, tf.eye(x.shape[1]!)));
const symmetric = (x: Tensor): Tensor => tf.add(x, tf.transpose(x, [0, 2, 1]));

describe('the 15 maps', () => {
  it('are 15 for four nodes or more, and fewer where nodes are fewer', () => {
    expect([2, 3, 4, 5].map((n) => rankOn(several(n)))).toEqual([8, 14, 15, 15]);
  });

  it('fall together on graphs without loops, on symmetric ones, and on both', () => {
    const dimensions = [loopless, symmetric, (x: Tensor) => loopless(symmetric(x))].map((change) =>
      rankOn(several(5, change)),
    );
    expect(dimensions).toEqual([10, 11, 6]);
  });

  it('are all there are: the mean of any linear map over S(4) is one of their sums', () => {
    const n = 4;
    const any = normal([n * n, n * n]).arraySync() as number[][];
    const orders = permutations([0, 1, 2, 3]);
    // (P L P^-1) by indices of pairs.
    const mean = Array.from({ length: n * n }, (_, to) =>
      Array.from({ length: n * n }, (_, from) => {
        const moved = (pair: number, order: number[]) => order[Math.floor(pair / n)]! * n + order[pair % n]!;
        return (
          orders.reduce((sum, order) => sum + any[moved(to, order)]![moved(from, order)]!, 0) / orders.length
        );
      }),
    );
    const unit = Array.from({ length: n * n }, (_, place) =>
      images(tf.reshape(oneHot(n * n, place), [1, n, n])),
    );
    const maps = matrixMaps.map((_, map) => unit.flatMap((one) => one[map]!));
    const flat = Array.from({ length: n * n }, (_, from) => mean.map((row) => row[from]!)).flat();
    expect(rank(maps)).toBe(15);
    expect(rank([...maps, flat])).toBe(15);
    // A single permuted copy is none.
    const alone = Array.from({ length: n * n }, (_, from) => any.map((row) => row[from]!)).flat();
    expect(rank([...maps, alone])).toBe(16);
  });

  it('applied to features are the fused matrix times the features, with the same gradients', () => {
    const [value, derivative, messages, coefficients] = [
      normal([2, 6, 6]),
      normal([2, 6, 6]),
      normal([2, 6, 3]),
      normal([coefficientCount]),
    ] as const;
    const target = normal([2, 6, 3]);
    const through = (product: (point: PathPoint, p: Tensor, m: Tensor) => Tensor) =>
      tf.grads((a: Tensor, b: Tensor, m: Tensor, p: Tensor) =>
        tf.sum(tf.mul(product(pointOf(a, b), p, m), target)),
      )([value, derivative, messages, coefficients]);
    const fused = through((point, p, m) => fusedProduct(runtime, point, mixingOf(runtime, p), m));
    const plain = through((point, p, m) => tf.matMul(fusedMatrix(runtime, point, mixingOf(runtime, p)), m));
    fused.forEach((gradient, i) => {
      expect(tf.max(tf.abs(tf.sub(gradient, plain[i]!))).dataSync()[0]).toBeLessThan(1e-12);
    });
  });

  it('commute with relabelling, biases too', () => {
    const order = [3, 0, 4, 1, 2];
    const moved = (x: Tensor): Tensor => tf.gather(tf.gather(x, order, 1), order, 2);
    const [value, derivative] = [normal([1, 5, 5]), normal([1, 5, 5])];
    const mixing = mixingOf(runtime, normal([coefficientCount]));
    const before = moved(fusedMatrix(runtime, pointOf(value, derivative), mixing));
    const after = fusedMatrix(runtime, pointOf(moved(value), moved(derivative)), mixing);
    expect(tf.max(tf.abs(tf.sub(before, after))).dataSync()[0]).toBeLessThan(1e-13);
  });
});

describe('the bases of the official code', () => {
  it('have 8 and 11 parameters of two numbers, whatever their maps', () => {
    expect(bases.map((basis) => termsOf(basis, 'intended').length)).toEqual([8, 11, 15, 6]);
  });

  it('start from the sum of path and derivative, to the bit', () => {
    const [value, derivative, messages] = [normal([1, 6, 6]), normal([1, 6, 6]), normal([1, 6, 2])];
    const terms = termsOf('full15', 'intended');
    const zeros = terms.map(() => tf.zeros([2]));
    const mixing = mixingOf(runtime, coefficientsOf(runtime, terms, zeros));
    const fused = fusedProduct(runtime, pointOf(value, derivative), mixing, messages);
    expect([...fused.dataSync()]).toEqual([...tf.matMul(tf.add(value, derivative), messages).dataSync()]);
  });
});

describe('the smaller bases', () => {
  it('are 2, 5 and 5 maps', () => {
    const vectors = Array.from({ length: 6 }, () => normal([5]));
    const matrices = Array.from({ length: 6 }, () => normal([5, 5]));
    const count = (maps: number, xs: readonly Tensor[], image: (x: Tensor, p: Tensor) => Tensor): number =>
      rank(
        Array.from({ length: maps }, (_, i) => xs.flatMap((x) => [...image(x, oneHot(maps, i)).dataSync()])),
      );
    expect(count(2, vectors, (x, p) => vectorToVector(runtime, x, p))).toBe(2);
    expect(count(5, vectors, (x, p) => vectorToMatrix(runtime, x, p))).toBe(5);
    expect(count(5, matrices, (x, p) => matrixToVector(runtime, x, p))).toBe(5);
  });
});

function permutations(items: readonly number[]): number[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((first) =>
    permutations(items.filter((item) => item !== first)).map((rest) => [first, ...rest]),
  );
}
