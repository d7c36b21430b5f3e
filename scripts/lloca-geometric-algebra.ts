/**
 * `node scripts/lloca-geometric-algebra.ts`: time of one LLoCa transformer block and of blocks on multivectors, 8 of which are of equal width,
 * for docs/models/lloca.md. Both run on the same backend in float32 and take turns; medians, and the median ratio of a round.
 * LLoCa runs with the frames given and with the kernels of the engine, the other one in plain TensorFlow.js, as told there.
 */
import { cpus } from 'node:os';
import { openRuntime, type Runtime } from '../engine/src/index.ts';
import { prepareFrames } from '../engine/src/model/lloca/attention.ts';
import { layoutOf } from '../engine/src/model/lloca/layout.ts';
import { identityFrames } from '../engine/src/model/lloca/lorentz.ts';
import { representationOf } from '../engine/src/model/lloca/representation.ts';
import { transformer } from '../engine/src/model/lloca/transformer.ts';
import { blockOf, multivectorBlock } from './bench/geometric-algebra.ts';
import { uniform } from './bench/step.ts';

const [width, heads, events, rounds] = [128, 8, 16, 15];
const runtime: Runtime = await openRuntime({ precision: 'float32' });
const { tf } = runtime;
console.log(
  `${cpus()[0]!.model}; Node ${process.versions.node}; width ${width}, ${heads} heads, ${events} events`,
);
const counts = [8, 16, 32];
console.log(
  `| particles | LLoCa ms | ${counts.map((count) => `${count} multivectors ms | ratio`).join(' | ')} |`,
);
console.log(
  `| ${Array(2 + 2 * counts.length)
    .fill('---')
    .join(' | ')} |`,
);
for (const particles of [7, 16, 32]) {
  const rows = events * particles;
  const weights = llocaWeights();
  const x = uniform(runtime, [rows, width]);
  const layout = layoutOf(Array<number>(events).fill(particles));
  const frames = prepareFrames(runtime, identityFrames(runtime, rows), false);
  const representation = representationOf([8, 2]);
  const config = { version: 1, representation, blocks: 1, heads, multiQuery: false } as const;
  const passes = [
    () => transformer(runtime, config, weights, '', x, frames, layout),
    ...counts.map((count) => {
      const block = blockOf(runtime, count);
      const multivectors = uniform(runtime, [events, particles, count, 16]);
      return () => multivectorBlock(runtime, block, multivectors, heads);
    }),
  ];
  const times: number[][] = passes.map(() => []);
  for (let round = -3; round < rounds; round++) {
    for (let turn = 0; turn < passes.length; turn++) {
      const which = (round + 3 + turn) % passes.length;
      const start = performance.now();
      const y = tf.tidy(passes[which]!);
      await y.data();
      const ms = performance.now() - start;
      y.dispose();
      if (round >= 0) times[which]!.push(ms);
    }
  }
  const others = times.slice(1).map((own) => {
    const ratio = median(own.map((ms, i) => ms / times[0]![i]!));
    return `${median(own).toFixed(1)} | ${ratio.toFixed(1)}`;
  });
  console.log(`| ${particles} | ${median(times[0]!).toFixed(1)} | ${others.join(' | ')} |`);
}

/** Of one block with the linear maps into and out of it, which the other side is spared. */
function llocaWeights() {
  const shapes = {
    'blocks.0.attention.qkv_linear.linear': [3 * width, width],
    'blocks.0.attention.out_linear': [width, width],
    'blocks.0.mlp.0': [2 * width, width],
    'blocks.0.mlp.3': [width, 2 * width],
    linear_in: [width, width],
    linear_out: [width, width],
  };
  return Object.fromEntries(
    Object.entries(shapes).flatMap(([name, shape]) => [
      [`${name}.weight`, uniform(runtime, shape, 0.1)],
      [`${name}.bias`, uniform(runtime, [shape[0]!], 0.1)],
    ]),
  );
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
