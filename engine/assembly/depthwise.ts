/**
 * Convolutions in which each channel of the result comes from one of x, and both gradients. x is [batch, h, w, c], the filter [kh, kw, c, m], y
 * [batch, oh, ow, c m]; strides, dilations and what is padded above and on the left are in pixels. Vectors run over channels; where m > 1 an
 * image is first written out with each of its channels m times.
 */
import { addProductRun } from './runs';
import { loadPart, madd, storePart } from './vector';

/** Bytes of scratch, for each of the three functions. */
export function depthwiseScratch(h: usize, w: usize, c: usize, m: usize, kh: usize, kw: usize): usize {
  return (kh * kw * c * m + (m > 1 ? h * w * c * m : 0)) << 2;
}

/** y = x * filter, channel by channel. */
export function depthwise(
  x: usize, filter: usize, y: usize, batch: i32, h: i32, w: i32, c: i32, m: i32, oh: i32, ow: i32,
  kh: i32, kw: i32, sy: i32, sx: i32, dy: i32, dx: i32, top: i32, left: i32, scratch: usize,
): void {
  for (let b = 0; b < batch; b++) {
    const from = repeated(x + (<usize>(b * h * w * c) << 2), h * w, c, m, scratch);
    image(from, filter, y + (<usize>(b * oh * ow * c * m) << 2), h, w, c * m, oh, ow, kh, kw, sy, sx, dy, dx, top, left);
  }
}

/** The gradient of x from that of y. */
export function depthwiseInputGradient(
  g: usize, filter: usize, out: usize, batch: i32, h: i32, w: i32, c: i32, m: i32, oh: i32, ow: i32,
  kh: i32, kw: i32, sy: i32, sx: i32, dy: i32, dx: i32, top: i32, left: i32, scratch: usize,
): void {
  const all: usize = c * m, pixels: usize = h * w, turned = scratch, wide = scratch + ((<usize>(kh * kw) * all) << 2);
  const isDense = sy == 1 && sx == 1;
  // Without strides it is a convolution of g with the filter turned round.
  if (isDense) {
    const last = kh * kw - 1;
    for (let i = 0; i <= last; i++) {
      memory.copy(turned + ((<usize>i * all) << 2), filter + ((<usize>(last - i) * all) << 2), all << 2);
    }
  }
  for (let b = 0; b < batch; b++) {
    const from = g + ((<usize>(b * oh * ow) * all) << 2), to = out + ((<usize>b * pixels * c) << 2);
    const at = m > 1 ? wide : to;
    if (isDense) {
      image(from, turned, at, oh, ow, c * m, h, w, kh, kw, 1, 1, dy, dx, (kh - 1) * dy - top, (kw - 1) * dx - left);
    } else {
      memory.fill(at, 0, (pixels * all) << 2);
      scatter(from, filter, at, h, w, c * m, oh, ow, kh, kw, sy, sx, dy, dx, top, left);
    }
    if (m > 1) {
      for (let i: usize = 0; i < pixels * c; i++) {
        let sum: f32 = 0;
        for (let j: usize = 0; j < <usize>m; j++) sum += load<f32>(wide + ((i * m + j) << 2));
        store<f32>(to + (i << 2), sum);
      }
    }
  }
}

/** The gradient of the filter from that of y. */
export function depthwiseFilterGradient(
  x: usize, g: usize, out: usize, batch: i32, h: i32, w: i32, c: i32, m: i32, oh: i32, ow: i32,
  kh: i32, kw: i32, sy: i32, sx: i32, dy: i32, dx: i32, top: i32, left: i32, scratch: usize,
): void {
  const all: usize = c * m, pixel = all << 2;
  memory.fill(out, 0, <usize>(kh * kw) * pixel);
  for (let b = 0; b < batch; b++) {
    const from = repeated(x + (<usize>(b * h * w * c) << 2), h * w, c, m, scratch);
    for (let oy = 0; oy < oh; oy++) {
      const line = g + <usize>((b * oh + oy) * ow) * pixel;
      for (let i = 0; i < kh; i++) {
        const iy = oy * sy - top + i * dy;
        if (iy < 0 || iy >= h) continue;
        for (let j = 0; j < kw; j++) {
          const x0 = j * dx - left;
          const first = firstFrom(x0, sx), end = min(ow, endBelow(x0, sx, w));
          if (first >= end) continue;
          const seen = from + <usize>(iy * w + x0 + first * sx) * pixel;
          inner(seen, <usize>sx * pixel, line + <usize>first * pixel, pixel, out + <usize>(i * kw + j) * pixel, end - first, all);
        }
      }
    }
  }
}

