import { describe, expect, it } from 'vitest';
import { randomFromSeed } from '../../../tensor/index.ts';
import { graphFamilies, graphOf } from './graphs.ts';
import { type Simulation, simulate, systemNames } from './simulate.ts';
import { gene, mutualistic } from './systems.ts';

const small: Omit<Simulation, 'system'> = { graph: 'grid', nodes: 36, times: 12, horizon: 1, events: 4 };
const run = (system: Simulation['system'], seed: number) =>
  simulate({ ...small, system }, randomFromSeed(seed));

describe('graphs', () => {
  it.each(graphFamilies)('%s: symmetric, without loops, the same from the same seed', (family) => {
    const n = 50;
    const matrix = graphOf(family, n, randomFromSeed(4));
    expect(graphOf(family, n, randomFromSeed(4))).toEqual(matrix);
    let links = 0;
    for (let i = 0; i < n; i++) {
      expect(matrix[i * n + i]).toBe(0);
      for (let j = 0; j < n; j++) {
        expect(matrix[i * n + j]).toBe(matrix[j * n + i]);
        links += matrix[i * n + j]!;
      }
    }
    expect(links).toBeGreaterThan(n);
  });

  it('the grid has three neighbours in a corner and eight inside', () => {
    const matrix = graphOf('grid', 16, randomFromSeed(0));
    const degree = (i: number): number =>
      matrix.slice(i * 16, i * 16 + 16).reduce((sum, one) => sum + one, 0);
    expect([0, 1, 5, 15].map(degree)).toEqual([3, 5, 8, 3]);
  });
});

describe('simulations', () => {
  it.each(systemNames)('%s: finite, irregular in time, from the seed alone', (system) => {
    const first = run(system, 3);
    expect(run(system, 3)).toEqual(first);
    expect(run(system, 4).states).not.toEqual(first.states);
    expect(first.states.every(Number.isFinite)).toBe(true);
    expect(first.times[0]).toBe(0);
    const gaps = [...first.times].slice(1).map((t, k) => t - first.times[k]!);
    expect(Math.min(...gaps)).toBeGreaterThan(0);
    expect(Math.max(...gaps)).toBeGreaterThan(2 * Math.min(...gaps));
  });

  it('keep heat, on graphs that stay undirected through their events', () => {
    const { states, adjacency } = run('heat', 1);
    const total = (knot: number): number =>
      states.slice(knot * 36, knot * 36 + 36).reduce((sum, x) => sum + x, 0);
    for (let knot = 1; knot < 12; knot++) expect(total(knot)).toBeCloseTo(total(0), 9);
    expect(adjacency.slice(0, 36 * 36)).not.toEqual(adjacency.slice(-36 * 36));
    const last = adjacency.slice(-36 * 36);
    for (let i = 0; i < 36; i++) for (let j = 0; j < 36; j++) expect(last[i * 36 + j]).toBe(last[j * 36 + i]);
  });

  it('keep people, of whom ever fewer are susceptible', () => {
    const { states } = run('sir', 1);
    for (let i = 0; i < states.length; i += 3)
      expect(states[i]! + states[i + 1]! + states[i + 2]!).toBeCloseTo(1, 12);
    for (let i = 36 * 3; i < states.length; i += 3)
      expect(states[i]!).toBeLessThanOrEqual(states[i - 36 * 3]! + 1e-12);
  });
});

describe('systems', () => {
  const matrix = Float64Array.from([0, 1, 0, 0]);
  it('of genes saturate in the neighbour, officially in the own state', () => {
    const x = Float64Array.from([3, 2]);
    expect(gene()(matrix, x)[0]).toBeCloseTo(-3 + 4 / 5, 14);
    expect(gene({ version: 'official' })(matrix, x)[0]).toBeCloseTo(-3 + 4 / 10, 14);
  });
  it('of species saturate with e in the own and h in the other', () => {
    const x = Float64Array.from([3, 2]);
    const grown = 0.1 + 3 * (1 - 3 / 5) * (3 - 1);
    expect(mutualistic()(matrix, x)[0]).toBeCloseTo(grown + 6 / (5 + 0.9 * 3 + 0.1 * 2), 14);
    expect(mutualistic(undefined, 'official')(matrix, x)[0]).toBeCloseTo(
      grown + 6 / (5 + 0.1 * 3 + 0.9 * 2),
      14,
    );
  });
});
