/** The parts of WebGPU (W3C) that are used here. Its own declarations belong to browsers and are no dependency. */

export interface GpuAdapterInfo {
  readonly vendor?: string;
  readonly device?: string;
  readonly description?: string;
}

export interface GpuAdapter {
  readonly info: GpuAdapterInfo;
  readonly features: ReadonlySet<string>;
  readonly limits: Readonly<Record<string, number>>;
  requestDevice(options: {
    requiredFeatures: readonly string[];
    requiredLimits: Readonly<Record<string, number>>;
  }): Promise<GpuDevice>;
}

export interface Gpu {
  requestAdapter(options: { powerPreference: 'high-performance' }): Promise<GpuAdapter | null>;
}

export interface GpuError {
  readonly message: string;
}

export type ErrorFilter = 'out-of-memory' | 'validation' | 'internal';

export interface GpuBuffer {
  readonly size: number;
}

export interface GpuPipeline {
  getBindGroupLayout(index: number): object;
}

export interface GpuPass {
  setPipeline(pipeline: GpuPipeline): void;
  setBindGroup(index: number, group: object): void;
  dispatchWorkgroups(x: number, y?: number, z?: number): void;
}

export interface GpuDevice {
  readonly features: ReadonlySet<string>;
  readonly limits: Readonly<Record<string, number>>;
  readonly lost: Promise<{ readonly reason: string; readonly message: string }>;
  readonly queue: { onSubmittedWorkDone(): Promise<void> };
  pushErrorScope(filter: ErrorFilter): void;
  popErrorScope(): Promise<GpuError | null>;
  createShaderModule(options: { code: string; label?: string }): object;
  createComputePipeline(options: object): GpuPipeline;
  createBindGroup(options: object): object;
  destroy(): void;
}
