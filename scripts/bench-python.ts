/**
 * What it costs to hand arrays to Python and back: `node scripts/bench-python.ts [INTERPRETER]`. docs/python-protocol.md
 * has the results.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closeSessions, openPython } from '../engine/src/foreign/python/index.ts';
import type { FieldType } from '../engine/src/signature.ts';
import { real } from '../engine/src/tensor/array.ts';

const position: FieldType = { representation: { kind: 'position', dim: 3 }, axes: [{ index: 'atom' }] };
const scalar: FieldType = { representation: { kind: 'scalar' }, axes: [] };
const [python] = process.argv.slice(2);

const folder = mkdtempSync(join(tmpdir(), 'noether-bench-'));
writeFileSync(
  join(folder, 'echo.py'),
  'def number(x):\n    return x[0, 0]\n\n\ndef array(x):\n    return x\n',
);
for (const [target, type] of [
  ['echo:number', scalar],
  ['echo:array', position],
] as const) {
  const inputs = [{ name: 'x', type: position }];
  const model = await openPython({ target, folder, python, inputs, outputs: [{ name: 'y', type }] });
  for (const atoms of [10, 100_000, 1_000_000]) {
    const sample = { x: real([atoms, 3], new Float64Array(3 * atoms)) };
    const ms = await median(atoms > 1e5 ? 11 : 301, () => model.evaluate([sample], 'float64'));
    const bytes = 24 * atoms * (type === position ? 2 : 1);
    console.log(`${target}, ${24 * atoms} bytes: ${ms.toFixed(3)} ms, ${(bytes / ms / 1e6).toFixed(2)} GB/s`);
  }
  const small = Array.from({ length: 64 }, () => ({ x: real([10, 3], new Float64Array(30)) }));
  const ms = await median(51, () => model.evaluate(small, 'float64'));
  console.log(`${target}, 64 samples of 240 bytes: ${(ms / 64).toFixed(4)} ms each`);
  model.dispose();
}
await closeSessions();
rmSync(folder, { recursive: true });

/** Milliseconds; the first call is not counted. */
async function median(repeats: number, run: () => Promise<unknown>): Promise<number> {
  await run();
  const times: number[] = [];
  for (let i = 0; i < repeats; i++) {
    const begin = performance.now();
    await run();
    times.push(performance.now() - begin);
  }
  return times.sort((a, b) => a - b)[repeats >> 1]!;
}
