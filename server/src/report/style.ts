/** What renderers for a terminal need to know of it. */
import { relative } from 'node:path';
import type { Verdict } from '@noether/engine/catalog';
import picocolors from 'picocolors';
import type { CheckReport } from './report.ts';

export interface Style {
  /** Columns of a line. */
  readonly width: number;
  readonly colour: boolean;
  /** Paths below this folder are shown relative to it. */
  readonly folder: string;
}

export type Colours = ReturnType<typeof picocolors.createColors>;

export function coloursOf({ colour }: Style): Colours {
  return picocolors.createColors(colour);
}

/** The path as a person in `folder` would type it. */
export function shownPath(file: string, { folder }: Style): string {
  const path = relative(folder, file);
  return path && !path.startsWith('..') ? path : file;
}

/** `violated`, `violated, as expected`, `holds, expected violated`, `not run`, `cancelled`. */
export function verdictText(check: CheckReport): string {
  if (check.status === 'cancelled') return 'cancelled';
  const verdict = check.verification?.verdict;
  if (check.status !== 'done' || !verdict) return 'not run';
  if (check.baseline === 'accepted') return `${verdict}, accepted`;
  if (check.baseline === 'worse') return `${verdict}, worse than accepted`;
  return expectedText(verdict, check.expect);
}

function expectedText(verdict: Verdict, expect: Verdict): string {
  if (verdict === expect) return expect === 'holds' ? verdict : `${verdict}, as expected`;
  return expect === 'holds' ? verdict : `${verdict}, expected ${expect}`;
}

/** Green is as expected, whatever the verdict; red is not, yellow is undecided, magenta could not be run. */
export function verdictPaint(check: CheckReport, colours: Colours): (text: string) => string {
  if (check.status !== 'done') return colours.magenta;
  if (check.asExpected) return colours.green;
  return check.verification?.verdict === 'inconclusive' ? colours.yellow : colours.red;
}
