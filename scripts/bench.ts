/**
 * `npm run bench [-- words of rows]`: the engine on its wasm backend beside PyTorch and beside TensorFlow.js without own kernels, one thread each.
 * Each row has its three processes take turns, so that a busy moment hits all of them; what is told are medians, and the medians of the
 * ratios of a round. Time is processor time, which other work on the machine does not add to. PyTorch is any `python3` with torch, or the one that PYTHON names.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { rows } from './bench/rows.ts';
import { buildKernels } from './kernels.ts';
import { root } from './root.ts';
import { buildTensorLibraries } from './tensor-libraries.ts';

const rounds = 7;
const seconds = 40;
const sides = ['own', 'torch', 'stock'] as const;
type Side = (typeof sides)[number];

interface Answer {
  readonly ready?: string;
  readonly skipped?: string;
  readonly ms?: number;
  readonly mb?: number;
}

await buildTensorLibraries();
await buildKernels();
const words = process.argv.slice(2);
const chosen = rows.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));
console.log(
  `${cpus()[0]!.model}, ${cpus().length} cores; Node ${process.versions.node}; ${new Date().toISOString().slice(0, 10)}`,
);
console.log(
  '| row | own ms | PyTorch ms | own / PyTorch | goal | stock ms | own / stock | own MB | PyTorch MB |',
);
console.log('|---|---|---|---|---|---|---|---|---|');
const versions = new Set<string>();
for (const row of chosen) console.log(await measure(row.name, row.repeats, row.goal));
console.log([...versions].join('; '));

async function measure(name: string, repeats: number, goal: number): Promise<string> {
  const workers = Object.fromEntries(
    await Promise.all(sides.map(async (side) => [side, await open(side, name, repeats)] as const)),
  ) as Record<Side, Worker>;
  const times: Record<Side, number[]> = { own: [], torch: [], stock: [] };
  const memory: Partial<Record<Side, number>> = {};
  const start = performance.now();
  // Round 0 warms up. A slow row ends after three rounds.
  for (let round = 0; round <= rounds; round++) {
    if (round > 3 && performance.now() - start > 1000 * seconds) break;
    for (let turn = 0; turn < sides.length; turn++) {
      const side = sides[(round + turn) % sides.length]!;
      const answer = await workers[side].turn();
      if (answer?.ms === undefined) continue;
      if (round > 0) times[side].push(answer.ms);
      memory[side] = answer.mb;
    }
  }
  for (const worker of Object.values(workers)) worker.close();
  const ratio = (side: Side): string =>
    times[side].length === 0 ? '–' : median(times.own.map((ms, i) => ms / times[side][i]!)).toFixed(2);
  const time = (side: Side): string =>
    times[side].length === 0 ? (workers[side].skipped ?? '–') : median(times[side]).toPrecision(3);
  const mb = (side: Side): string => (memory[side] === undefined ? '–' : memory[side].toFixed(0));
  const cells = [
    name,
    time('own'),
    time('torch'),
    ratio('torch'),
    `<= ${goal}`,
    time('stock'),
    ratio('stock'),
  ];
  return `| ${[...cells, mb('own'), mb('torch')].join(' | ')} |`;
}

interface Worker {
  readonly skipped: string | undefined;
  /** One measurement; undefined where there is none. */
  turn(): Promise<Answer | undefined>;
  close(): void;
}

async function open(side: Side, name: string, repeats: number): Promise<Worker> {
  const folder = join(root, 'scripts', 'bench');
  const [command, args] =
    side === 'torch'
      ? [process.env.PYTHON ?? 'python3', [join(folder, 'rows.py'), name, `${repeats}`]]
      : [process.execPath, [join(folder, 'worker.ts'), side, name]];
  const env = { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1' };
  const child: ChildProcess = spawn(command, args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
  let errors = '';
  child.stderr!.on('data', (text) => {
    errors += text;
  });
  child.stdin!.on('error', () => {});
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  const failed = once(child, 'error').then(() => undefined);
  const next = async (): Promise<Answer | undefined> => {
    const line = await Promise.race([lines.next(), failed]);
    return line && !line.done ? (JSON.parse(line.value) as Answer) : undefined;
  };
  const first = await next();
  if (first?.ready) versions.add(first.ready);
  else if (!first)
    console.error(`${side}, ${name}: ${errors.trim().split('\n').at(-1) ?? 'it does not start'}`);
  return {
    skipped: first?.skipped,
    async turn() {
      if (!first?.ready) return undefined;
      child.stdin!.write('\n');
      const answer = await next();
      if (!answer && errors) console.error(`${side}, ${name}: ${errors.trim().split('\n').at(-1)}`);
      return answer;
    },
    close: () => child.stdin!.end(),
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
