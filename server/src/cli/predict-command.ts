/** `noether predict TABLE`: the classes of a table by the EquiTabPFN that ships, and how good such predictions are on it. */
import { resolve } from 'node:path';
import { askTable } from '../jobs/index.ts';
import { exitCodes } from './exit-codes.ts';
import { expectNew, writeNew } from './new-file.ts';
import { calibrationSvg, predictionsCsv, scoresText } from './predict-text.ts';
import type { Terminal } from './terminal.ts';

export interface PredictFlags {
  readonly target: string;
  readonly folds: number;
  readonly seeds: number;
  readonly rows: number;
  readonly compare?: boolean;
  readonly predictions?: string;
  readonly calibration?: string;
  readonly timeLimit: number;
  readonly verbose?: boolean;
}

const codes = { exists: 'predict/file-exists', notWritten: 'predict/not-written' } as const;

/** Returns the exit code. @throws Fault for a table that cannot be used; `predict/file-exists` before anything is run. */
export async function predictCommand(
  table: string,
  flags: PredictFlags,
  terminal: Terminal,
): Promise<number> {
  for (const file of [flags.predictions, flags.calibration]) if (file) expectNew(file, codes);
  const log = flags.verbose ? (line: string) => terminal.err(`${line}\n`) : undefined;
  const question = {
    table: resolve(table),
    target: flags.target,
    folds: flags.folds,
    seeds: Array.from({ length: flags.seeds }, (_, seed) => seed),
    contextRows: flags.rows,
    compare: flags.compare ?? false,
  };
  const answer = await askTable(question, flags.timeLimit, () => {}, log);
  const { labelled, features, classes, predictions } = answer;
  terminal.out(
    `${labelled} rows with a class, ${features} features, ${classes.length} classes; ${flags.folds} folds, ${flags.seeds} seeds, at most ${flags.rows} rows in context\n\n`,
  );
  terminal.out(scoresText(answer, terminal.style));
  if (classes.length > 10) {
    terminal.out(
      '\nThe network was pre-trained with at most 10 classes: beyond that its probabilities are not calibrated (docs/predict.md).\n',
    );
  }
  if (flags.calibration) write(flags.calibration, calibrationSvg(answer), terminal);
  if (flags.predictions) write(flags.predictions, predictionsCsv(answer), terminal);
  else if (predictions.length > 0) {
    terminal.out(`\n${predictions.length} rows have no class: --predictions FILE.csv writes theirs.\n`);
  }
  return exitCodes.ok;
}

function write(file: string, text: string, terminal: Terminal): void {
  writeNew(file, text, codes);
  terminal.out(`Wrote ${file}.\n`);
}
