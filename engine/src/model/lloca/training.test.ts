import { expect, it } from 'vitest';
import { real } from '../../tensor/array.ts';
import type { Tensor } from '../../tensor/runtime.ts';
import { event, open } from './testing.ts';

const events = [event(5, 1), event(7, 2), event(6, 3)];
const small = { representation: [2, 1], heads: 2, blocks: 1, frames_hidden: 8, frames_gain: 3 };

it.each(['transformer', 'graphnet', 'particlenet', 'particle_transformer'] as const)(
  '%s: training sees what evaluation gives',
  async (backbone) => {
    const model = await open({ ...small, backbone, neighbours: 4 });
    const trainable = await model.trainable!();
    const { runtime, names, weights } = trainable;
    expect(names.every((name) => name in weights)).toBe(true);
    const expected = await model.evaluate(events, 'float32');
    for (const chunk of trainable.chunks(events)) {
      const forward = trainable.prepare(chunk.map((i) => events[i]!));
      const scalars = runtime.tf.tidy(
        () =>
          forward(Object.fromEntries(names.map((name) => [name, runtime.tensor(weights[name]!)]))).scalars!,
      );
      const { data } = await runtime.array(scalars);
      scalars.dispose();
      for (const [i, index] of chunk.entries()) {
        expect(data[i]).toBeCloseTo(expected[index]!.scalars!.data[0]!, 5);
      }
    }
  },
);

it('the float32 gradient through frames in double precision is the slope of the loss', async () => {
  const model = await open({ ...small, level: 'particle', vector_outputs: 1 });
  const trainable = await model.trainable!();
  const { runtime, names, weights } = trainable;
  const { tf } = runtime;
  const forward = trainable.prepare(events);
  const loss = (...values: Tensor[]): Tensor => {
    const outputs = forward(Object.fromEntries(names.map((name, i) => [name, values[i]!])));
    return tf.add(tf.sum(tf.square(outputs.scalars!)), tf.mean(tf.square(outputs.vectors!)));
  };
  const device = names.map((name) => runtime.tensor(weights[name]!));
  const gradients = tf.tidy(() => tf.grads(loss as never)(device));
  // A step along the gradient of one tensor at a time, the Frames-Net's among them.
  const tried = names.filter((name) =>
    /mlp\.mlp\.[02]\.weight|linear_in\.weight|qkv_linear\.linear\.weight/.test(name),
  );
  expect(tried.some((name) => name.startsWith('framesnet'))).toBe(true);
  const at = async (index: number, step: number): Promise<number> => {
    const gradient = await runtime.array(gradients[index]!);
    const own = weights[names[index]!]!;
    const moved = runtime.tensor(
      real(
        own.shape,
        Float64Array.from(own.data, (value, i) => value + step * gradient.data[i]!),
      ),
    );
    const value = tf.tidy(() => loss(...device.map((tensor, i) => (i === index ? moved : tensor))));
    const [result] = (await runtime.array(value)).data;
    tf.dispose([moved, value]);
    return result!;
  };
  for (const name of tried) {
    const index = names.indexOf(name);
    const { data } = await runtime.array(gradients[index]!);
    const squared = Float64Array.from(data).reduce((sum, value) => sum + value ** 2, 0);
    const step = 5e-3 / Math.sqrt(squared);
    const slope = ((await at(index, step)) - (await at(index, -step))) / (2 * step);
    expect(Math.abs(slope / squared - 1), name).toBeLessThan(0.02);
  }
  tf.dispose([...gradients, ...device]);
});