/** The first place o >= 0 with x0 + o s >= 0. */
@inline
function firstFrom(x0: i32, s: i32): i32 {
  return x0 >= 0 ? 0 : (s - 1 - x0) / s;
}

/** The first place o >= 0 with x0 + o s >= w. */
@inline
function endBelow(x0: i32, s: i32, w: i32): i32 {
  return x0 >= w ? 0 : (w - x0 + s - 1) / s;
}

/** The image with each channel m times, in scratch; the image itself for m = 1. */
function repeated(x: usize, pixels: usize, c: usize, m: usize, scratch: usize): usize {
  if (m == 1) return x;
  let to = scratch;
  for (let i: usize = 0; i < pixels * c; i++) {
    const value = load<f32>(x + (i << 2));
    for (let j: usize = 0; j < m; j++, to += 4) store<f32>(to, value);
  }
  return scratch;
}

/** One image. Where the filter lies inside, four places share the loads of its weights. */
function image(
  x: usize, filter: usize, y: usize, h: i32, w: i32, c: i32, oh: i32, ow: i32,
  kh: i32, kw: i32, sy: i32, sx: i32, dy: i32, dx: i32, top: i32, left: i32,
): void {
  const pixel = <usize>c << 2, line = <usize>w * pixel, tapY = <usize>dy * line, tapX = <usize>dx * pixel;
  const step = <usize>sx * pixel, filterLine = <usize>kw * pixel;
  const inside = min(ow, firstFrom(-left, sx)), outside = max(inside, min(ow, endBelow((kw - 1) * dx - left, sx, w)));
  for (let oy = 0; oy < oh; oy++) {
    const y0 = oy * sy - top;
    const i0 = min(kh, firstFrom(y0, dy)), rows = max(0, min(kh, endBelow(y0, dy, h)) - i0);
    const from = x + <usize>(y0 + i0 * dy) * line, f = filter + <usize>i0 * filterLine;
    for (let ox = 0; ox < ow;) {
      const x0 = ox * sx - left, to = y + <usize>(oy * ow + ox) * pixel;
      if (ox >= inside && ox + 4 <= outside) {
        four(from + <usize>x0 * pixel, step, f, to, pixel, rows, kw, tapY, tapX, filterLine, c);
        ox += 4;
        continue;
      }
      const j0 = min(kw, firstFrom(x0, dx)), columns = max(0, min(kw, endBelow(x0, dx, w)) - j0);
      const seen = from + <usize>(x0 + j0 * dx) * pixel, weights = f + <usize>j0 * pixel;
      one(seen, weights, to, pixel, rows, columns, tapY, tapX, filterLine, c);
      ox++;
    }
  }
}

/** Four places beside each other, whose inputs lie `step` bytes apart. */
function four(
  x: usize, step: usize, f: usize, y: usize, pixel: usize, rows: i32, columns: i32, tapY: usize, tapX: usize, filterLine: usize, c: usize,
): void {
  let k: usize = 0;
  for (; k + 8 <= c; k += 8) {
    let a0 = f32x4.splat(0), a1 = a0, b0 = a0, b1 = a0, c0 = a0, c1 = a0, d0 = a0, d1 = a0;
    for (let i = 0; i < rows; i++) {
      let p = x + <usize>i * tapY + (k << 2), q = f + <usize>i * filterLine + (k << 2);
      for (let j = 0; j < columns; j++) {
        const w0 = v128.load(q), w1 = v128.load(q, 16);
        const second = p + step, third = second + step, last = third + step;
        a0 = madd(v128.load(p), w0, a0);
        a1 = madd(v128.load(p, 16), w1, a1);
        b0 = madd(v128.load(second), w0, b0);
        b1 = madd(v128.load(second, 16), w1, b1);
        c0 = madd(v128.load(third), w0, c0);
        c1 = madd(v128.load(third, 16), w1, c1);
        d0 = madd(v128.load(last), w0, d0);
        d1 = madd(v128.load(last, 16), w1, d1);
        p += tapX; q += pixel;
      }
    }
    let to = y + (k << 2);
    v128.store(to, a0);
    v128.store(to, a1, 16);
    to += pixel;
    v128.store(to, b0);
    v128.store(to, b1, 16);
    to += pixel;
    v128.store(to, c0);
    v128.store(to, c1, 16);
    to += pixel;
    v128.store(to, d0);
    v128.store(to, d1, 16);
  }
  if (k == c) return;
  for (let o: usize = 0; o < 4; o++) {
    rest(x + o * step, f, y + o * pixel, pixel, rows, columns, tapY, tapX, filterLine, k, c);
  }
}

