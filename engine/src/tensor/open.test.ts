import { expect, test } from 'vitest';
import { Fault, findingOf } from '../fault.ts';
import { backendFault, backendNames, integer, openRuntime, real, surveyBackends } from './index.ts';

const runtimes = [
  { precision: 'float32', backend: 'wasm' },
  { precision: 'float32', backend: 'cpu' },
  { precision: 'float64' },
] as const;

test.each(runtimes)('$precision $backend multiplies and differentiates', async (options) => {
  const { tf, tensor, array } = await openRuntime(options);
  const gradient = tf.grad((x) => tf.sum(tf.square(tf.matMul(x, tf.tensor([2, 0, 0, 3], [2, 2])))));
  expect(await array(gradient(tensor(real([1, 2], [1, 2]))))).toEqual(real([1, 2], [8, 36]));
});

test.each(runtimes)('$precision $backend passes NaN, infinities, int32 and bool through', async (options) => {
  const { tf, tensor, array } = await openRuntime(options);
  const odd = real([4], [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0]);
  expect(await array(tensor(odd))).toEqual(odd);
  const large = integer([2, 1], [2 ** 31 - 1, -(2 ** 31)]);
  const up = tensor(large);
  expect([up.dtype, await array(up)]).toEqual(['int32', large]);
  expect(await array(tf.greater(tensor(odd), 0))).toEqual(integer([4], [0, 1, 0, 0]));
  expect(await array(tensor(real([], [7])))).toEqual(real([], [7]));
  expect(await array(tensor(real([0, 3], [])))).toEqual(real([0, 3], []));
});

test.each(runtimes)('$precision $backend copies on the way in and on the way out', async (options) => {
  const { tensor, array } = await openRuntime(options);
  const host = real([2], [1, 2]);
  const up = tensor(host);
  host.data[0] = 99;
  const down = await array(up);
  expect(down).toEqual(real([2], [1, 2]));
  down.data[1] = 99;
  expect(await array(up)).toEqual(real([2], [1, 2]));
});

test('a runtime is opened once, and the backend that was opened last is active', async () => {
  const wasm = await openRuntime({ precision: 'float32', backend: 'wasm' });
  expect(wasm.tf.getBackend()).toBe('wasm');
  const cpu = await openRuntime({ precision: 'float32', backend: 'cpu' });
  expect([cpu.tf, cpu.tf.getBackend(), cpu.backend.reason]).toEqual([wasm.tf, 'cpu', 'asked for']);
  expect(await openRuntime({ precision: 'float32', backend: 'wasm' })).toBe(wasm);
  expect(wasm.tf.getBackend()).toBe('wasm');
});

test('the choice accounts for every rung above the taken one', async () => {
  const { backend } = await openRuntime({ precision: 'float32' });
  const above = backendNames.slice(0, backendNames.indexOf(backend.name as 'wasm'));
  expect(backend.passedOver.map(({ name }) => name)).toEqual(above);
  for (const { reason } of backend.passedOver) expect(reason).toMatch(/^\S.*[^.\s]$/);
  expect(backend.description).toContain(backend.name);
});

test('a survey names every rung, and wasm and cpu are always there', async () => {
  const states = await surveyBackends();
  expect(states.map(({ name }) => name)).toEqual([...backendNames]);
  expect(states.slice(-2).map(({ available }) => available)).toEqual([true, true]);
});

test('the wasm backend leaves the handling of uncaught errors to the process', async () => {
  const before = process.listenerCount('uncaughtException');
  await openRuntime({ precision: 'float32', backend: 'wasm' });
  expect(process.listeners('uncaughtException').map(String).join()).not.toContain('ExitStatus');
  expect(process.listenerCount('uncaughtException')).toBe(before);
});

test('a wasm heap that cannot grow is a Fault, and the backend goes on working', async () => {
  const { tf, tensor, array } = await openRuntime({ precision: 'float32', backend: 'wasm' });
  // Just below 4 GB and just above: neither fits a 32-bit heap, and nothing is touched, so no memory is used.
  const { makeOutput } = tf.backend() as unknown as { makeOutput(shape: number[], dtype: string): object };
  for (const [size, needed] of [
    [2 ** 30 - 2 ** 13, '4096 MB more'],
    [2 ** 30 + 1, '4097 MB more'],
  ] as const) {
    const finding = findingThrown(() => makeOutput.call(tf.backend(), [size], 'float32'));
    expect(finding).toMatchObject({
      code: 'backend/out-of-memory',
      message: 'the wasm backend is out of memory',
      expected: needed,
      advice: 'Take fewer elements or samples at a time, a smaller model, or another backend.',
    });
  }
  expect(await array(tf.add(tensor(real([2], [1, 2])), 1))).toEqual(real([2], [2, 3]));
});

function findingThrown(work: () => unknown) {
  try {
    work();
  } catch (error) {
    return findingOf(error);
  }
}

test('what a backend throws becomes a Fault where the backend is to blame', () => {
  const code = (error: unknown) => backendFault(error, 'cpu')?.finding.code;
  expect(code(new RangeError('Array buffer allocation failed'))).toBe('backend/out-of-memory');
  expect(code(new RangeError('Invalid typed array length: 9007199254740991'))).toBe('backend/out-of-memory');
  expect(code(new Error('OOM when allocating tensor with shape[9,9]'))).toBe('backend/out-of-memory');
  const stopped = Object.assign(new Error('memory access out of bounds'), { name: 'RuntimeError' });
  expect(code(stopped)).toBe('backend/stopped');
  expect(code(new TypeError('x is not a function'))).toBeUndefined();
  const fault = new Fault({ code: 'data/empty', message: 'no samples' });
  expect(backendFault(fault, 'cpu')).toBe(fault);
});

test('a host backend is one whose results can be read at once', async () => {
  const runtime = await openRuntime({ precision: 'float32', backend: 'auto-host' });
  expect(runtime.backend.name).not.toBe('webgpu');
  expect(runtime.backend.passedOver).toContainEqual({
    name: 'webgpu',
    reason: 'the model reads results while it computes, which webgpu cannot give',
  });
  expect(runtime.tf.ones([1]).dataSync()[0]).toBe(1);
});
