/**
 * The separable group convolution on the GPU. The step over space makes the kernel values of a few edges at a time in
 * registers, from tiles of the basis and of the weight in shared memory, and adds the messages up at once: neither the
 * kernel [E, O, C] nor a message is ever stored.
 */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { type Program, release, runProgram } from '../../tensor/gpu/program.ts';
import { segmentRows } from '../../tensor/gpu/segments.ts';
import { onWebgpu } from '../on-webgpu.ts';

const threads = 64;

/** Edges that a workgroup takes at a time, and basis functions of a tile. */
const edgesAtOnce = 16;
const depth = 16;

/** A workgroup is one receiver, one orientation and 64 channels; a thread is one channel. */
const spatial: Program = {
  name: 'group convolution: space',
  inputs: { offsets: 'i32', order: 'i32', x: 'f32', basis: 'f32', weight: 'f32', senders: 'i32' },
  outputs: { result: 'f32' },
  params: { orientations: 'i', channels: 'i', functions: 'i' },
  threads,
  declarations: `
const edgesAtOnce = ${edgesAtOnce};
const depth = ${depth};
var<workgroup> weightTile: array<f32, depth * threads>;
var<workgroup> basisTile: array<f32, depth * edgesAtOnce>;`,
  body: `
  let blocks = (params.channels + threads - 1) / threads;
  let place = group / blocks;
  let receiver = place / params.orientations;
  let orientation = place % params.orientations;
  let firstChannel = (group % blocks) * threads;
  let channel = firstChannel + lane;
  let last = offsets[receiver + 1];
  var sum = 0.0;
  for (var p = offsets[receiver]; p < last; p += edgesAtOnce) {
    let count = min(edgesAtOnce, last - p);
    // Zeros are written out: drivers forget them in a loop.
    var kernel = array<f32, edgesAtOnce>();
    for (var start = 0; start < params.functions; start += depth) {
      let width = min(depth, params.functions - start);
      workgroupBarrier();
      for (var i = lane; i < depth * threads; i += threads) {
        let row = firstChannel + i / depth;
        let inside = row < params.channels && i % depth < width;
        // Turned, so that neighbouring channels lie in neighbouring banks.
        weightTile[(i % depth) * threads + i / depth] =
          select(0.0, weight[min(row, params.channels - 1) * params.functions + start + min(i % depth, width - 1)], inside);
      }
      for (var i = lane; i < depth * edgesAtOnce; i += threads) {
        let t = i / depth;
        let edge = order[p + min(t, count - 1)];
        let inside = t < count && i % depth < width;
        let at = (edge * params.orientations + orientation) * params.functions + start + min(i % depth, width - 1);
        basisTile[(i % depth) * edgesAtOnce + t] = select(0.0, basis[at], inside);
      }
      workgroupBarrier();
      for (var j = 0; j < depth; j++) {
        let w = weightTile[j * threads + lane];
        for (var t = 0; t < edgesAtOnce; t++) { kernel[t] += w * basisTile[j * edgesAtOnce + t]; }
      }
    }
    if (channel < params.channels) {
      for (var t = 0; t < count; t++) {
        let sender = senders[order[p + t]];
        if (sender >= 0) { sum += kernel[t] * x[(sender * params.orientations + orientation) * params.channels + channel]; }
      }
    }
  }
  if (channel < params.channels) { result[place * params.channels + channel] = sum; }`,
};

/**
 * The step over space, y[r, o, c] = sum over e with receivers[e] = r of x[senders[e], o, c] sum_d K[c, d] b[e, o, d]. With
 * senders and receivers exchanged it is also the gradient of x.
 * @param inputs x `[n, O, C]`; basis `[E, O, D]`; weight `[C, D]`; senders `[E]`, negative for a row of zeros; receivers `[E]`
 * @returns `[count, O, C]`
 */
export function spatialStepForward(
  backend: unknown,
  [x, basis, weight, senders, receivers]: readonly TensorInfo[],
  count: number,
): TensorInfo {
  const [, orientations, channels] = x!.shape as [number, number, number];
  const { offsets, order } = segmentRows(backend, receivers!, count);
  const [result] = runProgram(backend, spatial, {
    inputs: [offsets, order, x!, basis!, weight!, senders!],
    outputs: [{ shape: [count, orientations, channels], dtype: 'float32' }],
    params: [orientations, channels, basis!.shape[2]!],
    groups: count * orientations * Math.ceil(channels / threads),
  });
  release(backend, [offsets, order]);
  return result!;
}

/** Points that share each kernel value they read. */
const pointsAtOnce = 4;

