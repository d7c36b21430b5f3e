/** A device that runs out of memory, and one that is lost, for real; last, because nothing runs on it afterwards. */
import { expect, test } from 'vitest';
import { openRuntime } from '../index.ts';
import type { GpuDevice } from './webgpu-types.ts';

const webgpu = { precision: 'float32', backend: 'webgpu' } as const;

test('too large an array is a Fault and no number, and the next runtime computes again', async () => {
  const runtime = await openRuntime(webgpu);
  const { tf } = runtime;
  // 64 GB, more than any adapter's largest buffer.
  const sum = tf.tidy(() => tf.sum(tf.fill([2 ** 34], 1)));
  const fault = {
    finding: { code: 'backend/out-of-memory', message: 'the webgpu backend is out of memory' },
  };
  await expect(runtime.array(sum)).rejects.toMatchObject(fault);

  const next = await openRuntime(webgpu);
  expect(next).not.toBe(runtime);
  const ones = next.tf.ones([40, 40]);
  expect((await next.array(next.tf.matMul(ones, ones))).data[7]).toBe(40);
});

test('a program that the device refuses is a Fault', async () => {
  const runtime = await openRuntime(webgpu);
  const { tf } = runtime;
  const device = (tf.backend() as unknown as { device: GpuDevice }).device;
  device.createShaderModule({ code: 'fn main() -> nothing {}' });
  await expect(runtime.array(tf.exp(tf.ones([50, 50])))).rejects.toMatchObject({
    finding: {
      code: 'backend/stopped',
      message: expect.stringMatching(/^the webgpu backend stopped: .*WGSL/),
    },
  });
});

test('after a lost device the next backend takes over, and says why', async () => {
  const runtime = await openRuntime(webgpu);
  const { tf } = runtime;
  const product = tf.matMul(tf.ones([40, 40]), tf.ones([40, 40]));
  (tf.backend() as unknown as { device: GpuDevice }).device.destroy();
  await expect(runtime.array(product)).rejects.toMatchObject({ finding: { code: 'backend/device-lost' } });

  const reason = 'the graphics device was lost: device was destroyed';
  const next = await openRuntime({ precision: 'float32' });
  expect(next.backend.name).not.toBe('webgpu');
  expect(next.backend.passedOver).toContainEqual({ name: 'webgpu', reason });
  expect((await next.array(next.tf.matMul(next.tf.ones([2, 2]), next.tf.ones([2, 2])))).data[0]).toBe(2);
  await expect(openRuntime(webgpu)).rejects.toMatchObject({
    finding: { code: 'backend/not-available', message: `the backend webgpu cannot be had here: ${reason}` },
  });
});
