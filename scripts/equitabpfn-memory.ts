/**
 * `node scripts/equitabpfn-memory.ts [--rows 10000] [--classes 100] [--width 64] [--blocks 2] [--features 20]`: time and peak memory of
 * EquiTabPFN on one large table, a fifth of which is to be classified. The numbers of docs/models/equitabpfn.md come from here. With the
 * defaults it takes three minutes.
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { openRuntime, randomFromSeed } from '../engine/src/index.ts';
import { anyTable } from '../engine/src/model/equitabpfn/model.ts';
import { openFamily } from '../engine/src/model/index.ts';
import { real } from '../engine/src/tensor/array.ts';

const option = (value: string) => ({ type: 'string', default: value }) as const;
const { values } = parseArgs({
  options: {
    rows: option('10000'),
    classes: option('100'),
    width: option('64'),
    blocks: option('2'),
    features: option('20'),
  },
});
const [rows, classes, width, blocks, features] = (
  ['rows', 'classes', 'width', 'blocks', 'features'] as const
).map((name) => Number(values[name])) as [number, number, number, number, number];
const queries = Math.floor(rows / 5);
const known = rows - queries;

const random = randomFromSeed(0);
const normal = (count: number) =>
  real(
    [count, features],
    Float64Array.from({ length: count * features }, () => random.normal()),
  );
const labels = new Float64Array(known * classes);
for (let row = 0; row < known; row++) labels[row * classes + random.integer(classes)] = 1;
const runtime = await openRuntime({ precision: 'float32' });
const model = await openFamily(
  {
    family: 'EquiTabPFN',
    options: { width, blocks, decoder_hidden: width },
    fields: anyTable,
    seed: 0,
  },
  { float32: runtime, float64: runtime },
);
const table = { features: normal(known), labels: real([known, classes], labels), queries: normal(queries) };
const megabytes = (): string => (process.resourceUsage().maxRSS / 1024).toFixed(0);
console.log(`${cpus()[0]?.model.trim()}, Node ${process.version}, ${runtime.backend.description}`);
console.log(`before: ${megabytes()} MB`);
const started = performance.now();
const [result] = await model.evaluate([table], 'float32');
const seconds = ((performance.now() - started) / 1000).toFixed(0);
const allFinite = result!.logits!.data.every(Number.isFinite);
console.log(
  `${known} + ${queries} rows, ${classes} classes, ${blocks} blocks of ${width} channels: ` +
    `${seconds} s, at most ${megabytes()} MB, all scores finite: ${allFinite}`,
);
