/**
 * The gradient of streamed attention on the GPU: the weights are computed again from the kept log-sum-exp (Dao et al.
 * 2022), once over keys for q, once over queries for k and v.
 */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { type Program, runProgram } from '../../tensor/gpu/program.ts';
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

/** What a query's gradient needs of its row: log-sum-exp, and sum over components of dy y. */
function statisticsProgram(shape: AttentionShape): Program {
  const { element, load, declarations } = common(shape, 1);
  return {
    name: 'attention: statistics',
    inputs: { y: element, dy: element, logSum: 'f32' },
    outputs: { statistics: 'f32' },
    params: { rows: 'i' },
    threads,
    declarations: `${declarations}
${load('y', 'e', 'e4')}
${load('dy', 'e', 'e4')}`,
    body: `
  if (index >= params.rows) { return; }
  var product = 0.0;
  for (var j = 0; j < e4; j++) { product += dot(yRow(index, j), dyRow(index, j)); }
  statistics[2 * index] = logSum[index];
  statistics[2 * index + 1] = product;`,
  };
}

function queryGradientProgram(shape: AttentionShape): Program {
  const tile = tileOf(shape);
  const { element, load, store, declarations, maskTerm } = common(shape, tile);
  return {
    name: 'attention: gradient of queries',
    inputs: {
      q: element,
      k: element,
      v: element,
      dy: element,
      statistics: 'f32',
      ...(shape.hasMask ? { mask: 'f32' as const } : {}),
    },
    outputs: { dq: element },
    params,
    threads,
    declarations: `${declarations}
${maskTerm}
var<workgroup> kTile: array<vec4f, tile * d4>;
var<workgroup> vTile: array<vec4f, tile * e4>;
${load('q', 'd', 'd4')}
${load('k', 'd', 'd4')}
${load('v', 'e', 'e4')}
${load('dy', 'e', 'e4')}
${store('dq', 'd', 'd4')}`,
    body: `
  let blocks = (params.queries + threads - 1) / threads;
  let batch = group / blocks;
  let query = (group % blocks) * threads + lane;
  let inside = query < params.queries;
  let row = batch * params.queries + query;
  var own: array<vec4f, d4>;
  var given: array<vec4f, e4>;
  var sum: array<vec4f, d4>;
  var logSum = 0.0;
  var mean = 0.0;
  if (inside) {
    for (var j = 0; j < d4; j++) { own[j] = qRow(row, j) * params.scale; }
    for (var j = 0; j < e4; j++) { given[j] = dyRow(row, j); }
    logSum = statistics[2 * row];
    mean = statistics[2 * row + 1];
  }
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
        var slope = 0.0;
        for (var j = 0; j < e4; j++) { slope += dot(given[j], vTile[t * e4 + j]); }
        let change = exp(logit - logSum) * (slope - mean);
        for (var j = 0; j < d4; j++) { sum[j] += change * kTile[t * d4 + j]; }
      }
    }
  }
  if (inside) { for (var j = 0; j < d4; j++) { dqStore(row, j, sum[j] * params.scale); } }`,
  };
}

