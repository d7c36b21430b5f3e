/**
 * Runs WGSL on TensorFlow.js' webgpu backend. The backend's own way allows one output a program and puts a few hundred
 * lines of index arithmetic before each; this one has any number, and nothing but what the program names. Work is
 * recorded into the backend's open pass, so the order of its own operations and ours is kept.
 */
import type { DataType, TensorInfo } from '@tensorflow/tfjs-core';
import type { GpuBuffer, GpuDevice, GpuPass, GpuPipeline } from './webgpu-types.ts';

/** The type of an array's elements in WGSL. */
export type Element = 'f32' | 'vec4f' | 'i32' | 'atomic<i32>';

/** A program's text and what it is called with; the names become variables of the text. */
export interface Program {
  /** For messages of the device, and the cache of compiled programs together with the text. */
  readonly name: string;
  readonly inputs: Readonly<Record<string, Element>>;
  readonly outputs: Readonly<Record<string, Element>>;
  /** Numbers that change from call to call, read as `params.name`; `i` for i32, `f` for f32. */
  readonly params: Readonly<Record<string, 'i' | 'f'>>;
  /** Threads of a workgroup. */
  readonly threads: number;
  /** Constants, functions and shared memory before the body. */
  readonly declarations?: string;
  /**
   * What each thread does: `group` is the number of its workgroup, `lane` its own in the group, both i32;
   * `index = group * threads + lane`. Workgroups past the last return before it.
   */
  readonly body: string;
}

export interface Call {
  readonly inputs: readonly TensorInfo[];
  /** New arrays, or earlier ones that the program writes on. */
  readonly outputs: readonly ({ readonly shape: readonly number[]; readonly dtype: DataType } | TensorInfo)[];
  readonly params: readonly number[];
  /** Number of workgroups. */
  readonly groups: number;
}

/** The parts of the backend that recording needs; they are the same in the pinned version. */
export interface RecordingBackend {
  readonly device: GpuDevice;
  readonly tensorMap: { get(dataId: object): { resource: GpuBuffer } };
  commandEncoder: { beginComputePass(): GpuPass };
  computePassEncoder: GpuPass | null;
  commandQueueOwnedIds: WeakSet<object>;
  dispatchCountInPass: number;
  makeTensorInfo(shape: readonly number[], dtype: DataType, values?: ArrayLike<number>): TensorInfo;
  uploadToGPU(dataId: object): void;
  makeUniforms(values: { type: string; data: number[] }[]): object;
  ensureCommandEncoderReady(): void;
  endComputePassEncoder(): void;
  submitQueue(): void;
  disposeData(dataId: object): boolean;
}

/** Dispatches after which the backend submits its pass, as its own programs do. */
const dispatchesInPass = 15;

/** Runs a program over `groups` workgroups and returns its outputs, which belong to the caller. */
export function runProgram(backend: unknown, program: Program, call: Call): TensorInfo[] {
  const gpu = backend as RecordingBackend;
  const outputs = call.outputs.map((wanted) =>
    'dataId' in wanted ? wanted : gpu.makeTensorInfo(wanted.shape, wanted.dtype),
  );
  const isEmpty = (info: TensorInfo) => info.shape.includes(0);
  // Empty arrays cannot be bound. Nothing is read from a stand-in: loops over nothing do not run.
  const standIns: TensorInfo[] = [];
  const bound = [...outputs, ...call.inputs].map((info) => {
    if (!isEmpty(info)) return info;
    const standIn = gpu.makeTensorInfo([4], info.dtype, [0, 0, 0, 0]);
    standIns.push(standIn);
    return standIn;
  });
  if (call.groups > 0) record(gpu, program, bound, call);
  for (const { dataId } of standIns) gpu.disposeData(dataId);
  return outputs;
}

