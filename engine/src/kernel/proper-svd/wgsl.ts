/** The decomposition on the GPU, one thread a matrix, and its gradient in closed form. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { type Program, runProgram } from '../../tensor/gpu/program.ts';
import { onWebgpu } from '../on-webgpu.ts';
import { tiny } from './reference.ts';

const threads = 64;

/** Quadratic convergence: a float is reached one sweep before a double. */
const sweeps = 5;

const forward: Program = {
  name: 'proper SVD',
  inputs: { matrices: 'f32' },
  outputs: { result: 'f32' },
  params: { count: 'i' },
  threads,
  declarations: `
struct Pair { left: mat2x3f, right: mat2x3f }
// Each operand holds a column under way and its column of V.
fn rotate(left: mat2x3f, right: mat2x3f) -> Pair {
  let difference = dot(right[0], right[0]) - dot(left[0], left[0]);
  let mixed = dot(left[0], right[0]);
  let root = sqrt(difference * difference + 4 * mixed * mixed + ${tiny});
  let tangent = 2 * mixed / (difference + select(root, -root, difference < 0));
  let cosine = inverseSqrt(1 + tangent * tangent);
  let sine = cosine * tangent;
  return Pair(cosine * left - sine * right, sine * left + cosine * right);
}
fn order(left: mat2x3f, right: mat2x3f) -> Pair {
  if (dot(left[0], left[0]) < dot(right[0], right[0])) { return Pair(right, left); }
  return Pair(left, right);
}`,
  body: `
  if (index >= params.count) { return; }
  let at = 9 * index;
  var a = mat2x3f(vec3f(matrices[at], matrices[at + 3], matrices[at + 6]), vec3f(1, 0, 0));
  var b = mat2x3f(vec3f(matrices[at + 1], matrices[at + 4], matrices[at + 7]), vec3f(0, 1, 0));
  var c = mat2x3f(vec3f(matrices[at + 2], matrices[at + 5], matrices[at + 8]), vec3f(0, 0, 1));
  // Squares of small and large matrices stay in the range of a float.
  let most = max(max(abs(a[0]), abs(b[0])), abs(c[0]));
  let scale = max(max(most.x, most.y), max(most.z, 1e-30));
  a[0] /= scale;
  b[0] /= scale;
  c[0] /= scale;
  for (var sweep = 0; sweep < ${sweeps}; sweep++) {
    let first = rotate(a, b);
    let second = rotate(first.left, c);
    let third = rotate(first.right, second.right);
    a = second.left;
    b = third.left;
    c = third.right;
  }
  let first = order(a, b);
  let second = order(first.right, c);
  let third = order(first.left, second.left);
  a = third.left;
  b = third.right;
  c = second.right;
  let s1 = sqrt(dot(a[0], a[0]) + ${tiny});
  let s2 = sqrt(dot(b[0], b[0]) + ${tiny});
  let u1 = a[0] / s1;
  let u2 = b[0] / s2;
  let u3 = cross(u1, u2);
  let v3 = cross(a[1], b[1]);
  let s = scale * vec3f(s1, s2, dot(u3, c[0]) * dot(v3, c[1]));
  let out = 21 * index;
  for (var i = 0; i < 3; i++) {
    result[out + 7 * i] = u1[i];
    result[out + 7 * i + 1] = u2[i];
    result[out + 7 * i + 2] = u3[i];
    result[out + 7 * i + 3] = s[i];
    result[out + 7 * i + 4] = a[1][i];
    result[out + 7 * i + 5] = b[1][i];
    result[out + 7 * i + 6] = v3[i];
  }`,
};

/**
 * With P = U^T dF V: ds is its diagonal, and (U^T dU)_ij = (s_j P_ij + s_i P_ji) / (s_j^2 - s_i^2), likewise for V with s_i P_ij + s_j P_ji
 * (Papadopoulo and Lourakis 2000). This is the adjoint.
 */
const gradient: Program = {
  name: 'proper SVD: gradient',
  inputs: { y: 'f32', dy: 'f32' },
  outputs: { result: 'f32' },
  params: { count: 'i' },
  threads,
  declarations: `
struct Parts { u: mat3x3f, s: vec3f, v: mat3x3f }
fn column(values: array<f32, 21>, j: i32) -> vec3f { return vec3f(values[j], values[7 + j], values[14 + j]); }
fn parts(values: array<f32, 21>) -> Parts {
  return Parts(
    mat3x3f(column(values, 0), column(values, 1), column(values, 2)),
    column(values, 3),
    mat3x3f(column(values, 4), column(values, 5), column(values, 6)));
}`,
  body: `
  if (index >= params.count) { return; }
  var kept: array<f32, 21>;
  var given: array<f32, 21>;
  for (var i = 0; i < 21; i++) {
    kept[i] = y[21 * index + i];
    given[i] = dy[21 * index + i];
  }
  let a = parts(kept);
  let d = parts(given);
  let g = transpose(a.u) * d.u;
  let h = transpose(a.v) * d.v;
  // Matrices are indexed [column][row].
  var p = mat3x3f(vec3f(d.s.x, 0, 0), vec3f(0, d.s.y, 0), vec3f(0, 0, d.s.z));
  for (var i = 0; i < 3; i++) {
    for (var j = 0; j < 3; j++) {
      let gap = (a.s[j] - a.s[i]) * (a.s[j] + a.s[i]);
      if (i != j && gap != 0) {
        p[j][i] = (a.s[j] * (g[j][i] - g[i][j]) + a.s[i] * (h[j][i] - h[i][j])) / gap;
      }
    }
  }
  let df = a.u * p * transpose(a.v);
  for (var i = 0; i < 3; i++) { for (var j = 0; j < 3; j++) { result[9 * index + 3 * i + j] = df[j][i]; } }`,
};

function run(
  backend: unknown,
  program: Program,
  inputs: readonly TensorInfo[],
  shape: readonly number[],
): TensorInfo {
  const count = inputs[0]!.shape[0]!;
  return runProgram(backend, program, {
    inputs,
    outputs: [{ shape: [count, ...shape], dtype: 'float32' }],
    params: [count],
    groups: Math.ceil(count / threads),
  })[0]!;
}

/** `NoetherProperSvd` of [F]; `NoetherProperSvdGradient` of [y, dy], both packed as in reference.ts. */
export const properSvdOnWebgpu = onWebgpu({
  NoetherProperSvd: (backend, inputs) => run(backend, forward, inputs, [3, 7]),
  NoetherProperSvdGradient: (backend, inputs) => run(backend, gradient, inputs, [3, 3]),
});
