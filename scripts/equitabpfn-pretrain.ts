/**
 * Pre-trains the small EquiTabPFN, or the TabPFN-style network that it is compared with, on the synthetic prior, and writes
 * weights, recipe and log. Interrupt it at will: the same command goes on from its checkpoint.
 *
 *   node scripts/equitabpfn-pretrain.ts equitabpfn|baseline FOLDER [--steps N] [--seed N]
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { writeSafetensors } from '../engine/src/data/index.ts';
import { officialPrior, type PriorConfig } from '../engine/src/data/prior/index.ts';
import { smallBaseline, smallConfig } from '../engine/src/model/equitabpfn/config.ts';
import { equiTabPfn, tabPfnStyle } from '../engine/src/model/equitabpfn/table-networks.ts';
import { openRuntime } from '../engine/src/tensor/index.ts';
import { type PretrainOptions, pretrain } from '../engine/src/train/pretrain.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { steps: { type: 'string', default: '6000' }, seed: { type: 'string', default: '0' } },
});
const [which, folder] = positionals;
if (!folder || (which !== 'equitabpfn' && which !== 'baseline')) {
  console.error(
    'Usage: node scripts/equitabpfn-pretrain.ts equitabpfn|baseline FOLDER [--steps N] [--seed N]',
  );
  process.exit(2);
}
const seed = Number(values.seed);
const network = which === 'equitabpfn' ? equiTabPfn(smallConfig, seed) : tabPfnStyle(smallBaseline, seed);
const prior: PriorConfig = {
  ...officialPrior,
  rows: 128,
  tables: 4,
  mostFeatures: 50,
  mostClasses: 10,
  // Most tables of the official recipe have two classes; a small budget is better spent on more of them.
  binary: 0.1,
  split: [48, 112],
};
const options: PretrainOptions = {
  steps: Number(values.steps),
  rate: 1e-3,
  warmup: 200,
  decay: 0,
  clip: 1,
  every: 100,
  seed,
};
mkdirSync(folder, { recursive: true });
const runtime = await openRuntime({ precision: 'float32' });
const controller = new AbortController();
process.once('SIGINT', () => controller.abort(new Error('interrupted: the same command goes on')));
const name = `${which}-small`;
const { weights, curve, seconds } = await pretrain({
  runtime,
  network,
  prior,
  options,
  checkpoint: { file: join(folder, `${name}.checkpoint.safetensors`) },
  signal: controller.signal,
  onPoint: ({ step, loss, rate }, time) =>
    console.log(`step ${step}  loss ${loss.toFixed(4)}  rate ${rate.toExponential(2)}  ${time.toFixed(0)} s`),
});
const count = Object.values(weights).reduce((sum, { data }) => sum + data.length, 0);
writeSafetensors(
  join(folder, `${name}.safetensors`),
  weights,
  { network: which, seed: String(seed), steps: String(options.steps) },
  { real: 'F32' },
);
const log = {
  network: network.title,
  config: which === 'equitabpfn' ? smallConfig : smallBaseline,
  weights: count,
  prior,
  options,
  machine: `${cpus()[0]?.model.trim()}, Node ${process.version}`,
  backend: runtime.backend.description,
  seconds: Math.round(seconds),
  curve,
};
writeFileSync(join(folder, `${name}.log.json`), `${JSON.stringify(log, undefined, 1)}\n`);
