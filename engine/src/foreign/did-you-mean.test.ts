import { expect, test } from 'vitest';
import { closestName } from './did-you-mean.ts';

test.each([
  ['position', ['positions', 'species'], 'positions'],
  ['POSITIONS', ['positions'], 'positions'],
  ['pos', ['atom_pos', 'energy'], 'atom_pos'],
  ['energi', ['forces', 'energy'], 'energy'],
  ['velocity', ['positions', 'species'], undefined],
  ['x', ['y', 'z'], undefined],
  ['x', [], undefined],
])('%s among %j', (wanted, candidates, close) => {
  expect(closestName(wanted, candidates)).toBe(close);
});
