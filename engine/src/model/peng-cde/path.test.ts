import { describe, expect, it } from 'vitest';
import { intervalOf, momentAt, pieceOf } from './path.ts';
import { parameterAt, rectilinear } from './rectilinear.ts';

const times = [0, 0.3, 0.4, 1.1, 1.5];
const values = [2, -1, 0.5, 3, 1];
const at = (
  t: number,
  what: 'value' | 'derivative',
  interval?: number,
  kind: 'hermite' | 'linear' = 'hermite',
) => {
  const moment = momentAt(kind, times, t, interval);
  return moment.knots.reduce((sum, knot, i) => sum + values[knot]! * moment[what][i]!, 0);
};
const slope = (k: number): number => (values[k + 1]! - values[k]!) / (times[k + 1]! - times[k]!);

describe.each(['hermite', 'linear'] as const)('%s paths', (kind) => {
  it('go through the knots from both sides', () => {
    times.forEach((t, k) => {
      for (const side of ['left', 'right'] as const) {
        expect(at(t, 'value', intervalOf(times, t, side), kind)).toBeCloseTo(values[k]!, 13);
      }
    });
  });

  it('have the derivative that differences show', () => {
    for (const t of [0.1, 0.35, 0.9, 1.3]) {
      const difference =
        (at(t + 1e-6, 'value', undefined, kind) - at(t - 1e-6, 'value', undefined, kind)) / 2e-6;
      expect(at(t, 'derivative', undefined, kind)).toBeCloseTo(difference, 6);
    }
  });

  it('run the clock at speed 1', () => {
    for (const t of [0.1, 0.31, 0.77, 1.5]) {
      const { knots, derivative } = momentAt(kind, times, t);
      expect(knots.reduce((sum, knot, i) => sum + times[knot]! * derivative[i]!, 0)).toBeCloseTo(1, 13);
    }
  });

  it('read nothing beyond the next knot', () => {
    for (const t of [0.1, 0.31, 0.77]) {
      const next = intervalOf(times, t) + 1;
      expect(Math.max(...momentAt(kind, times, t).knots)).toBeLessThanOrEqual(next);
    }
  });

  it('rest outside', () => {
    expect(momentAt(kind, times, 9)).toEqual({ knots: [4], value: [1], derivative: [0] });
    expect(momentAt(kind, times, -1)).toEqual({ knots: [0], value: [1], derivative: [0] });
    expect(momentAt(kind, [2], 2)).toEqual({ knots: [0], value: [1], derivative: [0] });
  });
});

describe('hermite paths', () => {
  it('leave a knot with the slope they came with', () => {
    for (const k of [1, 2, 3]) {
      const [left, right] = [at(times[k]!, 'derivative', k - 1), at(times[k]!, 'derivative', k)];
      expect(left).toBeCloseTo(slope(k - 1), 12);
      expect(right).toBeCloseTo(slope(k - 1), 12);
    }
    expect(pieceOf('hermite', times, 0).c).toEqual([0, 0]);
  });
});

describe('rectilinear paths', () => {
  it('wait at each knot and move on when the next is there', () => {
    expect(rectilinear([0, 1, 3])).toEqual({ times: [0, 1, 2, 4, 6], knots: [0, 0, 1, 1, 2] });
    expect(parameterAt([0, 1, 3], 0.5)).toBe(0.5);
    expect(parameterAt([0, 1, 3], 1)).toBe(2);
    expect(parameterAt([0, 1, 3], 4)).toBe(7);
  });
});