function keyGradientProgram(shape: AttentionShape): Program {
  const tile = tileOf(shape, 2);
  const { element, load, store, declarations, maskTerm } = common(shape, tile);
  return {
    name: 'attention: gradient of keys and values',
    inputs: {
      q: element,
      k: element,
      v: element,
      dy: element,
      statistics: 'f32',
      ...(shape.hasMask ? { mask: 'f32' as const } : {}),
    },
    outputs: { dk: element, dv: element },
    params,
    threads,
    declarations: `${declarations}
${maskTerm}
var<workgroup> qTile: array<vec4f, tile * d4>;
var<workgroup> dyTile: array<vec4f, tile * e4>;
var<workgroup> statisticsTile: array<f32, 2 * tile>;
${load('q', 'd', 'd4')}
${load('k', 'd', 'd4')}
${load('v', 'e', 'e4')}
${load('dy', 'e', 'e4')}
${store('dk', 'd', 'd4')}
${store('dv', 'e', 'e4')}`,
    body: `
  let blocks = (params.keys + threads - 1) / threads;
  let batch = group / blocks;
  let key = (group % blocks) * threads + lane;
  let inside = key < params.keys;
  let row = batch * params.keys + key;
  var own: array<vec4f, d4>;
  var value: array<vec4f, e4>;
  var keySum: array<vec4f, d4>;
  var valueSum: array<vec4f, e4>;
  if (inside) {
    for (var j = 0; j < d4; j++) { own[j] = kRow(row, j) * params.scale; }
    for (var j = 0; j < e4; j++) { value[j] = vRow(row, j); }
  }
  for (var start = 0; start < params.queries; start += tile) {
    let count = min(tile, params.queries - start);
    let first = batch * params.queries + start;
    workgroupBarrier();
    for (var i = lane; i < count * d4; i += threads) { qTile[i] = qRow(first + i / d4, i % d4); }
    for (var i = lane; i < count * e4; i += threads) { dyTile[i] = dyRow(first + i / e4, i % e4); }
    for (var i = lane; i < count * 2; i += threads) { statisticsTile[i] = statistics[2 * first + i]; }
    workgroupBarrier();
    if (inside) {
      for (var t = 0; t < count; t++) {
        var logit = 0.0;
        for (var j = 0; j < d4; j++) { logit += dot(own[j], qTile[t * d4 + j]); }
        logit = max(logit + maskAt(batch, start + t, key), lowest);
        let weight = exp(logit - statisticsTile[2 * t]);
        var slope = 0.0;
        for (var j = 0; j < e4; j++) {
          slope += dot(value[j], dyTile[t * e4 + j]);
          valueSum[j] += weight * dyTile[t * e4 + j];
        }
        let change = weight * (slope - statisticsTile[2 * t + 1]);
        for (var j = 0; j < d4; j++) { keySum[j] += change * qTile[t * d4 + j]; }
      }
    }
  }
  if (inside) {
    for (var j = 0; j < d4; j++) { dkStore(row, j, keySum[j] * params.scale); }
    for (var j = 0; j < e4; j++) { dvStore(row, j, valueSum[j]); }
  }`,
  };
}

/** The statistics `[B, N, 2]` that both gradients read: y, dy `[B, N, e]`, logSum `[B, N]`. */
export function attentionStatistics(
  backend: unknown,
  y: TensorInfo,
  dy: TensorInfo,
  logSum: TensorInfo,
): TensorInfo {
  const [batch, queries, e] = y.shape as [number, number, number];
  const shape = { batch, queries, keys: 0, d: e, e, sharing: 1, ownRows: false, hasMask: false };
  const rows = batch * queries;
  return runProgram(backend, statisticsProgram(shape), {
    inputs: [y, dy, logSum],
    outputs: [float32(batch, queries, 2)],
    params: [rows],
    groups: Math.ceil(rows / threads),
  })[0]!;
}

/** The gradient of q `[B, N, d]`. */
export function attentionQueryGradient(
  backend: unknown,
  inputs: readonly TensorInfo[],
  dy: TensorInfo,
  statistics: TensorInfo,
  hasMask: boolean,
  scale: number,
): TensorInfo {
  const shape = shapeOf(inputs, hasMask);
  const { batch, queries, d } = shape;
  return runProgram(backend, queryGradientProgram(shape), {
    inputs: [...inputs.slice(0, 3), dy, statistics, ...inputs.slice(3)],
    outputs: [float32(batch, queries, d)],
    params: paramsOf(shape, scale),
    groups: batch * Math.ceil(queries / threads),
  })[0]!;
}

/** The gradients of k `[B, M, d]` and v `[B, M, e]`. */
export function attentionKeyGradient(
  backend: unknown,
  inputs: readonly TensorInfo[],
  dy: TensorInfo,
  statistics: TensorInfo,
  hasMask: boolean,
  scale: number,
): TensorInfo[] {
  const shape = shapeOf(inputs, hasMask);
  const { batch, keys, d, e } = shape;
  return runProgram(backend, keyGradientProgram(shape), {
    inputs: [...inputs.slice(0, 3), dy, statistics, ...inputs.slice(3)],
    outputs: [float32(batch, keys, d), float32(batch, keys, e)],
    params: paramsOf(shape, scale),
    groups: batch * Math.ceil(keys / threads),
  });
}
