import { describe, expect, it } from 'vitest';
import type { NdArray } from '../../tensor/array.ts';
import { circleGrid, fibonacciGrid, icosahedralCounts, icosahedralGrid } from './grid.ts';

const rows = ({ shape: [count, dim], data }: NdArray) =>
  Array.from({ length: count! }, (_, i) => [...data.slice(i * dim!, (i + 1) * dim!)]);

function moment(grid: NdArray, a: number, b: number): number {
  return rows(grid).reduce((sum, row) => sum + row[a]! * row[b]!, 0);
}

describe('grids of orientations', () => {
  it('are of unit length', () => {
    const grids = [fibonacciGrid(7), circleGrid(7), ...icosahedralCounts.map(icosahedralGrid)];
    for (const grid of grids) for (const row of rows(grid)) expect(Math.hypot(...row)).toBeCloseTo(1, 14);
  });

  it('icosahedral ones are distinct, balanced, and have the second moments of the sphere', () => {
    for (const count of icosahedralCounts) {
      const grid = icosahedralGrid(count);
      const distinct = new Set(rows(grid).map((row) => row.map((value) => value.toFixed(9)).join()));
      expect(distinct.size).toBe(count);
      for (let a = 0; a < 3; a++) {
        expect(rows(grid).reduce((sum, row) => sum + row[a]!, 0)).toBeCloseTo(0, 13);
        for (let b = 0; b < 3; b++) expect(moment(grid, a, b)).toBeCloseTo(a === b ? count / 3 : 0, 13);
      }
    }
  });
});
