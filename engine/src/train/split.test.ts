import { expect, test } from 'vitest';
import { Fault } from '../fault.ts';
import { batchOrder } from './batches.ts';
import { splitOf } from './split.ts';

test('the parts cover all samples once, by shares or by numbers', () => {
  for (const [validation, held, sizes] of [
    [0.2, 0.1, [7, 2, 1]],
    [3, 2, [5, 3, 2]],
    [0, 0, [10, 0, 0]],
    [0.01, 0, [9, 1, 0]],
  ] as const) {
    const split = splitOf(10, { validation, test: held, seed: 5 });
    expect([split.train.length, split.validation.length, split.test.length]).toEqual(sizes);
    expect([...split.train, ...split.validation, ...split.test].sort((a, b) => a - b)).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
    ]);
  }
});

test('the split is the same for the same seed, and another one for another', () => {
  const of = (seed: number) => splitOf(40, { validation: 0.25, test: 0.25, seed });
  expect(of(1)).toEqual(of(1));
  expect(of(1)).not.toEqual(of(2));
});

test('holding out everything is a fault that says the numbers', () => {
  const fail = () => splitOf(4, { validation: 3, test: 1, seed: 0 });
  expect(fail).toThrow(Fault);
  expect(fail).toThrow(
    'no sample is left to train on: of 4, 3 are held out for validation and 1 for testing',
  );
});

test('an epoch takes every sample once, in an order of its own', () => {
  const train = [10, 11, 12, 13, 14, 15];
  const order = batchOrder(train, 2, 3);
  const epochs = [0, 1].map((epoch) => [0, 1, 2].flatMap((i) => order(3 * epoch + i)));
  for (const epoch of epochs) expect(epoch.toSorted()).toEqual(train);
  expect(epochs[0]).not.toEqual(epochs[1]);
  // Any step by itself, in any order: what resuming rests on.
  expect(batchOrder(train, 2, 3)(4)).toEqual(order(4));
});

test('a batch larger than the data takes all of it', () => {
  expect([...batchOrder([1, 2, 3], 16, 0)(7)].sort()).toEqual([1, 2, 3]);
});
