/** Random numbers from a seed: each draw is one Philox block, numbered by the stream. */
import { createHash } from 'node:crypto';
import { type Block, philox } from './philox.ts';
import type { Random } from './random.ts';

type Path = readonly (string | number)[];

/**
 * The root of all random numbers of a run. Streams are addressed by path: `root.stream('a').stream('b')` is
 * `root.stream('a', 'b')`, and the number 1 and the string '1' name different streams.
 * Throws a RangeError when the seed is not an integer of at most 53 bits, or a path holds a number that is not finite.
 */
export function randomFromSeed(seed: number): Random {
  if (!Number.isSafeInteger(seed)) throw new RangeError(`a seed is an integer below 2^53, not ${seed}`);
  return openStream(seed, []);
}

function openStream(seed: number, path: Path): Random {
  const { key, address } = addressOf(seed, path);
  let draws = 0;

  // The attempt is part of the counter, so a rejected integer does not shift the draws that follow.
  const block = (draw: number, attempt: number): Block => {
    const high = Math.floor(draw / 2 ** 32);
    return philox([draw >>> 0, ((attempt << 21) | high) >>> 0, address[0], address[1]], key);
  };

  const random: Random = {
    stream: (...more) => openStream(seed, [...path, ...more]),
    uniform() {
      const words = block(draws++, 0);
      return bits53(words[0], words[1]) / 2 ** 53;
    },
    normal() {
      // Box and Muller 1958. The second of the pair is not kept: every draw is one block, whatever came before.
      const words = block(draws++, 0);
      const radius = Math.sqrt(-2 * Math.log((bits53(words[0], words[1]) + 1) / 2 ** 53));
      return radius * Math.cos((2 * Math.PI * bits53(words[2], words[3])) / 2 ** 53);
    },
    integer(n) {
      if (!Number.isSafeInteger(n) || n < 1) throw new RangeError(`integer(n) takes n >= 1, not ${n}`);
      const draw = draws++;
      // Values above the last whole multiple of n would favour small remainders.
      const limit = 2 ** 53 - (2 ** 53 % n);
      for (let attempt = 0; attempt < 2 ** 11; attempt++) {
        const words = block(draw, attempt);
        for (const value of [bits53(words[0], words[1]), bits53(words[2], words[3])]) {
          if (value < limit) return value % n;
        }
      }
      throw new Error('4096 rejections in a row, each of probability below one half');
    },
    permutation(n) {
      const order = Array.from({ length: n }, (_, i) => i);
      for (let i = n - 1; i > 0; i--) {
        const j = random.integer(i + 1);
        [order[i], order[j]] = [order[j]!, order[i]!];
      }
      return order;
    },
  };
  return random;
}

function bits53(high: number, low: number): number {
  return (high >>> 5) * 2 ** 26 + (low >>> 6);
}

/** Key and upper half of the counter of a stream: 128 bits of a hash, so that no two paths meet. */
function addressOf(seed: number, path: Path): { key: [number, number]; address: [number, number] } {
  for (const part of path) {
    if (typeof part === 'number' && !Number.isFinite(part))
      throw new RangeError(`a path cannot hold ${part}`);
  }
  const digest = createHash('sha256')
    .update(JSON.stringify([seed, ...path]))
    .digest();
  return {
    key: [digest.readUInt32LE(0), digest.readUInt32LE(4)],
    address: [digest.readUInt32LE(8), digest.readUInt32LE(12)],
  };
}
