/**
 * `npm run bench:gpu`: every GPU kernel beside the same in plain TensorFlow.js operations on the same device, and beside what
 * the device can do: its measured copy bandwidth and its measured rate of a matrix product. `-- --scale 0.1` takes smaller
 * sizes; a software adapter takes 1/64 unless told. The report is a Markdown table.
 */
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { openRuntime } from '../engine/src/tensor/index.ts';
import { type Case, cases } from './bench-gpu/cases.ts';
import { type Ceilings, ceilingsOf, millisecondsOf } from './bench-gpu/measure.ts';
import { findAdapter } from './gpu-adapter.ts';

const { values } = parseArgs({ options: { scale: { type: 'string' }, only: { type: 'string' } } });
const found = await findAdapter();
if ('reason' in found) {
  console.error(`No graphics adapter: ${found.reason}.`);
  process.exit(1);
}
// The loader of Vulkan reads its variables when a process starts.
if (Object.entries(found.env).some(([name, value]) => process.env[name] !== value)) {
  const { status } = spawnSync(process.execPath, process.argv.slice(1), {
    stdio: 'inherit',
    env: { ...process.env, ...found.env },
  });
  process.exit(status ?? 1);
}

const scale = Number(values.scale ?? (found.software ? 1 / 64 : 1));
if (!(scale > 0)) {
  console.error('--scale takes a number above 0');
  process.exit(2);
}
const runtime = await openRuntime({ precision: 'float32', backend: 'webgpu' });
const ceilings = await ceilingsOf(
  runtime,
  4 * Math.round((2 ** 25 * Math.min(1, scale * 4)) / 4),
  found.software ? 384 : 4096,
);
console.log(`${runtime.backend.description}; scale ${scale}`);
console.log(`copy ${giga(ceilings.bandwidth)} GB/s, matrix product ${giga(ceilings.rate)} GFLOP/s\n`);
console.log('| kernel | size | ms | MB | MFLOP | of bandwidth | of rate | of ceiling | plain / fused |');
console.log('|---|---|---|---|---|---|---|---|---|');
for (const make of cases(runtime, scale)) {
  runtime.tf.engine().startScope();
  for (const each of make())
    if (each.name.includes(values.only ?? '')) console.log(await row(each, ceilings));
  runtime.tf.engine().endScope();
}
process.exit(0);

async function row(each: Case, { bandwidth, rate }: Ceilings): Promise<string> {
  const fused = await millisecondsOf(runtime, each.fused);
  const plain = each.plain && (await millisecondsOf(runtime, each.plain, 3));
  const ofBandwidth = each.bytes / bandwidth / (fused / 1e3);
  const ofRate = each.flops / rate / (fused / 1e3);
  return `| ${[
    each.name,
    each.size,
    fused.toPrecision(3),
    (each.bytes / 1e6).toPrecision(3),
    (each.flops / 1e6).toPrecision(3),
    percent(ofBandwidth),
    percent(ofRate),
    percent(Math.max(ofBandwidth, ofRate)),
    plain === undefined ? 'has none' : (plain / fused).toPrecision(2),
  ].join(' | ')} |`;
}

function giga(x: number): string {
  return (x / 1e9).toPrecision(3);
}

function percent(x: number): string {
  return `${Math.round(100 * x)} %`;
}
