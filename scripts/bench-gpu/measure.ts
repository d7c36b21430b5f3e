/** Time on the graphics device, and its own ceilings. */
import {
  type Program,
  type RecordingBackend,
  release,
  runProgram,
} from '../../engine/src/tensor/gpu/program.ts';
import type { Runtime } from '../../engine/src/tensor/index.ts';

/**
 * Milliseconds of one run, the median of several rounds. Each round records enough runs to last a few hundredths of a second,
 * submits them and waits for the device, so that the cost of waiting is spread.
 */
export async function millisecondsOf(runtime: Runtime, run: () => void, rounds = 7): Promise<number> {
  const once = await round(runtime, run, 1);
  const again = Math.min(once, await round(runtime, run, 1));
  const runs = Math.max(1, Math.min(200, Math.round(40 / again)));
  const times: number[] = [];
  for (let i = 0; i < rounds; i++) times.push((await round(runtime, run, runs)) / runs);
  return times.sort((a, b) => a - b)[rounds >> 1]!;
}

async function round({ tf }: Runtime, run: () => void, runs: number): Promise<number> {
  const backend = tf.backend() as unknown as RecordingBackend;
  const started = performance.now();
  for (let i = 0; i < runs; i++) tf.tidy(run);
  backend.ensureCommandEncoderReady();
  backend.endComputePassEncoder();
  backend.submitQueue();
  await backend.device.queue.onSubmittedWorkDone();
  return performance.now() - started;
}

const copy: Program = {
  name: 'copy',
  inputs: { from_: 'vec4f' },
  outputs: { to_: 'vec4f' },
  params: { size: 'i' },
  threads: 256,
  body: 'if (index < params.size) { to_[index] = from_[index]; }',
};

export interface Ceilings {
  /** Bytes read and written in a second by a copy of a large array. */
  readonly bandwidth: number;
  /** Floating-point operations a second of TensorFlow.js' matrix product of two large matrices. */
  readonly rate: number;
}

/** Measures both on this device. `numbers` of the copied array and `side` of the matrices: large enough to fill it. */
export async function ceilingsOf(runtime: Runtime, numbers: number, side: number): Promise<Ceilings> {
  const { tf } = runtime;
  const source = tf.ones([numbers]);
  const copying = await millisecondsOf(runtime, () => {
    const copied = runProgram(tf.backend(), copy, {
      inputs: [source],
      outputs: [{ shape: [numbers], dtype: 'float32' }],
      params: [numbers / 4],
      groups: Math.ceil(numbers / 4 / 256),
    });
    release(tf.backend(), copied);
  });
  const [a, b] = [tf.randomNormal([side, side]), tf.randomNormal([side, side])];
  const multiplying = await millisecondsOf(runtime, () => {
    tf.matMul(a, b);
  });
  tf.dispose([source, a, b]);
  return { bandwidth: (8 * numbers) / (copying / 1e3), rate: (2 * side ** 3) / (multiplying / 1e3) };
}
