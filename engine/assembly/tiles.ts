/**
 * Tiles of a product, held in registers: 1 to 4 rows by a panel of 4, 8 or 16 columns. Every entry is summed in the order of the
 * inner index, so the size of a tile does not change a result. Vectors come in pairs of neighbours, from the loads to the
 * stores, which is the shape that an engine can merge into vectors twice as wide.
 */
import { loadPart, madd, storePart } from './vector';

/**
 * out = a b, plus what lies at `from` unless that is 0. a has `rows` rows, `aRow` bytes apart, of kc floats, `aStep` bytes apart; b is a
 * panel; rows of the result lie `row` bytes apart, those at `from` `fromRow`. Of the last panel's columns `width` are written.
 */
@inline
export function tile(
  rows: i32, columns: i32, a0: usize, aRow: usize, aStep: usize, b: usize, out: usize, row: usize, kc: usize, from: usize,
  fromRow: usize, width: usize,
): void {
  let a1 = a0 + aRow;
  let a2 = a1 + aRow;
  let a3 = a2 + aRow;
  let c00 = f32x4.splat(0), c01 = c00, c02 = c00, c03 = c00;
  let c10 = c00, c11 = c00, c12 = c00, c13 = c00;
  let c20 = c00, c21 = c00, c22 = c00, c23 = c00;
  let c30 = c00, c31 = c00, c32 = c00, c33 = c00;
  const end = b + ((kc * columns) << 2);
  // Unrolled, V8 runs out of registers.
  while (b < end) {
    const b0 = v128.load(b);
    const b1 = columns > 4 ? v128.load(b, 16) : b0;
    const b2 = columns > 8 ? v128.load(b, 32) : b0, b3 = columns > 8 ? v128.load(b, 48) : b0;
    const x = v128.load32_splat(a0);
    c00 = madd(x, b0, c00);
    if (columns > 4) c01 = madd(x, b1, c01);
    if (columns > 8) { c02 = madd(x, b2, c02); c03 = madd(x, b3, c03); }
    if (rows > 1) {
      const y = v128.load32_splat(a1);
      c10 = madd(y, b0, c10);
      if (columns > 4) c11 = madd(y, b1, c11);
      if (columns > 8) { c12 = madd(y, b2, c12); c13 = madd(y, b3, c13); }
      a1 += aStep;
    }
    if (rows > 2) {
      const y = v128.load32_splat(a2);
      c20 = madd(y, b0, c20);
      if (columns > 4) c21 = madd(y, b1, c21);
      if (columns > 8) { c22 = madd(y, b2, c22); c23 = madd(y, b3, c23); }
      a2 += aStep;
    }
    if (rows > 3) {
      const y = v128.load32_splat(a3);
      c30 = madd(y, b0, c30);
      if (columns > 4) c31 = madd(y, b1, c31);
      if (columns > 8) { c32 = madd(y, b2, c32); c33 = madd(y, b3, c33); }
      a3 += aStep;
    }
    a0 += aStep; b += columns << 2;
  }
  write(columns, out, from, width, c00, c01, c02, c03);
  if (rows > 1) write(columns, out + row, from ? from + fromRow : 0, width, c10, c11, c12, c13);
  if (rows > 2) write(columns, out + 2 * row, from ? from + 2 * fromRow : 0, width, c20, c21, c22, c23);
  if (rows > 3) write(columns, out + 3 * row, from ? from + 3 * fromRow : 0, width, c30, c31, c32, c33);
}

@inline
function write(columns: i32, out: usize, from: usize, width: usize, c0: v128, c1: v128, c2: v128, c3: v128): void {
  if (columns == 16) {
    if (from) {
      v128.store(out, f32x4.add(c0, v128.load(from)));
      v128.store(out, f32x4.add(c1, v128.load(from, 16)), 16);
      v128.store(out, f32x4.add(c2, v128.load(from, 32)), 32);
      v128.store(out, f32x4.add(c3, v128.load(from, 48)), 48);
    } else {
      v128.store(out, c0);
      v128.store(out, c1, 16);
      v128.store(out, c2, 32);
      v128.store(out, c3, 48);
    }
  } else if (columns == 8 && width == 8) {
    if (from) {
      v128.store(out, f32x4.add(c0, v128.load(from)));
      v128.store(out, f32x4.add(c1, v128.load(from, 16)), 16);
    } else {
      v128.store(out, c0);
      v128.store(out, c1, 16);
    }
  } else if (columns == 8) {
    v128.store(out, from ? f32x4.add(c0, v128.load(from)) : c0);
    writePart(out + 16, from ? from + 16 : 0, width - 4, c1);
  } else writePart(out, from, width, c0);
}

@inline
function writePart(out: usize, from: usize, width: usize, c: v128): void {
  if (width == 4) v128.store(out, from ? f32x4.add(c, v128.load(from)) : c);
  else storePart(out, from ? f32x4.add(c, loadPart(from, width)) : c, width);
}
