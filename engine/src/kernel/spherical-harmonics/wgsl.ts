/**
 * Spherical harmonics on the GPU: a thread for each vector runs the recursion of reference.ts unrolled, and a workgroup
 * writes its rows together, so that neighbouring threads write neighbouring numbers.
 */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { type Program, runProgram } from '../../tensor/gpu/program.ts';
import { onWebgpu } from '../on-webgpu.ts';
import { harmonicFactor, type SphericalHarmonicsAttributes } from './reference.ts';

const threads = 64;

/** Added to |v|^2 as in reference.ts. */
const unit = `
  let squared = dot(v, v) + 1e-30;
  let length = sqrt(squared);
  let u = select(v, v / length, normalize);
  let square = dot(u, u);`;

const number = (x: number) => (Number.isInteger(x) ? `${x}.0` : `${x}`);

/** A step of the unrolled recursion: its order, degree and the factor of its harmonic. */
interface Step {
  readonly l: number;
  readonly m: number;
  readonly factor: number;
}

/** The body: for each order m its azimuthal parts, then for each degree the polar part; `emit` uses the values. */
function unroll(
  { degree, normalization }: SphericalHarmonicsAttributes,
  emit: (step: Step) => string,
  slopes: boolean,
): string {
  const lines = ['var cosine = 1.0; var sine = 0.0; var lower = vec2f(0);'];
  let diagonal = 1;
  for (let m = 0; m <= degree; m++) {
    lines.push(`{ var below = 0.0; var polar = ${number(diagonal)};`);
    // Derivatives of the polar part by u.y and by |u|^2.
    if (slopes) lines.push('var belowSlope = vec2f(0); var polarSlope = vec2f(0);');
    for (let l = m; l <= degree; l++) {
      lines.push(emit({ l, m, factor: harmonicFactor(l, m, normalization) }));
      if (l === degree) break;
      const [a, b] = [number((2 * l + 1) / (l + 1 - m)), number((l + m) / (l + 1 - m))];
      if (slopes) {
        lines.push(`{ let next = ${a} * (u.y * polarSlope + vec2f(polar, 0)) - ${b} * (square * belowSlope + vec2f(0, below));
          belowSlope = polarSlope; polarSlope = next; }`);
      }
      lines.push(`{ let next = ${a} * u.y * polar - ${b} * square * below; below = polar; polar = next; }`);
    }
    lines.push('}');
    diagonal *= 2 * m + 1;
    // (z + i x)^m; the one of the order below gives the derivatives.
    lines.push('lower = vec2f(cosine, sine);');
    lines.push('cosine = lower.x * u.z - lower.y * u.x; sine = lower.x * u.x + lower.y * u.z;');
  }
  return lines.join('\n');
}

const column = (l: number, m: number) => l * l + l + m;

function forwardProgram(attributes: SphericalHarmonicsAttributes): Program {
  const columns = (attributes.degree + 1) ** 2;
  const emit = ({ l, m, factor }: Step) => {
    const cosine = `rows[at + ${column(l, m)}] = ${number(factor)} * polar * cosine;`;
    return m === 0 ? cosine : `${cosine} rows[at + ${column(l, -m)}] = ${number(factor)} * polar * sine;`;
  };
  return {
    name: 'spherical harmonics',
    inputs: { vectors: 'f32' },
    outputs: { result: 'f32' },
    params: { count: 'i' },
    threads,
    declarations: `
const normalize = ${attributes.normalize};
const columns = ${columns};
var<workgroup> rows: array<f32, threads * columns>;`,
    body: `
  let at = lane * columns;
  let row = min(index, params.count - 1);
  let v = vec3f(vectors[3 * row], vectors[3 * row + 1], vectors[3 * row + 2]);
  ${unit}
  ${unroll(attributes, emit, false)}
  workgroupBarrier();
  let first = group * threads * columns;
  let last = min(threads * columns, params.count * columns - first);
  for (var i = lane; i < last; i += threads) { result[first + i] = rows[i]; }`,
  };
}

