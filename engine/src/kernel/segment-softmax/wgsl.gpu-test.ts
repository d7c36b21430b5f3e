import { expect, test } from 'vitest';
import { openRuntime, randomFromSeed } from '../../tensor/index.ts';
import { normals } from '../agreement.ts';
import { segmentSoftmaxOnWebgpu } from './wgsl.ts';

const gpu = await openRuntime({ precision: 'float32', backend: 'webgpu' });
const { tf } = gpu;
for (const kernel of segmentSoftmaxOnWebgpu(tf)) tf.registerKernel(kernel);
const run = (name: string, inputs: object[], count: number) =>
  tf.engine().runKernel(name, inputs as never, { count }) as unknown as ReturnType<typeof tf.ones>;

test.each([
  [400, 3, 30],
  [300, 1, 2],
  [200, 100, 64],
])('the softmax of %i rows of %i columns in %i segments, and its gradient', async (rows, columns, count) => {
  const random = randomFromSeed(rows);
  const [x, dy] = [normals(random, rows, columns), normals(random, rows, columns)];
  // Large logits: without the maximum taken off, their exponentials are infinite.
  x.data.forEach((value, i) => {
    x.data[i] = Math.fround(40 * value);
  });
  const segments = Int32Array.from({ length: rows }, () => random.integer(count + 1) - 1);
  const y = new Float64Array(rows * columns);
  const dx = new Float64Array(rows * columns);
  for (let s = 0; s < count; s++) {
    const members = [...segments.keys()].filter((row) => segments[row] === s);
    for (let c = 0; c < columns; c++) {
      const at = members.map((row) => row * columns + c);
      const top = Math.max(...at.map((i) => x.data[i]!));
      const sum = at.reduce((total, i) => total + Math.exp(x.data[i]! - top), 0);
      for (const i of at) y[i] = Math.exp(x.data[i]! - top) / sum;
      const mean = at.reduce((total, i) => total + y[i]! * dy.data[i]!, 0);
      for (const i of at) dx[i] = y[i]! * (dy.data[i]! - mean);
    }
  }
  const ids = tf.tensor1d(segments, 'int32');
  const found = run('NoetherSegmentSoftmax', [gpu.tensor(x), ids], count);
  const gradient = run('NoetherSegmentSoftmaxGradient', [found, gpu.tensor(dy), ids], count);
  const [values, slopes] = [(await gpu.array(found)).data, (await gpu.array(gradient)).data];
  y.forEach((value, i) => {
    expect(Math.abs(values[i]! - value)).toBeLessThan(2e-5);
    expect(Math.abs(slopes[i]! - dx[i]!)).toBeLessThan(1e-4);
  });
});
