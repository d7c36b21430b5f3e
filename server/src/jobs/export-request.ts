/** What is asked of an export, and what comes back: plain JSON. */
import type { DataPlan, ModelPlan, RunSettings } from '../plan/plan.ts';

export interface ExportRequest {
  readonly model: ModelPlan;
  /** What the model takes: its fields make the network, its samples check the file. */
  readonly data: DataPlan;
  readonly settings: RunSettings;
  /** Absolute paths; what is there is replaced only with `force`. */
  readonly onnx?: string;
  readonly safetensors?: string;
  readonly force: boolean;
}

export interface ExportAnswer {
  readonly title: string;
  readonly onnx?: {
    readonly bytes: number;
    /** Operations of the model that were recorded. */
    readonly operations: number;
    /** Index sets that may have any size, and the sizes of the others. */
    readonly open: readonly string[];
    readonly sizes: Readonly<Record<string, number>>;
    /** Why sizes are fixed. */
    readonly fixed?: string;
    /** The runtime that ran the file, the samples that it ran on, and for each output how far it is from the original. */
    readonly runtime: string;
    readonly samples: number;
    readonly outputs: readonly {
      readonly name: string;
      readonly difference: number;
      readonly floor: number;
      readonly tolerance: number;
    }[];
    /** Inputs and outputs as a specification declares them. */
    readonly ports: readonly string[];
  };
  readonly safetensors?: { readonly tensors: number; readonly numbers: number };
}