function gradientProgram(attributes: SphericalHarmonicsAttributes): Program {
  const columns = (attributes.degree + 1) ** 2;
  // With P = polar(u.y, |u|^2) and (z + i x)^m = cosine + i sine: dP = (slope.x + 2 u.y slope.y, 2 u.x slope.y, 2 u.z slope.y).
  const emit = ({ l, m, factor }: Step) => {
    const both = m === 0 ? 'let azimuth = c;' : 'let azimuth = c * cosine + s * sine;';
    const turn =
      m === 0 ? '' : `du += ${m}.0 * polar * vec3f(s * lower.x - c * lower.y, 0, c * lower.x + s * lower.y);`;
    return `{ let c = ${number(factor)} * rows[at + ${column(l, m)}];
      ${m === 0 ? '' : `let s = ${number(factor)} * rows[at + ${column(l, -m)}];`}
      ${both}
      du += azimuth * (2 * polarSlope.y * u + vec3f(0, polarSlope.x, 0));
      ${turn} }`;
  };
  return {
    name: 'spherical harmonics: gradient',
    inputs: { vectors: 'f32', dy: 'f32' },
    outputs: { result: 'f32' },
    params: { count: 'i' },
    threads,
    declarations: `
const normalize = ${attributes.normalize};
const columns = ${columns};
var<workgroup> rows: array<f32, threads * columns>;`,
    body: `
  let at = lane * columns;
  let row = min(index, params.count - 1);
  let v = vec3f(vectors[3 * row], vectors[3 * row + 1], vectors[3 * row + 2]);
  let first = group * threads * columns;
  let last = min(threads * columns, params.count * columns - first);
  for (var i = lane; i < last; i += threads) { rows[i] = dy[first + i]; }
  workgroupBarrier();
  ${unit}
  var du = vec3f(0);
  ${unroll(attributes, emit, true)}
  if (index < params.count) {
    let dv = select(du, (du - u * dot(u, du)) / length, normalize);
    for (var i = 0; i < 3; i++) { result[3 * index + i] = dv[i]; }
  }`,
  };
}

/** Y_0 .. Y_degree of vectors `[n, 3]`: `[n, (degree + 1)^2]`. */
export function sphericalHarmonicsForward(
  backend: unknown,
  vectors: TensorInfo,
  attributes: SphericalHarmonicsAttributes,
): TensorInfo {
  return run(backend, forwardProgram(attributes), [vectors], (attributes.degree + 1) ** 2);
}

/** The gradient of the vectors `[n, 3]`, from dy `[n, (degree + 1)^2]`. */
export function sphericalHarmonicsGradient(
  backend: unknown,
  vectors: TensorInfo,
  dy: TensorInfo,
  attributes: SphericalHarmonicsAttributes,
): TensorInfo {
  return run(backend, gradientProgram(attributes), [vectors, dy], 3);
}

function run(backend: unknown, program: Program, inputs: readonly TensorInfo[], columns: number): TensorInfo {
  const count = inputs[0]!.shape[0]!;
  return runProgram(backend, program, {
    inputs,
    outputs: [{ shape: [count, columns], dtype: 'float32' }],
    params: [count],
    groups: Math.ceil(count / threads),
  })[0]!;
}

/** `NoetherSphericalHarmonics` of [vectors]; `NoetherSphericalHarmonicsGradient` of [vectors, dy]. */
export const sphericalHarmonicsOnWebgpu = onWebgpu<SphericalHarmonicsAttributes>({
  NoetherSphericalHarmonics: (backend, [vectors], attributes) =>
    sphericalHarmonicsForward(backend, vectors!, attributes),
  NoetherSphericalHarmonicsGradient: (backend, [vectors, dy], attributes) =>
    sphericalHarmonicsGradient(backend, vectors!, dy!, attributes),
});