function one(
  x: usize, f: usize, y: usize, pixel: usize, rows: i32, columns: i32, tapY: usize, tapX: usize, filterLine: usize, c: usize,
): void {
  let k: usize = 0;
  for (; k + 8 <= c; k += 8) {
    let a0 = f32x4.splat(0), a1 = a0;
    for (let i = 0; i < rows; i++) {
      let p = x + <usize>i * tapY + (k << 2), q = f + <usize>i * filterLine + (k << 2);
      for (let j = 0; j < columns; j++) {
        a0 = madd(v128.load(p), v128.load(q), a0);
        a1 = madd(v128.load(p, 16), v128.load(q, 16), a1);
        p += tapX; q += pixel;
      }
    }
    v128.store(y + (k << 2), a0);
    v128.store(y + (k << 2), a1, 16);
  }
  if (k < c) rest(x, f, y, pixel, rows, columns, tapY, tapX, filterLine, k, c);
}

/** The channels from k on, fewer than eight. */
function rest(
  x: usize, f: usize, y: usize, pixel: usize, rows: i32, columns: i32, tapY: usize, tapX: usize, filterLine: usize, k: usize, c: usize,
): void {
  for (; k < c; k += 4) {
    const lanes = min<usize>(4, c - k);
    let a = f32x4.splat(0);
    for (let i = 0; i < rows; i++) {
      let p = x + <usize>i * tapY + (k << 2), q = f + <usize>i * filterLine + (k << 2);
      for (let j = 0; j < columns; j++) {
        if (lanes == 4) a = madd(v128.load(p), v128.load(q), a);
        else a = madd(loadPart(p, lanes), loadPart(q, lanes), a);
        p += tapX; q += pixel;
      }
    }
    if (lanes == 4) v128.store(y + (k << 2), a);
    else storePart(y + (k << 2), a, lanes);
  }
}

/** Adds each place's g, times the filter, to what the place sees. */
function scatter(
  g: usize, filter: usize, out: usize, h: i32, w: i32, c: i32, oh: i32, ow: i32,
  kh: i32, kw: i32, sy: i32, sx: i32, dy: i32, dx: i32, top: i32, left: i32,
): void {
  const pixel = <usize>c << 2;
  for (let oy = 0; oy < oh; oy++) {
    for (let ox = 0; ox < ow; ox++, g += pixel) {
      for (let i = 0; i < kh; i++) {
        const iy = oy * sy - top + i * dy;
        if (iy < 0 || iy >= h) continue;
        for (let j = 0; j < kw; j++) {
          const ix = ox * sx - left + j * dx;
          if (ix < 0 || ix >= w) continue;
          addProductRun(g, filter + <usize>(i * kw + j) * pixel, out + <usize>(iy * w + ix) * pixel, c);
        }
      }
    }
  }
}

/** out[k] += sum over `count` pixels of x[k] g[k]; pixels of x and of g lie so many bytes apart. */
function inner(x: usize, stepX: usize, g: usize, stepG: usize, out: usize, count: usize, c: usize): void {
  let k: usize = 0;
  for (; k + 8 <= c; k += 8) {
    let a0 = f32x4.splat(0), a1 = a0, b0 = a0, b1 = a0, p = x + (k << 2), q = g + (k << 2);
    let o: usize = 0;
    for (; o + 2 <= count; o += 2) {
      a0 = madd(v128.load(p), v128.load(q), a0);
      a1 = madd(v128.load(p, 16), v128.load(q, 16), a1);
      p += stepX; q += stepG;
      b0 = madd(v128.load(p), v128.load(q), b0);
      b1 = madd(v128.load(p, 16), v128.load(q, 16), b1);
      p += stepX; q += stepG;
    }
    if (o < count) {
      a0 = madd(v128.load(p), v128.load(q), a0);
      a1 = madd(v128.load(p, 16), v128.load(q, 16), a1);
    }
    const to = out + (k << 2);
    v128.store(to, f32x4.add(v128.load(to), f32x4.add(a0, b0)));
    v128.store(to, f32x4.add(v128.load(to, 16), f32x4.add(a1, b1)), 16);
  }
  for (; k < c; k += 4) {
    const lanes = min<usize>(4, c - k), to = out + (k << 2);
    let a = f32x4.splat(0), p = x + (k << 2), q = g + (k << 2);
    for (let o: usize = 0; o < count; o++) {
      if (lanes == 4) a = madd(v128.load(p), v128.load(q), a);
      else a = madd(loadPart(p, lanes), loadPart(q, lanes), a);
      p += stepX; q += stepG;
    }
    if (lanes == 4) v128.store(to, f32x4.add(v128.load(to), a));
    else storePart(to, f32x4.add(loadPart(to, lanes), a), lanes);
  }
}
