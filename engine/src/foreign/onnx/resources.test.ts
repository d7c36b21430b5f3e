/** Memory, time and repeatability, in every runtime that loads here. */
import { describe, expect, test } from 'vitest';
import { real, type Values } from '../../tensor/array.ts';
import { makeNode } from './make-node.ts';
import { openOnnx } from './open.ts';
import {
  cloud,
  floatWeight,
  oneNode,
  onnxFile,
  onnxRuntimes,
  openSmall,
  ports,
  potentialFile,
} from './test-support.ts';

describe.each(onnxRuntimes)('%s', (runtime) => {
  test('the same bits on every run and in every session', async () => {
    const samples = Array.from({ length: 12 }, (_, i): Values => ({ positions: cloud(30, i) }));
    const runs: Values[][] = [];
    for (let session = 0; session < 2; session++) {
      const model = await openOnnx({ file: potentialFile, ...ports }, { runtime });
      for (let run = 0; run < 3; run++) runs.push(await model.evaluate(samples, 'float32'));
      model.dispose();
    }
    for (const run of runs) expect(run).toEqual(runs[0]);
  });

  test('sessions give their memory back', async () => {
    const weights = [floatWeight('w', [512, 512], new Array(512 * 512).fill(0.001))];
    const graph = oneNode(makeNode('MatMul', ['x', 'w'], 'y'), ['n', 512], weights);
    const once = async () => {
      const model = await openSmall(graph, { runtime }, { x: ['n', 'm'], y: ['n', 'm'] });
      await model.evaluate([{ x: real([2, 512], new Float64Array(1024)) }], 'float64');
      model.dispose();
      await expect(model.evaluate([], 'float32')).rejects.toThrow('disposed');
      model.dispose();
    };
    // Allocators and the collector settle first.
    for (let i = 0; i < 40; i++) await once();
    globalThis.gc?.();
    const before = process.memoryUsage().rss;
    // Each leaked pair of sessions would keep 3 MB of weights.
    for (let i = 0; i < 60; i++) await once();
    globalThis.gc?.();
    expect((process.memoryUsage().rss - before) / 2 ** 20).toBeLessThan(90);
  });

  test('a thousand runs leave no memory behind', async () => {
    const model = await openOnnx({ file: onnxFile('unbatched'), ...ports }, { runtime });
    const sample: Values = { positions: cloud(16, 1) };
    for (let i = 0; i < 100; i++) await model.evaluate([sample], 'float32');
    const before = process.memoryUsage().rss;
    for (let i = 0; i < 1000; i++) await model.evaluate([sample], 'float32');
    expect((process.memoryUsage().rss - before) / 2 ** 20).toBeLessThan(40);
    model.dispose();
  });

  test('the time of a batch, reported', async () => {
    const model = await openOnnx({ file: potentialFile, ...ports }, { runtime });
    const samples = Array.from({ length: 32 }, (_, i): Values => ({ positions: cloud(128, i) }));
    for (const precision of model.precisions) {
      await model.evaluate(samples.slice(0, 2), precision);
      const start = performance.now();
      const results = await model.evaluate(samples, precision);
      console.log(
        `${model.backend}, ${precision}: ${(performance.now() - start).toFixed(0)} ms for 32 x 128 points`,
      );
      expect(results.every((result) => result.forces!.data.every(Number.isFinite))).toBe(true);
    }
    model.dispose();
  });
});
