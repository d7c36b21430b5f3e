/** Orders of classes, for networks that tell classes apart by their number. Pure. */
import { Fault } from '../../fault.ts';
import { randomFromSeed } from '../../tensor/random-stream.ts';

/** Most classes of which all orders are gone through: 720 passes. */
const mostClasses = 6;

/**
 * The orders that scores are averaged over: the given one first, then others drawn by the number of classes alone, so that two
 * tables of one size see the same; or all of them, once each.
 * @throws Fault `model/input-shape` when all orders of too many classes are wanted
 */
export function classOrders(orders: number | 'all', classes: number): number[][] {
  const given = Array.from({ length: classes }, (_, i) => i);
  if (orders !== 'all') {
    const random = randomFromSeed(0).stream('class orders', classes);
    return [given, ...Array.from({ length: orders - 1 }, () => random.permutation(classes))];
  }
  if (classes > mostClasses) {
    throw new Fault({
      code: 'model/input-shape',
      message: `\`ensemble: all\` goes through every order of the classes, and ${classes} of them have too many`,
      expected: `at most ${mostClasses} classes`,
      found: `${classes} classes`,
      advice: 'Take `ensemble: random` and a number of `orders`.',
    });
  }
  let all: number[][] = [[]];
  for (const item of given) {
    all = all.flatMap((order) =>
      Array.from({ length: order.length + 1 }, (_, at) => [...order.slice(0, at), item, ...order.slice(at)]),
    );
  }
  return all;
}

/** Passes through the network for one table. */
export function passesOver(orders: number | 'all', classes: number): number {
  if (orders !== 'all') return orders;
  return Array.from({ length: classes }, (_, i) => i + 1).reduce((product, n) => product * n, 1);
}
