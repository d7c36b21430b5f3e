/** What `noether predict` prints and writes: scores in a table, predictions as csv, calibration as a picture. */
import type { TableAnswer } from '@noether/engine/catalog';
import { fitColumns, layOutTable, type Style } from '../report/index.ts';

/** One line a classifier: mean over the seeds, and least to most where there are several. */
export function scoresText({ validated }: TableAnswer, style: Style): string {
  const columns = [
    { title: 'classifier', least: 20 },
    { title: 'accuracy' },
    { title: 'log-loss' },
    { title: 'calibration error' },
    { title: 'seconds' },
  ];
  const rows = validated.map(({ title, scores, isSure, leftOut, seconds }) => {
    if (leftOut !== undefined) return [title, leftOut, '', '', ''];
    const sure = (of: (score: (typeof scores)[number]) => number) => (isSure ? spread(scores.map(of)) : '–');
    return [
      title,
      spread(scores.map(({ accuracy }) => accuracy)),
      sure(({ logLoss }) => logLoss),
      sure(({ calibrationError }) => calibrationError),
      seconds.toFixed(1),
    ];
  });
  const texts = rows.map((row) => row.map((text) => ({ text })));
  const widths =
    fitColumns(columns, texts, style.width) ?? columns.map(({ title }) => Math.max(12, title.length));
  return `${layOutTable(columns, texts, widths).join('\n')}\n`;
}

function spread(values: readonly number[]): string {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const text = mean.toFixed(3);
  if (values.length === 1) return text;
  return `${text} (${Math.min(...values).toFixed(3)}–${Math.max(...values).toFixed(3)})`;
}

/** "row,prediction,setosa,virginica": rows count from 1 below the header, then a probability for each class. */
export function predictionsCsv({ classes, predictions }: TableAnswer): string {
  const header = ['row', 'prediction', ...classes].map(quoted).join(',');
  const lines = predictions.map(({ row, probabilities }) => {
    const best = probabilities.indexOf(Math.max(...probabilities));
    return [String(row + 1), quoted(classes[best]!), ...probabilities.map((p) => p.toPrecision(6))].join(',');
  });
  return `${[header, ...lines].join('\n')}\n`;
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

const [size, margin] = [320, 44];

/** Accuracy against confidence, in bins of confidence, of the first classifier's first seed; areas are numbers of rows. */
export function calibrationSvg({ validated }: TableAnswer): string {
  const { title, scores } = validated[0]!;
  const { bins, calibrationError } = scores[0]!;
  const most = Math.max(...bins.map(({ rows }) => rows));
  const at = (share: number) => margin + share * size;
  const up = (share: number) => at(1 - share);
  const dots = bins.flatMap(({ rows, confidence, accuracy }) =>
    confidence === undefined || accuracy === undefined
      ? []
      : [
          `<circle cx="${at(confidence).toFixed(1)}" cy="${up(accuracy).toFixed(1)}" r="${(3 + 11 * Math.sqrt(rows / most)).toFixed(1)}" fill="#3b78c4" fill-opacity="0.6"><title>${rows} rows: confidence ${confidence.toFixed(3)}, accuracy ${accuracy.toFixed(3)}</title></circle>`,
        ],
  );
  const ticks = [0, 0.25, 0.5, 0.75, 1].flatMap((share) => [
    `<text x="${at(share)}" y="${at(1) + 16}" text-anchor="middle">${share}</text>`,
    `<text x="${margin - 6}" y="${up(share) + 4}" text-anchor="end">${share}</text>`,
  ]);
  const whole = size + 2 * margin;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${whole}" height="${whole}" viewBox="0 0 ${whole} ${whole}" font-family="sans-serif" font-size="11">`,
    `<title>Calibration of ${title}: error ${calibrationError.toFixed(3)}</title>`,
    `<rect width="${whole}" height="${whole}" fill="white"/>`,
    `<rect x="${margin}" y="${margin}" width="${size}" height="${size}" fill="none" stroke="#888"/>`,
    `<line x1="${at(0)}" y1="${up(0)}" x2="${at(1)}" y2="${up(1)}" stroke="#888" stroke-dasharray="4 4"/>`,
    ...ticks,
    ...dots,
    `<text x="${at(0.5)}" y="${whole - 8}" text-anchor="middle">confidence</text>`,
    `<text x="14" y="${at(0.5)}" text-anchor="middle" transform="rotate(-90 14 ${at(0.5)})">accuracy</text>`,
    `<text x="${at(0.5)}" y="${margin - 14}" text-anchor="middle" font-size="13">${title}: calibration error ${calibrationError.toFixed(3)}</text>`,
    '</svg>\n',
  ].join('\n');
}
