/**
 * Attention on the GPU, streamed: a workgroup keeps its queries in registers and passes over the keys in tiles, with the
 * softmax's maximum and sum carried along (Milakov and Gimelshein 2018), so no array of N x M is ever made.
 */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { type Program, runProgram } from '../../tensor/gpu/program.ts';
import { onWebgpu } from '../on-webgpu.ts';
import type { AttentionAttributes } from './reference.ts';
import { attentionKeyGradient, attentionQueryGradient, attentionStatistics } from './wgsl-gradient.ts';
import {
  type AttentionShape,
  common,
  float32,
  params,
  paramsOf,
  shapeOf,
  threads,
  tileOf,
} from './wgsl-rows.ts';

function forwardProgram(shape: AttentionShape): Program {
  const tile = tileOf(shape);
  const { element, load, store, declarations, maskTerm } = common(shape, tile);
  return {
    name: 'attention',
    inputs: { q: element, k: element, v: element, ...(shape.hasMask ? { mask: 'f32' as const } : {}) },
    outputs: { y: element, logSum: 'f32' },
    params,
    threads,
    declarations: `${declarations}
${maskTerm}
var<workgroup> kTile: array<vec4f, tile * d4>;
var<workgroup> vTile: array<vec4f, tile * e4>;
${load('q', 'd', 'd4')}
${load('k', 'd', 'd4')}
${load('v', 'e', 'e4')}
${store('y', 'e', 'e4')}`,
    body: `
  let blocks = (params.queries + threads - 1) / threads;
  let batch = group / blocks;
  let query = (group % blocks) * threads + lane;
  let inside = query < params.queries;
  let row = batch * params.queries + query;
  var own: array<vec4f, d4>;
  var sum: array<vec4f, e4>;
  if (inside) { for (var j = 0; j < d4; j++) { own[j] = qRow(row, j) * params.scale; } }
  var top = lowest;
  var total = 0.0;
  for (var start = 0; start < params.keys; start += tile) {
    let count = min(tile, params.keys - start);
    let first = batch * params.keys + start;
    workgroupBarrier();
    for (var i = lane; i < count * d4; i += threads) { kTile[i] = kRow(first + i / d4, i % d4); }
    for (var i = lane; i < count * e4; i += threads) { vTile[i] = vRow(first + i / e4, i % e4); }
    workgroupBarrier();
    if (inside) {
      for (var t = 0; t < count; t++) {
        var logit = 0.0;
        for (var j = 0; j < d4; j++) { logit += dot(own[j], kTile[t * d4 + j]); }
        logit = max(logit + maskAt(batch, query, start + t), lowest);
        let higher = max(top, logit);
        let shrink = exp(top - higher);
        let weight = exp(logit - higher);
        total = total * shrink + weight;
        for (var j = 0; j < e4; j++) { sum[j] = sum[j] * shrink + weight * vTile[t * e4 + j]; }
        top = higher;
      }
    }
  }
  if (inside) {
    for (var j = 0; j < e4; j++) { yStore(row, j, sum[j] / total); }
    logSum[row] = top + log(total);
  }`,
  };
}

/**
 * Attention and the log-sum-exp of each query's logits.
 * @param inputs q `[B, N, d]`, k `[B, M, d]`, v `[B, M, e]` and where `hasMask` the mask, as in reference.ts
 * @returns `[B, N, e]` and `[B, N]`
 */
export function attentionForward(
  backend: unknown,
  inputs: readonly TensorInfo[],
  hasMask: boolean,
  scale: number,
): TensorInfo[] {
  const shape = shapeOf(inputs, hasMask);
  const { batch, queries, e } = shape;
  return runProgram(backend, forwardProgram(shape), {
    inputs,
    outputs: [float32(batch, queries, e), float32(batch, queries)],
    params: paramsOf(shape, scale),
    groups: batch * Math.ceil(queries / threads),
  });
}

/**
 * `NoetherAttention` of [q, k, v, mask?] gives y and the log-sum-exp of each query's logits. Its gradient:
 * `NoetherAttentionStatistics` of [y, dy, logSum], read by `NoetherAttentionQueryGradient` and `NoetherAttentionKeyGradient`
 * (dk and dv) of [dy, statistics, q, k, v, mask?].
 */
export const attentionOnWebgpu = onWebgpu<AttentionAttributes>({
  NoetherAttention: (backend, inputs, { hasMask, scale }) =>
    attentionForward(backend, inputs, hasMask, scale),
  NoetherAttentionStatistics: (backend, [y, dy, logSum]) => attentionStatistics(backend, y!, dy!, logSum!),
  NoetherAttentionQueryGradient: (backend, [dy, statistics, ...inputs], { hasMask, scale }) =>
    attentionQueryGradient(backend, inputs, dy!, statistics!, hasMask, scale),
  NoetherAttentionKeyGradient: (backend, [dy, statistics, ...inputs], { hasMask, scale }) =>
    attentionKeyGradient(backend, inputs, dy!, statistics!, hasMask, scale),
});
