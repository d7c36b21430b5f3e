/**
 * Convolutions of images with all channels mixed, and both gradients, as matrix products: what a filter sees at one place is a row of a matrix of
 * columns (Chellapilla et al. 2006), which is made for as many places at a time as the second cache holds.
 *
 * x is [batch, h, w, c], the filter [kh, kw, c, n], y [batch, oh, ow, n]; strides, dilations and what is padded above and on the left are in pixels.
 */
import { matmul, matmulScratch } from './matmul';
import { addRun, copyRun } from './runs';

/** Floats of the columns that are made at a time; at least as many places as the product takes rows at once. */
const held: usize = 65536;
const fewest: usize = 64;

function places(k: usize, all: usize): usize {
  return min(all, max(fewest, held / k) & ~3);
}

/** Bytes of scratch, for each of the three functions. */
export function convolutionScratch(k: usize, n: usize, all: usize): usize {
  const count = places(k, all);
  // Products of columns and filter, of y and the turned filter, of turned columns and y.
  const product = max(matmulScratch(n, k), max(matmulScratch(k, n), matmulScratch(n, count)));
  return product + ((count * k + k * n) << 2);
}

/** y = x * filter, plus bias[n] unless its address is 0. */
export function convolution(
  x: usize, filter: usize, bias: usize, y: usize, batch: i32, h: i32, w: i32, c: i32, oh: i32, ow: i32, n: i32,
  kh: i32, kw: i32, sy: i32, sx: i32, dy: i32, dx: i32, top: i32, left: i32, scratch: usize,
): void {
  const k: usize = kh * kw * c, all: usize = batch * oh * ow;
  if (isPointwise(kh, kw, sy, sx, top, left, h == oh && w == ow)) {
    matmul(x, filter, bias, y, 1, all, k, n, false, false, 0, 0, scratch);
    return;
  }
  const size = places(k, all), columns = scratch, rest = scratch + ((size * k) << 2);
  for (let p: usize = 0; p < all; p += size) {
    const count = min(size, all - p);
    see(x, columns, p, count, h, w, c, oh, ow, kh, kw, sy, sx, dy, dx, top, left, false);
    matmul(columns, filter, bias, y + ((p * n) << 2), 1, count, k, n, false, false, 0, 0, rest);
  }
}

/** The gradient of x from that of y. */
export function convolutionInputGradient(
  g: usize, filter: usize, out: usize, batch: i32, h: i32, w: i32, c: i32, oh: i32, ow: i32, n: i32,
  kh: i32, kw: i32, sy: i32, sx: i32, dy: i32, dx: i32, top: i32, left: i32, scratch: usize,
): void {
  const k: usize = kh * kw * c, all: usize = batch * oh * ow;
  if (isPointwise(kh, kw, sy, sx, top, left, h == oh && w == ow)) {
    matmul(g, filter, 0, out, 1, all, n, k, false, true, 0, 0, scratch);
    return;
  }
  memory.fill(out, 0, <usize>(batch * h * w * c) << 2);
  const size = places(k, all), columns = scratch, rest = scratch + ((size * k) << 2);
  for (let p: usize = 0; p < all; p += size) {
    const count = min(size, all - p);
    matmul(g + ((p * n) << 2), filter, 0, columns, 1, count, n, k, false, true, 0, 0, rest);
    see(out, columns, p, count, h, w, c, oh, ow, kh, kw, sy, sx, dy, dx, top, left, true);
  }
}

/** The gradient of the filter from that of y. */
export function convolutionFilterGradient(
  x: usize, g: usize, out: usize, batch: i32, h: i32, w: i32, c: i32, oh: i32, ow: i32, n: i32,
  kh: i32, kw: i32, sy: i32, sx: i32, dy: i32, dx: i32, top: i32, left: i32, scratch: usize,
): void {
  const k: usize = kh * kw * c, all: usize = batch * oh * ow;
  if (isPointwise(kh, kw, sy, sx, top, left, h == oh && w == ow)) {
    matmul(x, g, 0, out, 1, k, all, n, true, false, 0, 0, scratch);
    return;
  }
  memory.fill(out, 0, (k * n) << 2);
  const size = places(k, all), columns = scratch, part = scratch + ((size * k) << 2), rest = part + ((k * n) << 2);
  for (let p: usize = 0; p < all; p += size) {
    const count = min(size, all - p);
    see(x, columns, p, count, h, w, c, oh, ow, kh, kw, sy, sx, dy, dx, top, left, false);
    matmul(columns, g + ((p * n) << 2), 0, part, 1, k, count, n, true, false, 0, 0, rest);
    addRun(part, out, k * n);
  }
}

/** Whether each pixel sees itself only: then x is the matrix of columns. */
@inline
function isPointwise(kh: i32, kw: i32, sy: i32, sx: i32, top: i32, left: i32, isSame: bool): bool {
  return kh == 1 && kw == 1 && sy == 1 && sx == 1 && top == 0 && left == 0 && isSame;
}

/** Copies what `count` places from `first` see into rows of columns, or adds rows of columns to where they were seen (`back`). */
function see(
  x: usize, columns: usize, first: usize, count: usize, h: i32, w: i32, c: i32, oh: i32, ow: i32,
  kh: i32, kw: i32, sy: i32, sx: i32, dy: i32, dx: i32, top: i32, left: i32, back: bool,
): void {
  const size: usize = oh * ow, pixel = <usize>c << 2, line = <usize>w * pixel, image = <usize>h * line;
  let b = first / size, oy = <i32>(first % size) / ow, ox = <i32>(first % size) % ow, to = columns;
  for (let p: usize = 0; p < count; p++) {
    const y0 = oy * sy - top, x0 = ox * sx - left;
    const isInside = dx == 1 && x0 >= 0 && x0 + kw <= w;
    for (let i = 0; i < kh; i++) {
      const iy = y0 + i * dy;
      const from = x + b * image + <usize>iy * line;
      if (iy < 0 || iy >= h) {
        if (!back) memory.fill(to, 0, <usize>kw * pixel);
        to += <usize>kw * pixel;
      } else if (isInside) {
        const run = from + <usize>x0 * pixel;
        if (back) addRun(to, run, kw * c);
        else copyRun(run, to, kw * c);
        to += <usize>kw * pixel;
      } else {
        for (let j = 0; j < kw; j++) {
          const ix = x0 + j * dx;
          const isSeen = ix >= 0 && ix < w;
          if (isSeen && back) addRun(to, from + <usize>ix * pixel, c);
          else if (isSeen) copyRun(from + <usize>ix * pixel, to, c);
          else if (!back) memory.fill(to, 0, pixel);
          to += pixel;
        }
      }
    }
    if (++ox == ow) {
      ox = 0;
      if (++oy == oh) {
        oy = 0;
        b++;
      }
    }
  }
}
