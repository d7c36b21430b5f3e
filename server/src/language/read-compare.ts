/** A `compare` block -> which runs are compared, and how finely. */
import type { AgreementVerdict, Precision } from '@noether/engine/catalog';
import type { Compare, Entry } from './generated/ast.ts';
import { compareOptions } from './option-descriptions.ts';
import { readOptions, withDefaults } from './options.ts';
import { ignoreProblems, type Report } from './problem.ts';

export interface CompareReading {
  readonly node: Compare;
  /** Names as the engine has them: `tfjs-node`. Empty: those that there are. */
  readonly backends: readonly string[];
  readonly precisions: readonly Precision[];
  readonly within: number | 'auto';
  readonly expect: AgreementVerdict;
  /** Seconds. */
  readonly timeLimit: number;
  /** Entries of the options that are given. */
  readonly entries: ReadonlyMap<string, Entry>;
}

/** Reports `spec/…` problems; options with a problem take their defaults. */
export function readCompare(compare: Compare, report: Report = ignoreProblems): CompareReading {
  const { given, entries } = readOptions(compare.entries, compareOptions, 'a comparison', report);
  const values = withDefaults(compareOptions, given);
  const names = values.backends as readonly string[];
  return {
    node: compare,
    // Names of the language have no hyphens.
    backends: [...new Set(names.filter((name) => name !== 'auto').map((name) => name.replaceAll('_', '-')))],
    precisions: [...new Set(values.precisions as readonly Precision[])],
    within: values.within as number | 'auto',
    expect: values.expect as AgreementVerdict,
    timeLimit: values.time as number,
    entries,
  };
}
