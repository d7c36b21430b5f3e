/**
 * A plan says what to load, run and compare: plain JSON, made from a specification without running anything. It can be
 * printed, shipped to another machine, and hashed for the cache. Paths are absolute; nothing in it points back into
 * syntax trees.
 */
import type {
  AgreementVerdict,
  AmbientSpec,
  BenchmarkOptions,
  CheckOptions,
  ClaimExpression,
  ClaimVerdict,
  Comparison,
  DataSpec,
  DiscoverOptions,
  Field,
  GroupSpec,
  Options,
  Precision,
  TrainOptions,
  Verdict,
  WrapSpec,
} from '@noether/engine/catalog';
import type { MeasureName } from '../language/measure-descriptions.ts';
import type { Accepted } from '../report/accepted.ts';

/** A model to build: one of the families, or one of the user's own. */
export type ModelPlan =
  | {
      readonly kind: 'family';
      readonly name: string;
      readonly family: string;
      readonly options: Options;
      /** Absolute path of a safetensors file with trained weights; random initial weights without it. */
      readonly weights?: string;
      /** The training that this model has been through; its weights are looked up by what they were made from. */
      readonly trained?: TrainingRecipe;
    }
  | {
      /** Another model, made equivariant. */
      readonly kind: 'wrapped';
      readonly name: string;
      readonly wrap: WrapSpec;
      readonly model: ModelPlan;
    }
  | FilePlan<'onnx'>
  | FilePlan<'tfjs'>
  | {
      readonly kind: 'python';
      readonly name: string;
      /** `package.module:callable` */
      readonly target: string;
      /** Absolute path of the folder that imports start from. */
      readonly folder: string;
      /** Absolute path. */
      readonly checkpoint?: string;
      /** The interpreter that the model asks for: an absolute path or a command. */
      readonly python?: string;
      readonly batch: boolean;
      readonly precision: 'auto' | 'float32' | 'float64';
      readonly inputs: readonly PortPlan[];
      readonly outputs: readonly PortPlan[];
    };

interface FilePlan<Kind> {
  readonly kind: Kind;
  readonly name: string;
  readonly file: string;
  /** Declared inputs and outputs; `source` is the data field or the graph's own name where it differs. */
  readonly inputs: readonly PortPlan[];
  readonly outputs: readonly PortPlan[];
}

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
  /** `replay`: this one pair of the check and nothing else, `noether check … --replay SAMPLE:DRAW`. */
  readonly options: CheckOptions & { readonly expect: Verdict };
  /** Wall-clock limit in seconds; the worker is ended after it. */
  readonly timeLimit: number;
  /** What `noether baseline` has accepted of this check. */
  readonly accepted?: Accepted;
}

/** Facts wanted for inlay hints without a check: the data's sample count and shapes, the model's parameters. */
export interface DescribePlan {
  readonly kind: 'describe';
  readonly id: string;
  readonly model?: ModelPlan;
  readonly data?: DataPlan;
}

/** What makes the weights of a trained model, together with the model itself. */
export interface TrainingRecipe {
  readonly data: DataPlan;
  readonly options: TrainOptions;
  /** Absolute path of the file that the weights are saved to, where one is asked for. */
  readonly save?: string;
  /** The training before this one, which it goes on from. */
  readonly before?: TrainingRecipe;
}

/** One `train` block. */
export interface TrainPlan {
  readonly kind: 'train';
  /** Stable inside its file: `train steady on scans`, numbered when repeated. */
  readonly id: string;
  readonly title: string;
  /** As it is before: its `trained` is the training that this one goes on from. */
  readonly model: ModelPlan;
  readonly data: DataPlan;
  readonly options: TrainOptions;
  readonly save?: string;
  /** A file at `save` that holds other weights may be replaced: only the command line can say so. */
  readonly overwrite?: boolean;
  readonly timeLimit: number;
}

/** One `benchmark` block. */
export interface BenchmarkPlan {
  readonly kind: 'benchmark';
  readonly id: string;
  readonly title: string;
  /** The last one is the reference of the ratios. */
  readonly models: readonly ModelPlan[];
  readonly data: DataPlan;
  readonly options: BenchmarkOptions;
  readonly timeLimit: number;
}

/** One `compare` block. */
export interface ComparePlan {
  readonly kind: 'compare';
  /** `compare steady with exported on scans`, numbered when repeated. */
  readonly id: string;
  readonly title: string;
  readonly model: ModelPlan;
  readonly other?: ModelPlan;
  readonly data: DataPlan;
  readonly options: {
    /** Names as the engine has them. Empty: wherever the model runs here. */
    readonly backends: readonly string[];
    readonly precisions: readonly Precision[];
    readonly within: number | 'auto';
  };
  readonly expect: AgreementVerdict;
  readonly timeLimit: number;
}

/** One `discover` block. */
export interface DiscoverPlan {
  readonly kind: 'discover';
  /** `discover steady on scans within affine(3)`, numbered when repeated. */
  readonly id: string;
  readonly title: string;
  readonly model: ModelPlan;
  readonly data: DataPlan;
  readonly ambient: AmbientSpec;
  readonly options: DiscoverOptions;
  /** The largest group of the language that is wanted. */
  readonly expect?: GroupSpec;
  readonly timeLimit: number;
}

/** Something that a claim measures: `accuracy(steady, rotated scans)`. */
export interface MeasurePlan {
  readonly measure: MeasureName;
  readonly text: string;
  readonly model: ModelPlan;
  readonly data?: DataPlan;
  /** How the data is moved; the group of a `gap`. */
  readonly move?: GroupSpec;
}

/** One `claim` block. Trained models are trained anew for each seed. */
export interface ClaimPlan {
  readonly kind: 'claim';
  readonly id: string;
  readonly title: string;
  readonly left: ClaimExpression;
  readonly comparison: Comparison;
  readonly right: ClaimExpression;
  /** `accuracy(a, rotated scans) > accuracy(b, rotated scans)`. */
  readonly text: string;
  readonly measures: readonly MeasurePlan[];
  /** Number of seeds, and the first of them. */
  readonly seeds: number;
  readonly seed: number;
  readonly confidence: number;
  readonly expect: ClaimVerdict;
  readonly timeLimit: number;
}

export type Task =
  | CheckPlan
  | DescribePlan
  | TrainPlan
  | BenchmarkPlan
  | ComparePlan
  | DiscoverPlan
  | ClaimPlan;

/** How tasks are to be run: the same for all tasks of one command. */
export interface RunSettings {
  /** A rung of the backend ladder, or 'auto'. */
  readonly backend: string;
  readonly maxDataBytes: number;
  /** Absolute path of the folder where trained weights are kept; without it, trainings are not kept. */
  readonly weightsFolder?: string;
  /** The interpreter of Python models that ask for none: an absolute path or a command. */
  readonly python?: string;
}

/** All checks of one specification file. */
export interface Plan {
  readonly version: 1;
  readonly file: string;
  readonly checks: readonly CheckPlan[];
  readonly trainings: readonly TrainPlan[];
  readonly benchmarks: readonly BenchmarkPlan[];
  readonly comparisons: readonly ComparePlan[];
  readonly discoveries: readonly DiscoverPlan[];
  readonly claims: readonly ClaimPlan[];
}
