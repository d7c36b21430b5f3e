/**
 * The report: plain JSON with one published schema (schemas/report-1.schema.json). Every surface, in the editor or out
 * of it, renders reports and nothing else.
 */
import type {
  Agreement,
  AgreementVerdict,
  BackendChoice,
  Benchmark,
  ClaimDecision,
  ClaimVerdict,
  Discovery,
  Finding,
  GroupSpec,
  Replay,
  Training,
  Verdict,
  Verification,
} from '@noether/engine/catalog';
import type { Standing } from './accepted.ts';

/** What a worker sends back for one check. */
export interface CheckOutcome {
  /** `done`: there is a verdict. `failed`: it could not be run, `findings` says why. `cancelled`: ended on request. */
  readonly status: 'done' | 'failed' | 'cancelled';
  readonly verification?: Verification;
  readonly model?: ModelFacts;
  readonly data?: DataFacts;
  readonly backend?: BackendChoice;
  readonly findings: readonly Finding[];
}

/** What a worker sends back for a description: the same facts, without a verdict. */
export type DescribeOutcome = Omit<CheckOutcome, 'verification'>;

/** What a worker sends back for a training. */
export interface TrainOutcome extends DescribeOutcome {
  readonly training?: Training;
  /** The file that holds the weights, and whether they were there before, from an identical training. */
  readonly weights?: { readonly file: string; readonly reused: boolean };
}

/** What a worker sends back for a benchmark. */
export interface BenchmarkOutcome extends DescribeOutcome {
  readonly benchmark?: Benchmark;
}

/** What a worker sends back for a comparison. */
export interface CompareOutcome extends DescribeOutcome {
  readonly agreement?: Agreement;
}

/** What a worker sends back for a discovery. */
export interface DiscoverOutcome extends DescribeOutcome {
  readonly discovery?: Discovery;
  readonly backend?: BackendChoice;
}

/** What a worker sends back for a claim. */
export interface ClaimOutcome extends DescribeOutcome {
  readonly decision?: ClaimDecision;
  /** Each measure with its values, one for each seed. */
  readonly measures?: readonly { readonly text: string; readonly values: readonly number[] }[];
  /** Wall time. */
  readonly seconds?: number;
}

export interface ModelFacts {
  readonly name: string;
  readonly title: string;
  readonly parameterCount?: number;
  readonly inputs: readonly { readonly name: string; readonly type: string }[];
  readonly outputs: readonly { readonly name: string; readonly type: string }[];
  /** Where it ran. */
  readonly backend: string;
}

export interface DataFacts {
  readonly name: string;
  readonly file: string;
  /** Samples used, and samples in the file. */
  readonly samples: number;
  readonly available: number;
  /** `positions: position[point]`, with the smallest and largest size of each index set. */
  readonly fields: readonly { readonly name: string; readonly type: string; readonly shape: string }[];
  readonly sizes: Readonly<Record<string, { readonly min: number; readonly max: number }>>;
}

export interface CheckReport extends CheckOutcome {
  readonly id: string;
  readonly title: string;
  /** Absolute path of the specification. */
  readonly file: string;
  /** 1-based line of the check. */
  readonly line: number;
  readonly group: GroupSpec;
  readonly groupText: string;
  readonly expect: Verdict;
  /** The verdict is the expected one, or was accepted. False too when there is no verdict. */
  readonly asExpected: boolean;
  /** How a verdict that is not the expected one stands to what `noether baseline` has accepted. */
  readonly baseline?: Standing;
  /** Set when this was no check but the replay of one pair. */
  readonly replayed?: Replay;
  /** The command that replays the worst witness or the check. */
  readonly replay: string;
  /** From the cache of an identical earlier run. */
  readonly cached: boolean;
  /** Content hash of specification, data, model and engine that this result belongs to. */
  readonly inputsHash: string;
}

/** Where an item of a specification stands, and what its result belongs to. */
interface Placed {
  readonly id: string;
  readonly title: string;
  /** Absolute path of the specification. */
  readonly file: string;
  /** 1-based line of the item. */
  readonly line: number;
  readonly cached: boolean;
  readonly inputsHash: string;
}

export interface TrainReport extends TrainOutcome, Placed {}

export interface BenchmarkReport extends BenchmarkOutcome, Placed {}

export interface CompareReport extends CompareOutcome, Placed {
  readonly expect: AgreementVerdict;
  /** The verdict is the expected one. False too when there is no verdict. */
  readonly asExpected: boolean;
}

export interface DiscoverReport extends DiscoverOutcome, Placed {
  /** The largest group of the language that is wanted, where one is. */
  readonly expect?: string;
  /** Nothing is undecided, and the group is the wanted one. False too when there is no result. */
  readonly asExpected: boolean;
}

export interface ClaimReport extends ClaimOutcome, Placed {
  /** What is compared. */
  readonly text: string;
  readonly expect: ClaimVerdict;
  /** The verdict is the expected one. False too when there is no verdict. */
  readonly asExpected: boolean;
}

export interface Report {
  readonly schema: 'noether-report-1';
  readonly engine: string;
  readonly machine: {
    readonly platform: string;
    readonly cpu: string;
    readonly cores: number;
    readonly node: string;
  };
  /** ISO 8601. */
  readonly started: string;
  readonly seconds: number;
  readonly checks: readonly CheckReport[];
  /** Absent where nothing of the kind was run. */
  readonly trainings?: readonly TrainReport[];
  readonly benchmarks?: readonly BenchmarkReport[];
  readonly comparisons?: readonly CompareReport[];
  readonly discoveries?: readonly DiscoverReport[];
  readonly claims?: readonly ClaimReport[];
  /** What is wrong with the specification itself; then `checks` may be empty. */
  readonly findings: readonly Finding[];
  readonly summary: {
    readonly checks: number;
    readonly asExpected: number;
    readonly notAsExpected: number;
    readonly notRun: number;
    /** The same for claims, trainings and benchmarks, where some were run. */
    readonly claims?: VerdictTally & { readonly claims: number };
    readonly comparisons?: VerdictTally & { readonly comparisons: number };
    readonly discoveries?: VerdictTally & { readonly discoveries: number };
    readonly trainings?: { readonly done: number; readonly notRun: number };
    readonly benchmarks?: { readonly done: number; readonly notRun: number };
  };
}

interface VerdictTally {
  readonly asExpected: number;
  readonly notAsExpected: number;
  readonly notRun: number;
}
