/** A `benchmark` block -> what is measured how. */
import type { BenchmarkOptions } from '@noether/engine/catalog';
import type { Benchmark } from './generated/ast.ts';
import { benchmarkOptions } from './option-descriptions.ts';
import { readOptions, withDefaults } from './options.ts';
import { ignoreProblems, type Report } from './problem.ts';

export interface BenchmarkReading {
  readonly node: Benchmark;
  readonly options: BenchmarkOptions;
  /** Seconds. */
  readonly timeLimit: number;
}

/** Reports `spec/…` problems; options with a problem take their defaults. */
export function readBenchmark(benchmark: Benchmark, report: Report = ignoreProblems): BenchmarkReading {
  const { given } = readOptions(benchmark.entries, benchmarkOptions, 'a benchmark', report);
  const values = withDefaults(benchmarkOptions, given);
  const timeLimit = values.time as number;
  return {
    node: benchmark,
    options: {
      batches: values.batch as readonly number[],
      repeats: values.repeats as number,
      warmup: values.warmup as number,
      training: values.training as boolean,
      seconds: timeLimit,
    },
    timeLimit,
  };
}
