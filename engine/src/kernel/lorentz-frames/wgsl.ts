/** Lorentz frames on the GPU: a thread for each frame, the gradient by the adjoint of each step in reverse. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { type Program, runProgram } from '../../tensor/gpu/program.ts';
import { epsilon, tiny } from './reference.ts';

const threads = 64;

/** The steps of reference.ts on one frame's vectors. */
const steps = `
const epsilon = ${epsilon};
const tiny = ${tiny};
const metric = vec4f(1, -1, -1, -1);
fn inner(a: vec4f, b: vec4f) -> f32 { return dot(a, metric * b); }
fn lengthOf(v: vec4f) -> f32 { return sqrt(max(abs(inner(v, v)), tiny)) + epsilon; }
fn unit(v: vec4f) -> vec4f { return v / lengthOf(v); }
fn without(v: vec4f, e: vec4f) -> vec4f { return v - e * (inner(v, e) / (inner(e, e) + epsilon)); }
// z . levi(a, b, c) is the determinant of the rows z, a, b, c.
fn levi(a: vec4f, b: vec4f, c: vec4f) -> vec4f {
  return vec4f(
    determinant(mat3x3f(a.yzw, b.yzw, c.yzw)),
    -determinant(mat3x3f(a.xzw, b.xzw, c.xzw)),
    determinant(mat3x3f(a.xyw, b.xyw, c.xyw)),
    -determinant(mat3x3f(a.xyz, b.xyz, c.xyz)));
}`;

const forward: Program = {
  name: 'Lorentz frames',
  inputs: { vectors: 'vec4f' },
  outputs: { frames: 'vec4f' },
  params: { count: 'i' },
  threads,
  declarations: steps,
  body: `
  if (index >= params.count) { return; }
  let u0 = unit(vectors[3 * index]);
  let u2 = unit(vectors[3 * index + 2]);
  let e1 = unit(without(unit(vectors[3 * index + 1]), u0));
  let e2 = unit(without(without(u2, u0), e1));
  let e3 = unit(metric * levi(u0, e1, e2));
  frames[4 * index] = metric * u0;
  frames[4 * index + 1] = -metric * e1;
  frames[4 * index + 2] = -metric * e2;
  frames[4 * index + 3] = -metric * e3;`,
};

const gradient: Program = {
  name: 'Lorentz frames: gradient',
  inputs: { vectors: 'vec4f', dy: 'vec4f' },
  outputs: { dv: 'vec4f' },
  params: { count: 'i' },
  threads,
  declarations: `${steps}
fn unitAdjoint(v: vec4f, d: vec4f) -> vec4f {
  let square = inner(v, v);
  let length = lengthOf(v);
  let slope = select(0.0, sign(square) / sqrt(max(abs(square), tiny)), abs(square) > tiny);
  return (d - metric * v * (dot(d, v) / length * slope)) / length;
}
struct Pair { v: vec4f, e: vec4f }
fn withoutAdjoint(v: vec4f, e: vec4f, d: vec4f) -> Pair {
  let square = inner(e, e) + epsilon;
  let share = inner(v, e) / square;
  let along = dot(d, e) / square;
  return Pair(d - metric * e * along, 2 * share * along * (metric * e) - share * d - metric * v * along);
}`,
  body: `
  if (index >= params.count) { return; }
  let v0 = vectors[3 * index];
  let v1 = vectors[3 * index + 1];
  let v2 = vectors[3 * index + 2];
  let u0 = unit(v0);
  let u1 = unit(v1);
  let u2 = unit(v2);
  let w1 = without(u1, u0);
  let e1 = unit(w1);
  let half = without(u2, u0);
  let w2 = without(half, e1);
  let e2 = unit(w2);
  let w3 = metric * levi(u0, e1, e2);
  var d0 = metric * dy[4 * index];
  var d1 = -metric * dy[4 * index + 1];
  var d2 = -metric * dy[4 * index + 2];
  // The determinant of (z, u0, e1, e2) is linear in each row.
  let z = metric * unitAdjoint(w3, -metric * dy[4 * index + 3]);
  d0 -= levi(z, e1, e2);
  d1 += levi(z, u0, e2);
  d2 -= levi(z, u0, e1);
  let second = withoutAdjoint(half, e1, unitAdjoint(w2, d2));
  d1 += second.e;
  let first = withoutAdjoint(u2, u0, second.v);
  d0 += first.e;
  let middle = withoutAdjoint(u1, u0, unitAdjoint(w1, d1));
  d0 += middle.e;
  dv[3 * index] = unitAdjoint(v0, d0);
  dv[3 * index + 1] = unitAdjoint(v1, middle.v);
  dv[3 * index + 2] = unitAdjoint(v2, first.v);`,
};

/** Frames `[M, 4, 4]` of vectors `[M, 3, 4]`. */
export function lorentzFramesForward(backend: unknown, vectors: TensorInfo): TensorInfo {
  return run(backend, forward, [vectors], 4);
}

/** The gradient of the vectors `[M, 3, 4]`, from dy `[M, 4, 4]`. */
export function lorentzFramesGradient(backend: unknown, vectors: TensorInfo, dy: TensorInfo): TensorInfo {
  return run(backend, gradient, [vectors, dy], 3);
}

function run(backend: unknown, program: Program, inputs: readonly TensorInfo[], rows: number): TensorInfo {
  const count = inputs[0]!.shape[0]!;
  return runProgram(backend, program, {
    inputs,
    outputs: [{ shape: [count, rows, 4], dtype: 'float32' }],
    params: [count],
    groups: Math.ceil(count / threads),
  })[0]!;
}
