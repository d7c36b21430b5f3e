import { describe, expect, test } from 'vitest';
import { findingOf } from '../fault.ts';
import { type Attempt, climb, type Rung, survey } from './ladder.ts';
import type { BackendName } from './runtime.ts';

const rung = (name: BackendName, attempt: Attempt | Error, log: string[] = []): Rung => ({
  name,
  async open() {
    log.push(name);
    if (attempt instanceof Error) throw attempt;
    return attempt;
  },
});

const log: string[] = [];
const rungs = [
  rung('tfjs-node-gpu', { reason: 'it loads, but sees no GPU' }, log),
  rung('tfjs-node', new Error('libtensorflow.so.2: cannot open\nat require'), log),
  rung('wasm', { description: 'wasm (SIMD)' }, log),
  rung('cpu', { description: 'cpu' }, log),
];

const findingFrom = async (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => findingOf(error),
  );

describe('auto', () => {
  test('takes the first rung that opens, tells why the others were passed over, and tries none below', async () => {
    log.length = 0;
    expect(await climb(rungs, 'auto')).toEqual({
      name: 'wasm',
      reason: 'fastest that loads here',
      description: 'wasm (SIMD)',
      passedOver: [
        { name: 'tfjs-node-gpu', reason: 'it loads, but sees no GPU' },
        { name: 'tfjs-node', reason: 'it fails to load: libtensorflow.so.2: cannot open' },
      ],
    });
    expect(log).toEqual(['tfjs-node-gpu', 'tfjs-node', 'wasm']);
  });

  test('says so when nothing opens', async () => {
    expect(await findingFrom(climb([rung('cpu', { reason: 'it is broken' })], 'auto'))).toMatchObject({
      code: 'backend/not-available',
      message: 'no tensor backend can be had on this machine',
      found: 'cpu: it is broken',
    });
  });
});

describe('a backend that was asked for', () => {
  test('is taken although a faster one would open, and nothing else is tried', async () => {
    log.length = 0;
    expect(await climb(rungs, 'cpu')).toEqual({
      name: 'cpu',
      reason: 'asked for',
      description: 'cpu',
      passedOver: [],
    });
    expect(log).toEqual(['cpu']);
  });

  test('is a Fault with the reason and the others when it cannot be had', async () => {
    expect(await findingFrom(climb(rungs, 'tfjs-node-gpu'))).toEqual({
      code: 'backend/not-available',
      severity: 'error',
      message: 'the backend tfjs-node-gpu cannot be had here: it loads, but sees no GPU',
      expected: 'wasm, cpu',
      found: 'tfjs-node-gpu',
      advice: 'Leave the backend out, or take one of: wasm, cpu.',
    });
  });

  test('is a Fault that lists the names when there is none of that name', async () => {
    expect(await findingFrom(climb(rungs, 'cuda' as BackendName))).toEqual({
      code: 'backend/unknown-name',
      severity: 'error',
      message: 'there is no backend named "cuda"',
      expected: 'auto, tfjs-node-gpu, tfjs-node, wasm, cpu',
      found: 'cuda',
    });
  });
});

test('a survey tries every rung and throws for none', async () => {
  expect(await survey(rungs)).toEqual([
    { name: 'tfjs-node-gpu', available: false, detail: 'it loads, but sees no GPU' },
    { name: 'tfjs-node', available: false, detail: 'it fails to load: libtensorflow.so.2: cannot open' },
    { name: 'wasm', available: true, detail: 'wasm (SIMD)' },
    { name: 'cpu', available: true, detail: 'cpu' },
  ]);
});
