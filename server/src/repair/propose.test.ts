/** Which wrappers are proposed for which group. */
import type { GroupSpec } from '@noether/engine/catalog';
import { describe, expect, test } from 'vitest';
import { brokenFactors, propose } from './propose.ts';

const SE3: GroupSpec = { kind: 'SE', dim: 3, scale: 10 };
const S: GroupSpec = { kind: 'S', index: 'point' };

function shown(group: GroupSpec, sizes: Record<string, number> = {}, broken = brokenFactors(group)) {
  const { proposals, without } = propose(group, broken, sizes);
  return [
    ...proposals.map(({ steps, evaluations }) => {
      const texts = steps.map(({ wrapper, group: of, options }) =>
        [wrapper, of, ...Object.values(options)].filter((part) => part !== undefined).join(' '),
      );
      return `${texts.join(', ')}: ${evaluations}`;
    }),
    ...without,
  ];
}

describe('proposals', () => {
  test.each([
    ['motions of space', SE3, {}, ['framed SE(3): 4', 'framed SE(3) one: 1']],
    ['with mirrors', { kind: 'E', dim: 3, scale: 1 }, {}, ['framed E(3): 8', 'framed E(3) one: 1']],
    ['in the plane', { kind: 'SO', dim: 2 }, {}, ['framed SO(2): 2', 'framed SO(2) one: 1']],
    ['translations', { kind: 'T', dim: 3, scale: 1 }, {}, ['framed T(3): 1']],
    ['boosts', { kind: 'Lorentz', rapidity: 1 }, {}, ['lloca: 1']],
    ['quarter turns', { kind: 'C', n: 4 }, {}, ['averaged C(4): 4']],
    ['and a mirror', { kind: 'D', n: 4 }, {}, ['averaged D(4): 8']],
    ['a sign', { kind: 'Z2' }, {}, ['averaged Z2: 2']],
    ['many permutations', S, { point: 128 }, ['sorted S(point): 1']],
    ['few permutations', S, { point: 3 }, ['sorted S(point): 1', 'averaged S(point): 6']],
    ['many shifts', { kind: 'shift', index: 'x' }, { x: 100 }, ['averaged shift(x) 100: 100']],
  ] as [string, GroupSpec, Record<string, number>, string[]][])('for %s', (_, group, sizes, wanted) => {
    expect(shown(group, sizes)).toEqual(wanted);
  });

  test('too many signs have none, and it is said why', () => {
    expect(shown({ kind: 'Z2', index: 'x' }, { x: 20 })).toEqual([
      'Z2(x) has 1,048,576 elements on this data: too many to average over, and there is no frame for it',
    ]);
  });

  test('frames stand outside of the order, also where only the order is broken', () => {
    const group: GroupSpec = { kind: 'product', factors: [SE3, S] };
    expect(shown(group)).toEqual([
      'sorted S(point), framed SE(3): 4',
      'sorted S(point), framed SE(3) one: 1',
    ]);
    const [, permutations] = brokenFactors(group);
    expect(shown(group, {}, [permutations!])).toEqual(['sorted S(point), framed SE(3): 4']);
    const [motions] = brokenFactors(group);
    expect(shown(group, {}, [motions!])).toEqual(['framed SE(3): 4', 'framed SE(3) one: 1']);
  });

  test('rotations and translations by themselves are motions', () => {
    const factors: GroupSpec[] = [
      { kind: 'T', dim: 3, scale: 1 },
      { kind: 'SO', dim: 3 },
    ];
    expect(shown({ kind: 'product', factors })).toEqual(['framed SE(3): 4', 'framed SE(3) one: 1']);
  });
});

describe('the broken factors', () => {
  const group: GroupSpec = { kind: 'product', factors: [SE3, S] };
  const row = (direction: string, holds: boolean) => ({ direction, output: 'y', holds, gap: 1 });

  test('are those with a direction that does not hold', () => {
    expect(brokenFactors(group, [row('rotation about z', false), row('swap of two in point', true)])).toEqual(
      [SE3],
    );
    expect(brokenFactors(group, [row('rotation about z', true), row('swap of two in point', false)])).toEqual(
      [S],
    );
  });

  test('are all of them where every direction holds by itself', () => {
    expect(brokenFactors(group, [row('rotation about z', true)])).toEqual([SE3, S]);
  });
});
