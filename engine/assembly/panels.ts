/**
 * The sides of a product in the order in which its tiles read them. The right side lies in panels of columns, one after the
 * other: of 16 while these are wide, then of 8 and, for the last 1 to 4 columns, of 4; zeros stand behind the last column.
 */
import { plane } from './transpose';
/**
 * Whether panels have 16 columns. That pays where the engine makes one operation on 8 floats of two on 4 (docs/performance.md);
 * elsewhere registers run out.
 */
let wide: bool = false;

/** Chooses the width of panels for all that follows. */
export function useWidePanels(on: bool): void {
  wide = on;
}

/** Columns of the panel that begins with `left` columns to go. */
@inline
export function panelWidth(left: usize): usize {
  return wide && left >= 16 ? 16 : left > 4 ? 8 : 4;
}

/** Columns that the panels of n columns have with what is added. */
@inline
export function padded(n: usize): usize {
  return (n + 7) & ~7;
}

/** kc rows of n columns, rows `stride` floats apart, into panels [kc][width]. */
export function pack(b: usize, panels: usize, kc: usize, n: usize, stride: usize): void {
  const row = stride << 2;
  let to = panels;
  for (let j: usize = 0; j < n;) {
    const width = panelWidth(n - j);
    let from = b + (j << 2);
    if (width == 16) {
      for (let p: usize = 0; p < kc; p++) {
        v128.store(to, v128.load(from));
        v128.store(to, v128.load(from, 16), 16);
        v128.store(to, v128.load(from, 32), 32);
        v128.store(to, v128.load(from, 48), 48);
        from += row; to += 64;
      }
    } else if (j + width <= n) {
      for (let p: usize = 0; p < kc; p++) {
        v128.store(to, v128.load(from));
        if (width == 8) v128.store(to, v128.load(from, 16), 16);
        from += row; to += width << 2;
      }
    } else {
      for (let p: usize = 0; p < kc; p++) {
        for (let c: usize = 0; c < width; c++) store<f32>(to + (c << 2), j + c < n ? load<f32>(from + (c << 2)) : 0);
        from += row; to += width << 2;
      }
    }
    j += width;
  }
}

/** The same from n rows of kc: element (p, j) lies at j * stride + p. */
export function packTransposed(b: usize, panels: usize, kc: usize, n: usize, stride: usize): void {
  const row = stride << 2;
  let to = panels;
  for (let j: usize = 0; j < n;) {
    const width = panelWidth(n - j);
    for (let c: usize = 0; c < width; c += 4) {
      const from = b + (j + c) * row;
      if (j + c + 4 <= n) plane(from, to + (c << 2), kc, 4, row, width << 2);
      else {
        for (let p: usize = 0; p < kc; p++) {
          for (let q: usize = c; q < c + 4; q++) {
            store<f32>(to + ((p * width + q) << 2), j + q < n ? load<f32>(b + (j + q) * row + (p << 2)) : 0);
          }
        }
      }
    }
    to += (width * kc) << 2;
    j += width;
  }
}

/**
 * The first `count` columns of kc rows, `stride` floats apart, into blocks [kc][16], the last one [kc][what is left]: what is read together
 * then lies together.
 */
export function copyColumns(a: usize, to: usize, kc: usize, count: usize, stride: usize): void {
  const row = stride << 2, size = kc << 6;
  const whole = count >> 4, rest = count & 15;
  for (let p: usize = 0; p < kc; p++, a += row) {
    let from = a, block = to + (p << 6);
    for (let i: usize = 0; i < whole; i++, from += 64, block += size) {
      v128.store(block, v128.load(from));
      v128.store(block, v128.load(from, 16), 16);
      v128.store(block, v128.load(from, 32), 32);
      v128.store(block, v128.load(from, 48), 48);
    }
    block = to + whole * size + ((p * rest) << 2);
    for (let i: usize = 0; i < rest; i++) store<f32>(block + (i << 2), load<f32>(from + (i << 2)));
  }
}
