/** A `check` -> group and options, with its model and data read through their references. */
import type { CheckOptions, GroupSpec, Verdict } from '@noether/engine/catalog';
import type { Check, Entry } from './generated/ast.ts';
import { groupOf } from './groups.ts';
import { checkOptions, type LanguageOption } from './option-descriptions.ts';
import { type ReadValue, readOptions, withDefaults } from './options.ts';
import { ignoreProblems, type Report } from './problem.ts';
import { lossOf } from './read-loss.ts';

/** What a check does when it does not say: from the settings, or {@link builtInDefaults}. */
export interface CheckDefaults {
  readonly elements: number;
  readonly confidence: number;
  readonly seed: number;
  /** Seconds. */
  readonly timeLimit: number;
}

/** The documented defaults of the options themselves. */
export const builtInDefaults: CheckDefaults = {
  elements: defaultOf('elements'),
  confidence: defaultOf('confidence'),
  seed: defaultOf('seed'),
  timeLimit: defaultOf('time'),
};

export interface CheckReading {
  readonly node: Check;
  readonly group: GroupSpec | undefined;
  readonly options: CheckOptions & { readonly expect: Verdict };
  /** Seconds. */
  readonly timeLimit: number;
  /** Entries of the options that are given. */
  readonly entries: ReadonlyMap<string, Entry>;
}

/** Reports `spec/…` and `group/…` problems; options with a problem take their defaults. */
export function readCheck(
  check: Check,
  defaults: CheckDefaults = builtInDefaults,
  report: Report = ignoreProblems,
): CheckReading {
  const group = check.group && groupOf(check.group, report);
  const { given, entries } = readOptions(check.entries, checkOptions, 'a check', report);
  const loss = lossOf(given.loss === undefined ? undefined : entries.get('loss'));
  const { timeLimit, ...others } = defaults;
  const values: Readonly<Record<string, ReadValue>> = {
    ...withDefaults(checkOptions, {}),
    ...others,
    time: timeLimit,
    ...given,
  };
  return {
    node: check,
    group,
    options: {
      within: values.within as number | 'auto',
      elements: values.elements as number,
      confidence: values.confidence as number,
      seed: values.seed as number,
      ...(values.share === undefined
        ? {}
        : { share: values.share as number, budget: values.budget as number }),
      ...(values.search === 'worst' ? { search: 'worst' } : {}),
      ...(values.soft === true || loss ? { soft: true } : {}),
      ...(loss ? { loss: loss as CheckOptions['loss'] } : {}),
      expect: values.expect as Verdict,
    },
    timeLimit: values.time as number,
    entries,
  };
}

function defaultOf(name: string): number {
  const option: LanguageOption | undefined = checkOptions.find((one) => one.name === name);
  return option?.default as number;
}
