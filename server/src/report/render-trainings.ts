/** The table of trainings. */
import type { Metrics } from '@noether/engine/catalog';
import { plainTable } from './plain-table.ts';
import type { TrainReport } from './report.ts';
import { coloursOf, type Style, shownPath } from './style.ts';
import { duration, fineDuration, grouped, shortNumber } from './words.ts';

/** A row for each; below the table, where the weights are. */
export function renderTrainings(trainings: readonly TrainReport[], style: Style): string[] {
  if (trainings.length === 0) return [];
  const { dim } = coloursOf(style);
  const rows = trainings.map((report) => {
    const { training, model } = report;
    if (!training) return [report.id, statusText(report), '', '', '', '', ''];
    const { steps, samples, seconds } = training;
    const held = training.test ?? training.validation;
    return [
      report.id,
      report.weights?.reused ? `${grouped(steps)} steps, kept` : `${grouped(steps)} steps`,
      lossText(training.curve),
      held ? metricsText(held) : '',
      held ? `${samples.train} + ${samples.validation} + ${samples.test}` : String(samples.train),
      model?.parameterCount === undefined ? '' : grouped(model.parameterCount),
      `${duration(seconds.total)}, ${fineDuration(seconds.step)} a step`,
    ];
  });
  const saved = trainings.flatMap(({ id, weights, training }) => {
    if (!weights || !training) return [];
    const ended =
      training.ended === 'no more progress'
        ? `, ended early at step ${training.steps} of ${training.stepsWanted}`
        : '';
    return [`${id}: ${shownPath(weights.file, style)}${ended}`];
  });
  return [
    ...plainTable(
      [
        { title: 'training', least: 18 },
        { title: 'result' },
        { title: 'loss', align: 'right' },
        { title: 'held out', least: 14 },
        { title: 'samples', align: 'right' },
        { title: 'parameters', align: 'right' },
        { title: 'time', least: 8 },
      ],
      rows,
      style,
    ),
    ...saved.map(dim),
  ];
}

/** `1.2 -> 0.31`: the first and the last point of the learning curve. */
function lossText(curve: readonly { readonly loss: number }[]): string {
  const [first] = curve;
  const last = curve.at(-1);
  return first && last ? `${shortNumber(first.loss)} -> ${shortNumber(last.loss)}` : '';
}

/** `accuracy 0.93, mean_iou 0.81`. The loss is in the table already. */
export function metricsText({ loss: _, ...metrics }: Metrics): string {
  return Object.entries(metrics)
    .map(([name, value]) => `${name} ${Number(value.toPrecision(3))}`)
    .join(', ');
}

export function statusText({ status }: { readonly status: string }): string {
  return status === 'cancelled' ? 'cancelled' : 'not run';
}
