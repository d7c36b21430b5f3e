/** Grids of orientations: unit vectors, rows of a [O, dim] array. Plain float64, no tensors. */
import { type NdArray, real } from '../../tensor/array.ts';

/**
 * Fibonacci lattice on the sphere with offset 1/2: theta_i = pi (1 + sqrt 5) i, cos phi_i = 1 - 2 (i + 1/2) / O. Close
 * to uniform for every O; its quadrature error is what a rotation gap of the network consists of.
 * @returns [count, 3]
 */
export function fibonacciGrid(count: number): NdArray {
  const rows = Array.from({ length: count }, (_, i) => {
    const theta = (Math.PI * (1 + Math.sqrt(5)) * i) % (2 * Math.PI);
    const z = 1 - (2 * (i + 0.5)) / count;
    const radius = Math.sqrt((1 - z) * (1 + z));
    return [Math.cos(theta) * radius, Math.sin(theta) * radius, z];
  });
  return real([count, 3], rows.flat());
}

/** `count` equally spaced directions on the circle, the first along x. @returns [count, 2] */
export function circleGrid(count: number): NdArray {
  const rows = Array.from({ length: count }, (_, i) => {
    const angle = (2 * Math.PI * i) / count;
    return [Math.cos(angle), Math.sin(angle)];
  });
  return real([count, 2], rows.flat());
}

/** Orbits of the icosahedral group that {@link icosahedralGrid} offers: vertices, face centres, edge midpoints. */
export const icosahedralCounts = [12, 20, 30] as const;

/**
 * A grid that the 60 rotations of the icosahedron map to itself, so that they are exact symmetries of the network, and
 * with sum o o^T = (O / 3) I, so that the vector read-out is exact for linear fields.
 * @param count 12 (vertices), 20 (face centres) or 30 (edge midpoints)
 * @returns [count, 3]
 */
export function icosahedralGrid(count: (typeof icosahedralCounts)[number]): NdArray {
  const golden = (1 + Math.sqrt(5)) / 2;
  const signs = [1, -1];
  const cyclic = ([x, y, z]: number[]): number[][] => [
    [x!, y!, z!],
    [y!, z!, x!],
    [z!, x!, y!],
  ];
  const rows: number[][] = [];
  if (count === 12) {
    for (const s of signs) for (const t of signs) rows.push(...cyclic([0, s, t * golden]));
  } else if (count === 20) {
    for (const s of signs) for (const t of signs) for (const u of signs) rows.push([s, t, u]);
    for (const s of signs) for (const t of signs) rows.push(...cyclic([0, t * golden, s / golden]));
  } else {
    for (const s of signs) rows.push(...cyclic([0, 0, s]));
    for (const s of signs)
      for (const t of signs)
        for (const u of signs) rows.push(...cyclic([(t * golden) / 2, s / 2, (u * golden * golden) / 2]));
  }
  const unit = rows.map((row) => {
    const length = Math.hypot(...row);
    return row.map((value) => value / length);
  });
  return real([count, 3], unit.flat());
}
