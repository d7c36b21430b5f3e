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
 * Where constants lie. V8 makes a constant vector anew each time it is used, in several dependent instructions; a load with a
 * splat is one: with it, exp takes less than half of the time.
 */
let table: usize = 0;

const LOG2E: usize = 0, MAGIC: usize = 4, LOG2_HIGH: usize = 8, LOG2_LOW: usize = 12, E7: usize = 16, E6: usize = 20, E5: usize = 24;
const E4: usize = 28, E3: usize = 32, INFINITE: usize = 36, HIGHEST: usize = 40, LOWEST: usize = 44;
const P0: usize = 48, Q0: usize = 72, BOUND: usize = 92, MINUS_BOUND: usize = 96;
export const ONE: usize = 100, MINUS_ONE: usize = 104, HALF: usize = 108, MINUS_HALF: usize = 112, ROOT_HALF: usize = 116, DENSITY: usize = 120;

/** Bytes that the constants take. */
export function constantsSize(): usize {
  return 128;
}

/** Writes the constants to this place, where they stay. It comes before all else. */
export function useConstants(at: usize): void {
  table = at;
  store<f32>(at, 1.4426950408889634, LOG2E);
  // 1.5 times 2^23: a number that this is added to is rounded to an integer, which then stands in the last bits.
  store<f32>(at, 12582912, MAGIC);
  // log 2 in two parts: the first has few digits, so that a small integer times it is exact.
  store<f32>(at, -0.693359375, LOG2_HIGH);
  store<f32>(at, 2.1219444005469057e-4, LOG2_LOW);
  store<f32>(at, 1.0 / 5040, E7);
  store<f32>(at, 1.0 / 720, E6);
  store<f32>(at, 1.0 / 120, E5);
  store<f32>(at, 1.0 / 24, E4);
  store<f32>(at, 1.0 / 6, E3);
  store<f32>(at, Infinity, INFINITE);
  store<f32>(at, 88.72, HIGHEST);
  store<f32>(at, -87.3, LOWEST);
  store<f32>(at, 2.066483794013512e-6, P0);
  store<f32>(at, 0.00028506244464953295, P0 + 4);
  store<f32>(at, 0.003738330909190193, P0 + 8);
  store<f32>(at, 0.05266803577710364, P0 + 12);
  store<f32>(at, 0.189666389095642, P0 + 16);
  store<f32>(at, 1.1283791476447094, P0 + 20);
  store<f32>(at, 3.827014414505503e-5, Q0);
  store<f32>(at, 0.0011573736387990499, Q0 + 4);
  store<f32>(at, 0.014914245445490616, Q0 + 8);
  store<f32>(at, 0.11381878791492646, Q0 + 12);
  store<f32>(at, 0.5014202425709807, Q0 + 16);
  store<f32>(at, 3.9, BOUND);
  store<f32>(at, -3.9, MINUS_BOUND);
  store<f32>(at, 1, ONE);
  store<f32>(at, -1, MINUS_ONE);
  store<f32>(at, 0.5, HALF);
  store<f32>(at, -0.5, MINUS_HALF);
  store<f32>(at, 0.7071067811865476, ROOT_HALF);
  store<f32>(at, 0.3989422804014327, DENSITY);
}

/** What `exp` and the others are given. */
@inline
export function constants(): usize {
  return table;
}

/**
 * exp(x), error below 2 ulp. x = n log 2 + r with |r| <= log(2)/2; exp(r) is its Taylor polynomial of degree 7, whose
 * remainder is below 6e-9 there. Below -87.3 the result is 0, above 88.72 infinity; NaN gives NaN.
 * @param k the constants
 */
@inline
export function exp(x: v128, k: usize): v128 {
  const magic = v128.load32_splat(k, MAGIC), one = v128.load32_splat(k, ONE);
  const shifted = madd(x, v128.load32_splat(k, LOG2E), magic);
  const n = f32x4.sub(shifted, magic);
  let r = madd(n, v128.load32_splat(k, LOG2_HIGH), x);
  r = madd(n, v128.load32_splat(k, LOG2_LOW), r);
  let p = madd(r, v128.load32_splat(k, E7), v128.load32_splat(k, E6));
  p = madd(p, r, v128.load32_splat(k, E5));
  p = madd(p, r, v128.load32_splat(k, E4));
  p = madd(p, r, v128.load32_splat(k, E3));
  p = madd(p, r, v128.load32_splat(k, HALF));
  p = madd(p, r, one);
  p = madd(p, r, one);
  // Times 2^n: n is added to the exponent, which stays that of a normal number between the two bounds.
  const y = i32x4.add(p, i32x4.shl(shifted, 23));
  const infinite = f32x4.mul(x, v128.load32_splat(k, INFINITE));
  const some = v128.bitselect(y, infinite, f32x4.le(x, v128.load32_splat(k, HIGHEST)));
  return v128.andnot(some, f32x4.lt(x, v128.load32_splat(k, LOWEST)));
}

/**
 * erf(x), error below 5e-7: x P(x^2) / Q(x^2) with our own least-squares fit of degrees 5 and 5 on |x| < 3.9, beyond
 * which erf is 1 in float32. NaN gives NaN.
 * @param k the constants
 */
@inline
export function erf(x: v128, k: usize): v128 {
  const one = v128.load32_splat(k, ONE);
  // Of the two, pmin and pmax give the first where it is NaN.
  const a = f32x4.pmax(f32x4.pmin(x, v128.load32_splat(k, BOUND)), v128.load32_splat(k, MINUS_BOUND));
  const s = f32x4.mul(a, a);
  let p = madd(s, v128.load32_splat(k, P0), v128.load32_splat(k, P0 + 4));
  p = madd(p, s, v128.load32_splat(k, P0 + 8));
  p = madd(p, s, v128.load32_splat(k, P0 + 12));
  p = madd(p, s, v128.load32_splat(k, P0 + 16));
  p = madd(p, s, v128.load32_splat(k, P0 + 20));
  let q = madd(s, v128.load32_splat(k, Q0), v128.load32_splat(k, Q0 + 4));
  q = madd(q, s, v128.load32_splat(k, Q0 + 8));
  q = madd(q, s, v128.load32_splat(k, Q0 + 12));
  q = madd(q, s, v128.load32_splat(k, Q0 + 16));
  q = madd(q, s, one);
  const y = f32x4.div(f32x4.mul(a, p), q);
  return f32x4.pmax(f32x4.pmin(y, one), v128.load32_splat(k, MINUS_ONE));
}

/**
 * 1 / (1 + exp(-x)), without overflow.
 * @param k the constants
 */
@inline
export function sigmoid(x: v128, k: usize): v128 {
  // Of exp(-|x|) no large number is made.
  const e = exp(f32x4.neg(f32x4.abs(x)), k);
  const one = v128.load32_splat(k, ONE);
  const positive = f32x4.div(one, f32x4.add(one, e));
  return v128.bitselect(f32x4.mul(e, positive), positive, f32x4.lt(x, f32x4.splat(0)));
}

/** exp of one number. */
export function expOne(x: f32): f32 {
  return f32x4.extract_lane(exp(f32x4.splat(x), table), 0);
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