/** A thread is one channel of a few points: their values at all orientations stay in registers. */
function fibreProgram(from: number, turned: boolean): Program {
  const kernelAt = turned ? 'o * params.to + p' : 'p * sources + o';
  return {
    name: 'group convolution: orientations',
    inputs: { x: 'f32', kernel: 'f32' },
    outputs: { result: 'f32' },
    params: { points: 'i', to: 'i', channels: 'i' },
    threads,
    declarations: `
const sources = ${from};
const pointsAtOnce = ${pointsAtOnce};`,
    body: `
  let blocks = (params.channels + threads - 1) / threads;
  let first = (group / blocks) * pointsAtOnce;
  let channel = (group % blocks) * threads + lane;
  if (channel >= params.channels) { return; }
  let count = min(pointsAtOnce, params.points - first);
  var own: array<f32, pointsAtOnce * sources>;
  for (var i = 0; i < count; i++) {
    for (var o = 0; o < sources; o++) { own[i * sources + o] = x[((first + i) * sources + o) * params.channels + channel]; }
  }
  for (var p = 0; p < params.to; p++) {
    var sum = array<f32, pointsAtOnce>();
    for (var o = 0; o < sources; o++) {
      let k = kernel[(${kernelAt}) * params.channels + channel];
      for (var i = 0; i < pointsAtOnce; i++) { sum[i] += k * own[i * sources + o]; }
    }
    for (var i = 0; i < count; i++) { result[((first + i) * params.to + p) * params.channels + channel] = sum[i]; }
  }`,
  };
}

/**
 * The step over orientations, y[i, p, c] = sum over o of x[i, o, c] k[p, o, c]. `turned` reads k[o, p, c] instead, which makes it
 * the gradient of x.
 * @param x `[n, O, C]`
 * @param kernel `[P, O, C]`, turned `[O, P, C]`
 * @returns `[n, P, C]`
 */
export function fibreStepForward(
  backend: unknown,
  x: TensorInfo,
  kernel: TensorInfo,
  turned = false,
): TensorInfo {
  const [points, from, channels] = x.shape as [number, number, number];
  const to = kernel.shape[turned ? 1 : 0]!;
  // Registers of a thread are finite: WGSL allows 8 kB of variables in a function.
  if (pointsAtOnce * from > 1024) throw new RangeError(`webgpu takes up to 256 orientations, not ${from}`);
  return runProgram(backend, fibreProgram(from, turned), {
    inputs: [x, kernel],
    outputs: [{ shape: [points, to, channels], dtype: 'float32' }],
    params: [points, to, channels],
    groups: Math.ceil(points / pointsAtOnce) * Math.ceil(channels / threads),
  })[0]!;
}

/** A thread is one number of the kernel, over all points. */
const fibreGradient: Program = {
  name: 'group convolution: gradient of the orientation kernel',
  inputs: { x: 'f32', dy: 'f32' },
  outputs: { result: 'f32' },
  params: { points: 'i', sources: 'i', to: 'i', channels: 'i' },
  threads,
  body: `
  if (index >= params.to * params.sources * params.channels) { return; }
  let channel = index % params.channels;
  let o = (index / params.channels) % params.sources;
  let p = index / (params.channels * params.sources);
  var sum = 0.0;
  for (var i = 0; i < params.points; i++) {
    sum += x[(i * params.sources + o) * params.channels + channel] * dy[(i * params.to + p) * params.channels + channel];
  }
  result[index] = sum;`,
};

/** The gradient of the orientation kernel, dk[p, o, c] = sum over i of dy[i, p, c] x[i, o, c]: `[P, O, C]`. */
export function fibreKernelGradient(backend: unknown, x: TensorInfo, dy: TensorInfo): TensorInfo {
  const [points, from, channels] = x.shape as [number, number, number];
  const to = dy.shape[1]!;
  return runProgram(backend, fibreGradient, {
    inputs: [x, dy],
    outputs: [{ shape: [to, from, channels], dtype: 'float32' }],
    params: [points, from, to, channels],
    groups: Math.ceil((to * from * channels) / threads),
  })[0]!;
}

/**
 * `NoetherSpatialStep` of [x, basis, weight, senders, receivers] with `count`; exchanged senders and receivers make it the gradient
 * of x. `NoetherFibreStep` of [x, kernel], its gradient of x when `turned`; `NoetherFibreKernelGradient` of [x, dy].
 */
export const groupConvolutionOnWebgpu = onWebgpu<{ count: number; turned: boolean }>({
  NoetherSpatialStep: (backend, inputs, { count }) => spatialStepForward(backend, inputs, count),
  NoetherFibreStep: (backend, [x, kernel], { turned }) => fibreStepForward(backend, x!, kernel!, turned),
  NoetherFibreKernelGradient: (backend, [x, dy]) => fibreKernelGradient(backend, x!, dy!),
});
