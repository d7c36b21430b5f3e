/** The result of a benchmark: plain data, rendered by every surface. */
import type { Precision } from '../tensor/runtime.ts';

export interface BenchmarkOptions {
  /** Samples that go through at once; one run for each. */
  readonly batches: readonly number[];
  /** Timed passes of each model. */
  readonly repeats: number;
  /** Passes before the clock starts. */
  readonly warmup: number;
  /** Time a training step as well, for models that can be trained. */
  readonly training: boolean;
  /** Seconds after which no further pass is begun, once there are three. */
  readonly seconds: number;
}

/** Seconds of one pass of a batch. */
export interface Timing {
  readonly median: number;
  readonly lowerQuartile: number;
  readonly upperQuartile: number;
  readonly repeats: number;
  /** Median over the rounds of time / time of the reference model in the same round; absent for the reference. */
  readonly ratio?: number;
}

export interface BenchmarkEntry {
  readonly model: string;
  readonly title: string;
  readonly backend: string;
  readonly precision: Precision;
  readonly parameterCount?: number;
  readonly forward: Timing;
  /** Forward, gradient of all weights, no optimiser. */
  readonly step?: Timing;
  /** Operations of a forward pass of one sample, the mean over the batch; for families that state them. */
  readonly flops?: number;
  /**
   * Bytes: most of what tensors took at once during a forward pass, on top of what was there before (families only), and
   * the resident memory of the whole process after the timed passes.
   */
  readonly memory: { readonly tensors?: number; readonly process: number };
}

export interface BenchmarkRun {
  readonly batch: number;
  readonly entries: readonly BenchmarkEntry[];
}

export interface Benchmark {
  /** The model that the ratios refer to: the last one named. */
  readonly reference: string;
  readonly runs: readonly BenchmarkRun[];
  readonly seconds: number;
}
