/** `noether generate FILE`: new clouds of points from a denoiser that the specification trains. */
import type { CloudComparison } from '@noether/engine/catalog';
import { askClouds, type CloudsAnswer, weightsFolder } from '../jobs/index.ts';
import { settingsFor } from '../jobs/settings-for.ts';
import type { RunSettings, TrainPlan } from '../plan/plan.ts';
import { fitColumns, layOutTable, type Style } from '../report/index.ts';
import { exitCodes } from './exit-codes.ts';
import { extxyzOf } from './extxyz-text.ts';
import { commandLineFault, printFinding } from './faults.ts';
import { expectNew, writeNew } from './new-file.ts';
import { loadSpecifications } from './specifications.ts';
import type { Terminal } from './terminal.ts';

export interface GenerateFlags {
  readonly output: string;
  readonly model?: string;
  readonly count: number;
  readonly steps: number;
  readonly highest: number;
  readonly lowest: number;
  readonly churn: number;
  readonly seed: number;
  readonly compare?: boolean;
  readonly backend: string;
  readonly timeLimit: number;
  readonly verbose?: boolean;
}

const codes = { exists: 'generate/file-exists', notWritten: 'generate/not-written' } as const;

/** Returns the exit code. @throws Fault `generate/…`, `train/not-trained` and what is wrong with the specification */
export async function generateCommand(
  file: string,
  flags: GenerateFlags,
  terminal: Terminal,
): Promise<number> {
  expectNew(flags.output, codes);
  const { items, findings } = await loadSpecifications([file]);
  // Hints about symmetry belong to checks.
  const errors = findings.filter(({ severity }) => severity === 'error');
  for (const finding of errors) printFinding(finding, terminal);
  if (errors.length > 0) return exitCodes.notRun;
  const training = chosen(
    items.flatMap(({ plan }) => (plan.kind === 'train' ? [plan] : [])),
    flags.model,
    file,
  );
  const { count, steps, highest, lowest, churn, seed } = flags;
  const settings: RunSettings = {
    backend: flags.backend as RunSettings['backend'],
    maxDataBytes: 2 ** 30,
    weightsFolder: weightsFolder(),
  };
  const log = flags.verbose ? (line: string) => terminal.err(`${line}\n`) : undefined;
  const question = {
    training,
    settings: settingsFor(training, settings),
    ...{ count, steps, highest, lowest, churn, seed },
    compare: flags.compare ?? false,
  };
  const answer = await askClouds(question, flags.timeLimit, () => {}, log);
  writeNew(flags.output, extxyzOf(answer, training.model.name), codes);
  terminal.out(
    `${count} clouds by ${training.model.name} in ${answer.seconds.toFixed(1)} s (${steps} noise levels, seed ${seed}), in ${flags.output}\n`,
  );
  if (answer.scores) terminal.out(`\n${scoresText(answer.scores, terminal.style)}`);
  return exitCodes.ok;
}

/** The last training of a denoiser. @throws Fault `generate/no-denoiser`, `generate/several-denoisers` */
function chosen(trainings: readonly TrainPlan[], name: string | undefined, file: string): TrainPlan {
  const denoisers = trainings.filter(({ options }) => options.loss.name === 'denoising');
  const names = [...new Set(denoisers.map(({ model }) => model.name))];
  const own = denoisers.filter(({ model }) => name === undefined || model.name === name);
  const last = own.at(-1);
  if (!last) {
    throw commandLineFault('generate/no-denoiser', {
      message: name
        ? `no training by \`loss: denoising(…)\` of a model \`${name}\` is in the file`
        : 'the file trains no model by `loss: denoising(…)`',
      expected: names.join(', ') || 'such a training',
      found: trainings.map(({ title }) => title).join(', ') || 'no trainings',
      place: { file },
      advice: 'See docs/generate.md for a file that does.',
    });
  }
  if (name === undefined && names.length > 1) {
    throw commandLineFault('generate/several-denoisers', {
      message: 'the file trains several models by `loss: denoising(…)`',
      expected: '--model NAME',
      found: names.join(', '),
      place: { file },
      advice: `Name one of them: --model ${names[0]}.`,
    });
  }
  return last;
}

function scoresText({ made, training, heldOut }: NonNullable<CloudsAnswer['scores']>, style: Style): string {
  const columns = [
    { title: `against ${heldOut} held-out clouds`, least: 20 },
    { title: 'neighbour accuracy' },
    { title: 'coverage' },
    { title: 'matching distance' },
  ];
  const row = (title: string, { neighbourAccuracy, coverage, matching }: CloudComparison) =>
    [title, neighbourAccuracy.toFixed(3), coverage.toFixed(3), matching.toPrecision(3)].map((text) => ({
      text,
    }));
  const rows = [row('made', made), row('training samples', training)];
  const widths = fitColumns(columns, rows, style.width) ?? columns.map(({ title }) => title.length);
  return `${layOutTable(columns, rows, widths).join('\n')}\n`;
}
