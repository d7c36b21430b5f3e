/**
 * A plan says what to load, run and compare: plain JSON, made from a specification without running anything. It can be
 * printed, shipped to another machine, and hashed for the cache. Paths are absolute; nothing in it points back into
 * syntax trees.
 */
import type { CheckOptions, DataSpec, Field, GroupSpec, Options, Verdict } from '@noether/engine/catalog';

/** A model to build: one of the families, or a file of the user's. */
export type ModelPlan =
  | {
      readonly kind: 'family';
      readonly name: string;
      readonly family: string;
      readonly options: Options;
      /** Absolute path of a safetensors file with trained weights; random initial weights without it. */
      readonly weights?: string;
    }
  | {
      readonly kind: 'onnx';
      readonly name: string;
      readonly file: string;
      /** Declared inputs and outputs; `source` is the data field or the graph's own name where it differs. */
      readonly inputs: readonly PortPlan[];
      readonly outputs: readonly PortPlan[];
    };

export interface PortPlan extends Field {
  readonly source?: string;
}

export interface DataPlan extends DataSpec {
  readonly name: string;
}

/** One `check` line. */
export interface CheckPlan {
  readonly kind: 'check';
  /** Stable inside its file: the `as` name, else `steady on scans under SE(3) * S(point)`, numbered when repeated. */
  readonly id: string;
  readonly title: string;
  readonly model: ModelPlan;
  readonly data: DataPlan;
  readonly group: GroupSpec;
  readonly options: CheckOptions & {
    readonly expect: Verdict;
    /** Draws again this one pair of the check and nothing else: `noether check … --replay SAMPLE:DRAW`. */
    readonly replay?: { readonly sample: number; readonly draw: number };
  };
  /** Wall-clock limit in seconds; the worker is ended after it. */
  readonly timeLimit: number;
}

/** Facts wanted for inlay hints without a check: the data's sample count and shapes, the model's parameters. */
export interface DescribePlan {
  readonly kind: 'describe';
  readonly id: string;
  readonly model?: ModelPlan;
  readonly data?: DataPlan;
}

export type Task = CheckPlan | DescribePlan;

/** How tasks are to be run: the same for all tasks of one command. */
export interface RunSettings {
  /** A rung of the backend ladder, or 'auto'. */
  readonly backend: string;
  readonly maxDataBytes: number;
}

/** All checks of one specification file. */
export interface Plan {
  readonly version: 1;
  readonly file: string;
  readonly checks: readonly CheckPlan[];
}
