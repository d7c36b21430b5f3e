/** One step of Adam over all weights at once. */
import { loadPart, madd, storePart } from './vector';

/**
 * m' = beta1 m + (1 - beta1) g, v' = beta2 v + (1 - beta2) g^2, w' = keep w - size m' / (sqrt(v') root + epsilon), where g has `decay` w added.
 * New values go to other places than the old ones.
 */
export function adam(
  w: usize, g: usize, m: usize, v: usize, toW: usize, toM: usize, toV: usize, count: usize,
  beta1: f32, beta2: f32, size: f32, root: f32, epsilon: f32, keep: f32, decay: f32,
): void {
  const vectors = (count & ~3) << 2, rest = count & 3;
  for (let at: usize = 0; at < vectors; at += 16) {
    step(v128.load(w + at), v128.load(g + at), v128.load(m + at), v128.load(v + at), toW + at, toM + at, toV + at, 4, beta1, beta2, size, root, epsilon, keep, decay);
  }
  if (rest) {
    step(loadPart(w + vectors, rest), loadPart(g + vectors, rest), loadPart(m + vectors, rest), loadPart(v + vectors, rest), toW + vectors, toM + vectors, toV + vectors, rest, beta1, beta2, size, root, epsilon, keep, decay);
  }
}

@inline
function step(
  w: v128, g: v128, m: v128, v: v128, toW: usize, toM: usize, toV: usize, lanes: usize,
  beta1: f32, beta2: f32, size: f32, root: f32, epsilon: f32, keep: f32, decay: f32,
): void {
  const slope = madd(w, f32x4.splat(decay), g);
  const first = madd(slope, f32x4.splat(1 - beta1), f32x4.mul(m, f32x4.splat(beta1)));
  const second = madd(f32x4.mul(slope, slope), f32x4.splat(1 - beta2), f32x4.mul(v, f32x4.splat(beta2)));
  const below = madd(f32x4.sqrt(second), f32x4.splat(root), f32x4.splat(epsilon));
  const change = f32x4.mul(f32x4.splat(size), f32x4.div(first, below));
  const weight = f32x4.sub(f32x4.mul(w, f32x4.splat(keep)), change);
  if (lanes == 4) {
    v128.store(toW, weight);
    v128.store(toM, first);
    v128.store(toV, second);
  } else {
    storePart(toW, weight, lanes);
    storePart(toM, first, lanes);
    storePart(toV, second, lanes);
  }
}
