/** Tables of benchmarks: `1.2 ms, 0.8x of leaky`. */
import type { BenchmarkEntry, Timing } from '@noether/engine/catalog';
import { plainTable } from './plain-table.ts';
import { statusText } from './render-trainings.ts';
import type { BenchmarkReport } from './report.ts';
import { coloursOf, type Style } from './style.ts';
import { bytesText, fineDuration, grouped, shortNumber } from './words.ts';

/** A table for each benchmark and batch size, a row for each model. */
export function renderBenchmarks(benchmarks: readonly BenchmarkReport[], style: Style): string[] {
  const { bold } = coloursOf(style);
  return benchmarks.flatMap((report, i) => {
    const gap = i > 0 ? [''] : [];
    const { benchmark } = report;
    if (!benchmark) return [...gap, `${report.id}: ${statusText(report)}`];
    return [
      ...gap,
      ...benchmark.runs.flatMap(({ batch, entries }, run) => [
        ...(run > 0 ? [''] : []),
        bold(`${report.id}, batch ${batch}`),
        ...table(entries, benchmark.reference, style),
      ]),
    ];
  });
}

function table(entries: readonly BenchmarkEntry[], reference: string, style: Style): string[] {
  return plainTable(
    [
      { title: 'model', least: 12 },
      { title: 'forward', least: 12 },
      { title: 'training step', least: 12 },
      { title: 'FLOPs a sample', align: 'right' },
      { title: 'parameters', align: 'right' },
      { title: 'memory', align: 'right' },
      { title: 'spread', least: 12 },
    ],
    entries.map(({ model, forward, step, flops, parameterCount, memory }) => [
      model,
      timingText(forward, reference),
      step ? timingText(step, reference) : '',
      flops === undefined ? '' : shortNumber(flops),
      parameterCount === undefined ? '' : grouped(parameterCount),
      memory.tensors === undefined ? '' : bytesText(memory.tensors),
      `${fineDuration(forward.lowerQuartile)} to ${fineDuration(forward.upperQuartile)}`,
    ]),
    style,
  );
}

/** `1.2 ms, 0.8x of leaky`; the reference itself has no ratio. */
export function timingText({ median, ratio }: Timing, reference: string): string {
  const compared = ratio === undefined ? '' : `, ${Number(ratio.toPrecision(2))}x of ${reference}`;
  return `${fineDuration(median)}${compared}`;
}
