/** What the attention programs share: sizes, parameters, and rows as vectors of four numbers. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Element } from '../../tensor/gpu/program.ts';

/** Queries, or keys, of a workgroup: one a thread. */
export const threads = 64;

/** Bytes of shared memory that every device has (WebGPU's maxComputeWorkgroupStorageSize). */
const sharedBytes = 16384;

export interface AttentionShape {
  readonly batch: number;
  readonly queries: number;
  readonly keys: number;
  /** Components of q and k, and of v. */
  readonly d: number;
  readonly e: number;
  /** Of the mask: how many consecutive batches share one, and whether each query has its own row. */
  readonly sharing: number;
  readonly ownRows: boolean;
  readonly hasMask: boolean;
}

export function shapeOf([q, k, v, mask]: readonly TensorInfo[], hasMask: boolean): AttentionShape {
  const [batch, queries, d] = q!.shape as [number, number, number];
  return {
    batch,
    queries,
    d,
    keys: k!.shape[1]!,
    e: v!.shape[2]!,
    sharing: hasMask ? batch / mask!.shape[0]! : 1,
    ownRows: hasMask && mask!.shape[1]! > 1,
    hasMask,
  };
}

/** What all four programs share: sizes, and rows as vectors of four numbers, the last filled up with zeros. */
export function common({ d, e, hasMask }: AttentionShape, tile: number) {
  const whole = d % 4 === 0 && e % 4 === 0;
  const element: Element = whole ? 'vec4f' : 'f32';
  const load = (name: string, width: string, vectors: string) =>
    whole
      ? `fn ${name}Row(row: i32, j: i32) -> vec4f { return ${name}[row * ${vectors} + j]; }`
      : `fn ${name}Row(row: i32, j: i32) -> vec4f {
  var four = vec4f(0);
  for (var t = 0; t < min(4, ${width} - 4 * j); t++) { four[t] = ${name}[row * ${width} + 4 * j + t]; }
  return four;
}`;
  const store = (name: string, width: string, vectors: string) =>
    whole
      ? `fn ${name}Store(row: i32, j: i32, four: vec4f) { ${name}[row * ${vectors} + j] = four; }`
      : `fn ${name}Store(row: i32, j: i32, four: vec4f) {
  for (var t = 0; t < min(4, ${width} - 4 * j); t++) { ${name}[row * ${width} + 4 * j + t] = four[t]; }
}`;
  const maskTerm = hasMask
    ? `fn maskAt(batch: i32, query: i32, key: i32) -> f32 {
  let row = (batch / params.sharing) * select(1, params.queries, params.ownRows != 0) + select(0, query, params.ownRows != 0);
  return mask[row * params.keys + key];
}`
    : 'fn maskAt(batch: i32, query: i32, key: i32) -> f32 { return 0; }';
  const declarations = `
const d = ${d};
const e = ${e};
const d4 = ${Math.ceil(d / 4)};
const e4 = ${Math.ceil(e / 4)};
const tile = ${tile};
// Below every logit, and finite: a key that is masked by -infinity then weighs exp(-3e38 - m) = 0.
const lowest = -3.0e38;`;
  return { element, load, store, declarations, maskTerm };
}

export const params = { queries: 'i', keys: 'i', sharing: 'i', ownRows: 'i', scale: 'f' } as const;

export const paramsOf = ({ queries, keys, sharing, ownRows }: AttentionShape, scale: number) => [
  queries,
  keys,
  sharing,
  Number(ownRows),
  scale,
];

/** Rows that fit into shared memory beside `extra` numbers each. */
export function tileOf({ d, e }: AttentionShape, extra = 0): number {
  const rows = Math.floor(sharedBytes / (16 * (Math.ceil(d / 4) + Math.ceil(e / 4)) + 4 * extra));
  if (rows < 1)
    throw new RangeError(`attention on webgpu takes up to 2048 components a head, not ${d} and ${e}`);
  return Math.min(32, rows);
}

export const float32 = (...shape: number[]) => ({ shape, dtype: 'float32' as const });
