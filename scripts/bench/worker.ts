/**
 * Runs one row in a process of its own: `node worker.ts own|stock ROW REPEATS`. Says when it is ready, makes a measurement for each line that
 * comes in, and tells milliseconds of processor time for a pass and the peak of memory so far, beyond that of the bare runtime.
 */
import { createInterface } from 'node:readline';
import { fillWasm } from '../../engine/src/tensor/fixes/fill-wasm.ts';
import { openRuntime } from '../../engine/src/tensor/index.ts';
import { loadFloat32 } from '../../engine/src/tensor/library.ts';
import type { Runtime } from '../../engine/src/tensor/runtime.ts';
import { upload } from '../../engine/src/tensor/transfer.ts';
import { type Pass, rows } from './rows.ts';

const [side, name] = process.argv.slice(2) as ['own' | 'stock', string];
const row = rows.find((candidate) => candidate.name === name)!;
const say = (message: object): void => {
  process.stdout.write(`${JSON.stringify(message)}\n`);
};
const peak = (): number => process.resourceUsage().maxRSS / 1024;

if (side === 'stock' && row.tooSlowForStock) say({ skipped: 'minutes' });
else if (side === 'stock' && /^(radius graph|16 nearest|distances 2k x 2k, with)/.test(name))
  say({ skipped: 'has none' });
else
  await serve(side === 'own' ? await openRuntime({ precision: 'float32', backend: 'wasm' }) : await stock());

/** TensorFlow.js as published, with the kernels that its wasm backend lacks taken from its cpu backend. */
async function stock(): Promise<Runtime> {
  const tf = await loadFloat32();
  fillWasm(tf);
  await tf.setBackend('wasm');
  const backend = {
    name: 'wasm',
    reason: '',
    passedOver: [],
    description: `stock tfjs ${tf.version_core}`,
  } as const;
  return {
    tf,
    precision: 'float32',
    backend,
    tensor: (array) => upload(tf, 'float32', array),
    array: () => Promise.reject(new Error('nothing is read here')),
  };
}

async function serve(runtime: Runtime): Promise<void> {
  const before = peak();
  const pass: Pass = row.make(runtime);
  say({ ready: runtime.backend.description });
  for await (const _ of createInterface({ input: process.stdin })) {
    const start = process.cpuUsage();
    for (let i = 0; i < row.repeats; i++) {
      const result = runtime.tf.tidy(() => pass() as never) as never;
      if (result) runtime.tf.dispose(result);
    }
    // Of all threads, the collector's and the compiler's too.
    const { user, system } = process.cpuUsage(start);
    say({ ms: (user + system) / 1000 / row.repeats, mb: peak() - before });
  }
}
