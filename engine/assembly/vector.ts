/** Four floats at a time: what all kernels are made of. AssemblyScript, compiled by scripts/kernels.ts. */

/** a * b + c; fused, so rounded once, in the relaxed build. */
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f32x4.relaxed_madd(a, b, c) : f32x4.add(f32x4.mul(a, b), c);
}

/** The sum of the four lanes. */
@inline
export function sumOf(a: v128): f32 {
  const pairs = f32x4.add(a, i32x4.shuffle(a, a, 2, 3, 0, 1));
  return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1);
}

/** The largest of the four lanes. */
@inline
export function maxOf(a: v128): f32 {
  const pairs = f32x4.max(a, i32x4.shuffle(a, a, 2, 3, 0, 1));
  return max<f32>(f32x4.extract_lane(pairs, 0), f32x4.extract_lane(pairs, 1));
}

/** The first `count` lanes (1 to 3) at `from`, zero in the others. Reads nothing beyond them. */
@inline
export function loadPart(from: usize, count: usize): v128 {
  let a = v128.load32_zero(from);
  if (count > 1) a = f32x4.replace_lane(a, 1, load<f32>(from, 4));
  if (count > 2) a = f32x4.replace_lane(a, 2, load<f32>(from, 8));
  return a;
}

/** Writes the first `count` lanes (1 to 3). */
@inline
export function storePart(to: usize, a: v128, count: usize): void {
  store<f32>(to, f32x4.extract_lane(a, 0));
  if (count > 1) store<f32>(to, f32x4.extract_lane(a, 1), 4);
  if (count > 2) store<f32>(to, f32x4.extract_lane(a, 2), 8);
}

/**
 * exp(x), error below 2 ulp. x = n log 2 + r with |r| <= log(2)/2; exp(r) is its Taylor polynomial of degree 7, whose
 * remainder is below 6e-9 there. Below -87.3 the result is 0, above 88.7 infinity; NaN gives NaN.
 */
@inline
export function exp(x: v128): v128 {
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.4426950408889634)));
  // log 2 in two parts: the first has few digits, so that n times it is exact.
  let r = madd(n, f32x4.splat(-0.693359375), x);
  r = madd(n, f32x4.splat(2.1219444005469057e-4), r);
  let p = madd(r, f32x4.splat(1 / 5040), f32x4.splat(1 / 720));
  p = madd(p, r, f32x4.splat(1 / 120));
  p = madd(p, r, f32x4.splat(1 / 24));
  p = madd(p, r, f32x4.splat(1 / 6));
  p = madd(p, r, f32x4.splat(1 / 2));
  p = madd(p, r, f32x4.splat(1));
  p = madd(p, r, f32x4.splat(1));
  // 2^n in two factors, because 2^128 alone is no float.
  const whole = i32x4.trunc_sat_f32x4_s(n);
  const half = i32x4.shr_s(whole, 1);
  const bias = i32x4.splat(127);
  const first = i32x4.shl(i32x4.add(half, bias), 23);
  const second = i32x4.shl(i32x4.add(i32x4.sub(whole, half), bias), 23);
  const y = f32x4.mul(f32x4.mul(p, first), second);
  const low = f32x4.lt(x, f32x4.splat(-87.3));
  const high = f32x4.gt(x, f32x4.splat(88.72));
  return v128.bitselect(
    f32x4.splat(0),
    v128.bitselect(f32x4.splat(Infinity), y, high),
    low,
  );
}

/**
 * erf(x), error below 5e-7: x P(x^2) / Q(x^2) with our own least-squares fit of degrees 5 and 5 on |x| < 3.9, beyond
 * which erf is 1 in float32. NaN gives NaN.
 */
@inline
export function erf(x: v128): v128 {
  const a = f32x4.max(f32x4.min(x, f32x4.splat(3.9)), f32x4.splat(-3.9));
  const s = f32x4.mul(a, a);
  let p = madd(s, f32x4.splat(2.066483794013512e-6), f32x4.splat(0.00028506244464953295));
  p = madd(p, s, f32x4.splat(0.003738330909190193));
  p = madd(p, s, f32x4.splat(0.05266803577710364));
  p = madd(p, s, f32x4.splat(0.189666389095642));
  p = madd(p, s, f32x4.splat(1.1283791476447094));
  let q = madd(s, f32x4.splat(3.827014414505503e-5), f32x4.splat(0.0011573736387990499));
  q = madd(q, s, f32x4.splat(0.014914245445490616));
  q = madd(q, s, f32x4.splat(0.11381878791492646));
  q = madd(q, s, f32x4.splat(0.5014202425709807));
  q = madd(q, s, f32x4.splat(1));
  const y = f32x4.div(f32x4.mul(a, p), q);
  return f32x4.max(f32x4.min(y, f32x4.splat(1)), f32x4.splat(-1));
}

/** 1 / (1 + exp(-x)), without overflow. */
@inline
export function sigmoid(x: v128): v128 {
  // Of exp(-|x|) no large number is made.
  const e = exp(f32x4.neg(f32x4.abs(x)));
  const one = f32x4.splat(1);
  const positive = f32x4.div(one, f32x4.add(one, e));
  return v128.bitselect(f32x4.mul(e, positive), positive, f32x4.lt(x, f32x4.splat(0)));
}

/** exp of one number. */
export function expOne(x: f32): f32 {
  return f32x4.extract_lane(exp(f32x4.splat(x)), 0);
}

/**
 * The logarithm of a positive, normal number: x = 2^n f with f between sqrt(1/2) and sqrt(2), and log f = 2 atanh((f - 1)/(f + 1)), whose series is
 * cut where it is below 1e-11. (Math.log would bring a table, for which there is no place.)
 */
export function log(x: f32): f32 {
  const bits = reinterpret<i32>(x);
  const n = (bits - 0x3f3504f3) >> 23;
  const f = <f64>reinterpret<f32>(bits - (n << 23));
  const s = (f - 1) / (f + 1), t = s * s;
  const series = 1 + t * (1.0 / 3 + t * (1.0 / 5 + t * (1.0 / 7 + t * (1.0 / 9 + t / 11))));
  return <f32>(<f64>n * 0.6931471805599453 + 2 * s * series);
}
