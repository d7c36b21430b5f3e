/**
 * Images that are functions of the plane: sums of Gaussians in a disc. They can be rendered on any grid and after any
 * rotation without resampling, so that what resampling does and what the model does come apart.
 */
import type { Matrix } from '../../group/matrix.ts';
import { type NdArray, real, sizeOf } from '../../tensor/array.ts';
import type { Random } from '../../tensor/random.ts';

/** Gaussians of each channel. */
const blobs = 8;

/** Centres lie this close to the middle; 1 is the radius of the disc that fits into the image. */
const inside = 0.4;

/** The image fades out between these radii, so that a rotation moves nothing over the edge. */
const fade = [0.45, 0.75] as const;

interface Blob {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** One channel is a sum of blobs. */
export interface AnalyticImage {
  readonly channels: readonly (readonly Blob[])[];
}

/**
 * A random image whose details a grid of `side` pixels resolves: no Gaussian is narrower than 2.2 pixels, of which a grid
 * loses next to nothing.
 * @param height root mean square of the heights of the Gaussians
 */
export function randomImage(random: Random, channels: number, side: number, height: number): AnalyticImage {
  const least = Math.min(0.5, Math.max(0.1, 4.4 / side));
  return {
    channels: Array.from({ length: channels }, () =>
      Array.from({ length: blobs }, () => {
        const radius = inside * Math.sqrt(random.uniform());
        const angle = 2 * Math.PI * random.uniform();
        return {
          x: radius * Math.cos(angle),
          y: radius * Math.sin(angle),
          width: least * (1 + 0.8 * random.uniform()),
          height: height * random.normal(),
        };
      }),
    ),
  };
}

/**
 * The image after an orthogonal 2 x 2 matrix, (g u)(p) = u(g^-1 p), and a shift, at the centres of the pixels.
 * @param shape [rows, columns, ...channels]; x runs to the right and y up, from the middle
 * @param shift in pixels, (x, y)
 */
export function render(
  { channels }: AnalyticImage,
  shape: readonly number[],
  matrix: Matrix,
  shift: readonly [number, number] = [0, 0],
): NdArray {
  const [rows, columns] = shape as [number, number];
  const radius = Math.min(rows, columns) / 2;
  const count = sizeOf(shape.slice(2));
  const data = new Float64Array(rows * columns * count);
  const [a, b, c, d] = matrix as [number, number, number, number];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const x = (column - (columns - 1) / 2 - shift[0]) / radius;
      const y = ((rows - 1) / 2 - row - shift[1]) / radius;
      const weight = windowAt(Math.hypot(x, y));
      if (weight === 0) continue;
      // The inverse of an orthogonal matrix is its transpose.
      const [px, py] = [a * x + c * y, b * x + d * y];
      for (let k = 0; k < count; k++) {
        let sum = 0;
        for (const blob of channels[k]!) {
          const square = ((px - blob.x) ** 2 + (py - blob.y) ** 2) / blob.width ** 2;
          sum += blob.height * Math.exp(-square / 2);
        }
        data[(row * columns + column) * count + k] = weight * sum;
      }
    }
  }
  return real(shape, data);
}

/** 1 in the middle, 0 outside, with a continuous derivative. */
function windowAt(radius: number): number {
  const [from, to] = fade;
  if (radius <= from) return 1;
  if (radius >= to) return 0;
  return Math.cos((Math.PI / 2) * ((radius - from) / (to - from))) ** 2;
}

/** Zero outside of the disc of this radius: what an edge may have touched is not compared. Other values are left as they are. */
export function interior(value: NdArray, radius: number): NdArray {
  const [rows, columns] = value.shape as [number, number];
  const count = sizeOf(value.shape.slice(2));
  const limit = (radius * Math.min(rows, columns)) / 2;
  const data = Float64Array.from(value.data);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const distance = Math.hypot(column - (columns - 1) / 2, row - (rows - 1) / 2);
      if (distance <= limit) continue;
      data.fill(0, (row * columns + column) * count, (row * columns + column + 1) * count);
    }
  }
  return real(value.shape, data);
}
