/**
 * Projective invariants on the GPU: a thread for each channel of each point. In the gradient a thread collects what all
 * invariants of its channel and of its neighbours ask of it, so nothing is added from two sides.
 */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { type Program, runProgram } from '../../tensor/gpu/program.ts';

const threads = 64;

const jets = `
struct Jet { x: f32, y: f32, xx: f32, xy: f32, yy: f32 }
fn jetAt(point: i32, channel: i32) -> Jet {
  let at = (point * params.channels + channel) * 5;
  return Jet(jets[at], jets[at + 1], jets[at + 2], jets[at + 3], jets[at + 4]);
}
fn determinantOf(a: Jet, b: Jet) -> f32 { return a.x * b.y - a.y * b.x; }
// The form of b's second derivatives in the turned gradients of a and c.
fn turned(a: Jet, b: Jet, c: Jet) -> f32 {
  return b.xx * a.y * c.y + b.yy * a.x * c.x - b.xy * (a.x * c.y + a.y * c.x);
}`;

const forward: Program = {
  name: 'projective invariants',
  inputs: { jets: 'f32' },
  outputs: { result: 'f32' },
  params: { points: 'i', channels: 'i' },
  threads,
  declarations: jets,
  body: `
  if (index >= params.points * params.channels) { return; }
  let n = params.channels;
  let point = index / n;
  let i = index % n;
  let row = point * (5 * n - 5);
  let a = jetAt(point, i);
  result[row + i] = turned(a, a, a);
  if (i + 1 < n) {
    let b = jetAt(point, i + 1);
    result[row + n + i] = turned(a, b, a) + 2 * turned(a, a, b);
    result[row + 2 * n - 1 + i] = turned(b, a, b) + 2 * turned(b, b, a);
    result[row + 4 * n - 4 + i] = determinantOf(a, b);
  }
  if (i + 2 < n) { result[row + 3 * n - 2 + i] = determinantOf(a, jetAt(point, i + 2)); }`,
};

const gradient: Program = {
  name: 'projective invariants: gradient',
  inputs: { jets: 'f32', dy: 'f32' },
  outputs: { result: 'f32' },
  params: { points: 'i', channels: 'i' },
  threads,
  declarations: `${jets}
fn plus(a: Jet, b: Jet, factor: f32) -> Jet {
  return Jet(a.x + factor * b.x, a.y + factor * b.y, a.xx + factor * b.xx, a.xy + factor * b.xy, a.yy + factor * b.yy);
}
// The slope of turned(a, b, c) in the gradient of a; that in c's is the same with a and c exchanged.
fn inGradient(b: Jet, c: Jet) -> Jet { return Jet(b.yy * c.x - b.xy * c.y, b.xx * c.y - b.xy * c.x, 0, 0, 0); }
// Its slope in the second derivatives of b.
fn inSecond(a: Jet, c: Jet) -> Jet { return Jet(0, 0, a.y * c.y, -(a.x * c.y + a.y * c.x), a.x * c.x); }
// Of turned(a, b, a) + 2 turned(a, a, b): half of its slope in a, and that in b.
fn inDouble(a: Jet, b: Jet) -> Jet {
  return plus(plus(inGradient(b, a), inGradient(a, b), 1), inSecond(a, b), 1);
}
fn inSingle(a: Jet) -> Jet { return plus(inSecond(a, a), inGradient(a, a), 2); }`,
  body: `
  if (index >= params.points * params.channels) { return; }
  let n = params.channels;
  let point = index / n;
  let i = index % n;
  let row = point * (5 * n - 5);
  let own = jetAt(point, i);
  var sum = Jet(0, 0, 0, 0, 0);
  // Three equal arguments: each gradient's slope, and the second derivatives'.
  sum = plus(sum, inSingle(own), dy[row + i]);
  if (i + 1 < n) {
    let next = jetAt(point, i + 1);
    sum = plus(sum, inDouble(own, next), 2 * dy[row + n + i]);
    sum = plus(sum, inSingle(next), dy[row + 2 * n - 1 + i]);
    sum = plus(sum, Jet(next.y, -next.x, 0, 0, 0), dy[row + 4 * n - 4 + i]);
  }
  if (i > 0) {
    let before = jetAt(point, i - 1);
    sum = plus(sum, inSingle(before), dy[row + n + i - 1]);
    sum = plus(sum, inDouble(own, before), 2 * dy[row + 2 * n - 2 + i]);
    sum = plus(sum, Jet(-before.y, before.x, 0, 0, 0), dy[row + 4 * n - 5 + i]);
  }
  if (i + 2 < n) {
    let far = jetAt(point, i + 2);
    sum = plus(sum, Jet(far.y, -far.x, 0, 0, 0), dy[row + 3 * n - 2 + i]);
  }
  if (i > 1) {
    let far = jetAt(point, i - 2);
    sum = plus(sum, Jet(-far.y, far.x, 0, 0, 0), dy[row + 3 * n - 4 + i]);
  }
  let at = index * 5;
  result[at] = sum.x;
  result[at + 1] = sum.y;
  result[at + 2] = sum.xx;
  result[at + 3] = sum.xy;
  result[at + 4] = sum.yy;`,
};

/** Invariants `[N, 5 C - 5]` of jets `[N, C, 5]`, in the order of reference.ts. */
export function projectiveInvariantsForward(backend: unknown, jets: TensorInfo): TensorInfo {
  const [points, channels] = jets.shape as [number, number];
  return run(backend, forward, [jets], [points, 5 * channels - 5]);
}

/** The gradient of the jets `[N, C, 5]`, from dy `[N, 5 C - 5]`. */
export function projectiveInvariantsGradient(backend: unknown, jets: TensorInfo, dy: TensorInfo): TensorInfo {
  return run(backend, gradient, [jets, dy], jets.shape);
}

function run(
  backend: unknown,
  program: Program,
  inputs: readonly TensorInfo[],
  shape: readonly number[],
): TensorInfo {
  const [points, channels] = inputs[0]!.shape as [number, number];
  return runProgram(backend, program, {
    inputs,
    outputs: [{ shape, dtype: 'float32' }],
    params: [points, channels],
    groups: Math.ceil((points * channels) / threads),
  })[0]!;
}