function record(gpu: RecordingBackend, program: Program, bound: readonly TensorInfo[], call: Call): void {
  const pipeline = compiled(gpu.device, program);
  const { maxComputeWorkgroupsPerDimension: widest } = gpu.device.limits;
  const x = Math.min(call.groups, widest!);
  const y = Math.ceil(call.groups / x);
  for (const { dataId } of bound) gpu.uploadToGPU(dataId);
  const kinds = Object.values(program.params);
  const uniforms = gpu.makeUniforms([
    { type: 'int32', data: [call.groups] },
    ...call.params.map((value, i) => ({ type: kinds[i] === 'f' ? 'float32' : 'int32', data: [value] })),
  ]);
  const resources = [
    ...bound.map(({ dataId }) => ({ buffer: gpu.tensorMap.get(dataId).resource })),
    uniforms,
  ];
  const group = gpu.device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: resources.map((resource, binding) => ({ binding, resource })),
  });
  gpu.ensureCommandEncoderReady();
  gpu.computePassEncoder ??= gpu.commandEncoder.beginComputePass();
  gpu.computePassEncoder.setPipeline(pipeline);
  gpu.computePassEncoder.setBindGroup(0, group);
  gpu.computePassEncoder.dispatchWorkgroups(x, y);
  // A buffer that is freed before the pass is submitted must not be handed out again.
  for (const { dataId } of bound) gpu.commandQueueOwnedIds.add(dataId);
  gpu.dispatchCountInPass++;
  if (gpu.dispatchCountInPass >= dispatchesInPass) {
    gpu.endComputePassEncoder();
    gpu.submitQueue();
  }
}

const pipelines = new WeakMap<GpuDevice, Map<string, GpuPipeline>>();

function compiled(device: GpuDevice, program: Program): GpuPipeline {
  const known = pipelines.get(device) ?? new Map<string, GpuPipeline>();
  pipelines.set(device, known);
  const code = sourceOf(program);
  let pipeline = known.get(code);
  if (!pipeline) {
    pipeline = compile(device, program, code);
    known.set(code, pipeline);
  }
  return pipeline;
}

/** WebGPU's GPUShaderStage.COMPUTE. */
const computeStage = 4;

function compile(device: GpuDevice, program: Program, code: string): GpuPipeline {
  const outputs = Object.keys(program.outputs).length;
  const arrays = outputs + Object.keys(program.inputs).length;
  // Written out, because a derived layout leaves out what the text happens not to use.
  const entries = Array.from({ length: arrays + 1 }, (_, binding) => ({
    binding,
    visibility: computeStage,
    buffer: { type: binding === arrays ? 'uniform' : binding < outputs ? 'storage' : 'read-only-storage' },
  }));
  const layouts = device as unknown as {
    createBindGroupLayout(options: object): object;
    createPipelineLayout(options: object): object;
  };
  const bindGroupLayouts = [layouts.createBindGroupLayout({ entries })];
  return device.createComputePipeline({
    label: program.name,
    layout: layouts.createPipelineLayout({ bindGroupLayouts }),
    compute: { module: device.createShaderModule({ code, label: program.name }), entryPoint: 'main' },
  });
}

/** The program's whole text. */
export function sourceOf({ inputs, outputs, params, threads, declarations = '', body }: Program): string {
  const writable = Object.keys(outputs).length;
  const arrays = [...Object.entries(outputs), ...Object.entries(inputs)];
  const bindings = arrays.map(
    ([name, element], i) =>
      `@group(0) @binding(${i}) var<storage, ${i < writable ? 'read_write' : 'read'}> ${name}: array<${element}>;`,
  );
  const fields = Object.entries(params).map(([name, kind]) => `${name}: ${kind}32,`);
  return `
struct Params { groups: i32, ${fields.join(' ')} }
${bindings.join('\n')}
@group(0) @binding(${arrays.length}) var<uniform> params: Params;
const threads = ${threads};
${declarations}
@compute @workgroup_size(${threads})
fn main(
  @builtin(workgroup_id) groupId: vec3u,
  @builtin(num_workgroups) groupCount: vec3u,
  @builtin(local_invocation_index) localIndex: u32,
) {
  let group = i32(groupId.x + groupId.y * groupCount.x);
  if (group >= params.groups) { return; }
  let lane = i32(localIndex);
  let index = group * threads + lane;
${body}
}`;
}

/** Disposes of what only the backend knows. */
export function release(backend: unknown, infos: readonly TensorInfo[]): void {
  for (const { dataId } of infos) (backend as RecordingBackend).disposeData(dataId);
}
