/** A `discover` block -> the group to look inside, and how. */
import type { AmbientSpec, DiscoverOptions, GroupSpec, OutputAction } from '@noether/engine/catalog';
import type { Discover, Entry } from './generated/ast.ts';
import { ambientOf } from './groups.ts';
import { discoverOptions } from './option-descriptions.ts';
import { readOptions, withDefaults } from './options.ts';
import { ignoreProblems, type Report } from './problem.ts';

export interface DiscoverReading {
  readonly node: Discover;
  readonly ambient: AmbientSpec | undefined;
  readonly options: DiscoverOptions;
  readonly expect?: GroupSpec;
  /** Seconds. */
  readonly timeLimit: number;
  /** Entries of the options that are given. */
  readonly entries: ReadonlyMap<string, Entry>;
}

/** Reports `spec/…` and `group/…` problems; options with a problem take their defaults. */
export function readDiscover(discover: Discover, report: Report = ignoreProblems): DiscoverReading {
  const ambient = discover.group && ambientOf(discover.group, report);
  const { given, entries } = readOptions(discover.entries, discoverOptions, 'a discovery', report);
  const values = withDefaults(discoverOptions, given);
  return {
    node: discover,
    ambient,
    options: {
      outputs: values.outputs as OutputAction,
      within: values.within as number | 'auto',
      samples: values.samples as number,
      confidence: values.confidence as number,
      seed: values.seed as number,
    },
    ...(values.expect === undefined ? {} : { expect: values.expect as GroupSpec }),
    timeLimit: values.time as number,
    entries,
  };
}
