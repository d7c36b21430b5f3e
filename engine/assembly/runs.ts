/** Short runs of floats, for which a call of the memory's own copy takes longer than the copy. */
import { madd } from './vector';

/** to = from */
@inline
export function copyRun(from: usize, to: usize, count: usize): void {
  let i: usize = 0;
  for (; i + 4 <= count; i += 4) v128.store(to + (i << 2), v128.load(from + (i << 2)));
  for (; i < count; i++) store<f32>(to + (i << 2), load<f32>(from + (i << 2)));
}

/** to += from */
@inline
export function addRun(from: usize, to: usize, count: usize): void {
  let i: usize = 0;
  for (; i + 4 <= count; i += 4) {
    const at = to + (i << 2);
    v128.store(at, f32x4.add(v128.load(at), v128.load(from + (i << 2))));
  }
  for (; i < count; i++) store<f32>(to + (i << 2), load<f32>(to + (i << 2)) + load<f32>(from + (i << 2)));
}

/** to += a b, entry by entry */
@inline
export function addProductRun(a: usize, b: usize, to: usize, count: usize): void {
  let i: usize = 0;
  for (; i + 4 <= count; i += 4) {
    const at = to + (i << 2);
    v128.store(at, madd(v128.load(a + (i << 2)), v128.load(b + (i << 2)), v128.load(at)));
  }
  for (; i < count; i++) {
    const at = to + (i << 2);
    store<f32>(at, load<f32>(a + (i << 2)) * load<f32>(b + (i << 2)) + load<f32>(at));
  }
}
