/**
 * `node scripts/lloca-cost.ts`: what frames cost. LLoCa's backbones with learned frames and with those of the lab take turns on the same events;
 * prints the table of docs/models/lloca.md. Times are processor time, because other work may run: medians of 25 rounds after three to warm
 * up, and the median of the ratios within a round.
 */
import { cpus } from 'node:os';
import { type Field, openRuntime, randomFromSeed, type Values } from '../engine/src/index.ts';
import type { Options } from '../engine/src/model/index.ts';
import { forwardFlops } from '../engine/src/model/lloca/flops.ts';
import { openLLoCa } from '../engine/src/model/lloca/model.ts';
import { specificationOf } from '../engine/src/model/lloca/specification.ts';
import { real } from '../engine/src/tensor/array.ts';

const amplitudes: Options = { blocks: 8, heads: 8, frames_hidden: 128 };
const rows: readonly { name: string; options: Options; particles: number; events: number }[] = [
  { name: 'transformer', options: amplitudes, particles: 7, events: 128 },
  { name: 'transformer', options: amplitudes, particles: 32, events: 16 },
  {
    name: 'graph net',
    options: { backbone: 'graphnet', representation: [64, 16], frames_hidden: 128 },
    particles: 7,
    events: 64,
  },
];

const fields: Field[] = [
  { name: 'momenta', type: { representation: { kind: 'fourvector' }, axes: [{ index: 'particle' }] } },
];
const runtimes = {
  float32: await openRuntime({ precision: 'float32', backend: 'wasm' }),
  float64: await openRuntime({ precision: 'float64' }),
};

/** Particles of mass 0.1 with normal momenta. */
function event(particles: number, seed: number): Values {
  const random = randomFromSeed(seed);
  const data = new Float64Array(4 * particles);
  for (let i = 0; i < particles; i++) {
    const momentum = [random.normal(), random.normal(), random.normal()];
    data.set([Math.hypot(...momentum, 0.1), ...momentum], 4 * i);
  }
  return { momenta: real([particles, 4], data) };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

console.log(`${cpus()[0]!.model}; Node ${process.versions.node}; ${runtimes.float32.backend.description}`);
console.log('| backbone | particles | plain, ms an event | LLoCa, ms an event | time | operations |');
console.log('| --- | --- | --- | --- | --- | --- |');
for (const { name, options, particles, events } of rows) {
  const batch = Array.from({ length: events }, (_, i) => event(particles, i));
  const both = ['identity', 'polar'].map((frames) => {
    const own = { ...options, frames };
    const { backbone, frames: pairs, transforms } = forwardFlops(specificationOf(own, fields), particles);
    const model = openLLoCa({ options: own, fields, seed: 1, example: batch[0]! }, runtimes);
    return { model, flops: backbone + pairs + transforms, times: [] as number[] };
  });
  for (let round = -3; round < 25; round++) {
    for (const { model, times } of both) {
      const before = process.cpuUsage();
      await model.evaluate(batch, 'float32');
      const { user, system } = process.cpuUsage(before);
      if (round >= 0) times.push((user + system) / 1000 / events);
    }
  }
  const [plain, lloca] = both as [(typeof both)[0], (typeof both)[0]];
  const ratio = median(lloca.times.map((time, i) => time / plain.times[i]!));
  const cells = [
    name,
    particles,
    ...[plain, lloca].map(({ times }) => median(times).toPrecision(3)),
    ratio.toFixed(2),
    (lloca.flops / plain.flops).toFixed(2),
  ];
  console.log(`| ${cells.join(' | ')} |`);
  for (const { model } of both) await model.dispose();
}
