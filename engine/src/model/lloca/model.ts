/** LLoCa as a model that can be verified. */

import { Fault } from '../../fault.ts';
import type { Field } from '../../signature.ts';
import { type NdArray, real, sizeOf, type Values } from '../../tensor/array.ts';
import { randomFromSeed } from '../../tensor/index.ts';
import type { Precision, Runtime } from '../../tensor/runtime.ts';
import type { Options } from '../description.ts';
import { weightsOnDevice } from '../device-weights.ts';
import { drawWeights } from '../initial-weights.ts';
import { readWeights } from '../load-weights.ts';
import type { Model } from '../model.ts';
import { type WeightArrays, weightCount } from '../weights.ts';
import { ambiguitiesOf } from './ambiguity.ts';
import { assemble, checkedSize, type HostEvents } from './batch.ts';
import { calibrate, randomExample, shortened } from './calibrate.ts';
import type { LLoCaSpecification } from './config.ts';
import { groupsOf } from './cost.ts';
import { signatureOf } from './description.ts';
import { deviceEvents, precisionsOf, type Runtimes } from './device.ts';
import type { Weights } from './mlp.ts';
import { forward } from './net.ts';
import { readOut } from './readout.ts';
import { specificationOf } from './specification.ts';
import { llocaTrainable } from './trainable.ts';
import { constantSpecs, isUnusedWeight, weightSpecs } from './weights.ts';

export interface LLoCaRequest {
  readonly options: Options;
  readonly fields: readonly Field[];
  /** Trained weights: the path of a safetensors file with official names, or the arrays. */
  readonly weights?: string | WeightArrays;
  /** Seed of untrained weights. */
  readonly seed: number;
  /** A sample to measure the standardisations on; a random event without it. */
  readonly example?: Values;
}

/** The frames of one event's particles. */
export interface EventFrames {
  /** [particle, 4, 4]; local momentum = frame * momentum. */
  readonly frames: NdArray;
  /**
   * 1 where the vectors determined no frame, [references and particles, 4]: light-like, space-like, collinear, coplanar. Such
   * rows have a fixed frame, and the event no symmetry.
   */
  readonly flags: NdArray;
}

/** A model whose weights and frames can be read. */
export interface LLoCaModel extends Model {
  weights(): Promise<WeightArrays>;
  frames(batch: readonly Values[], precision: Precision): Promise<EventFrames[]>;
}

/**
 * Weights go to the device when a precision is first used. Both precisions run the same float32 numbers.
 * @throws Fault `model/…` for options or fields that make no network, or weights of another one.
 */
export function openLLoCa(request: LLoCaRequest, runtimes: Runtimes): LLoCaModel {
  const specification = specificationOf(request.options, request.fields);
  const { title } = specification;
  checkBackend(runtimes.float32);
  const trainable = weightSpecs(specification);
  const constants = constantSpecs(specification);
  const shapes = new Map([...trainable, ...constants].map(({ name, shape }) => [name, shape]));
  const loaded =
    request.weights === undefined
      ? undefined
      : readWeights(request.weights, { shapes, isUnused: isUnusedWeight });
  let arrays: Promise<WeightArrays> | undefined = loaded && Promise.resolve(loaded);
  const weights = (): Promise<WeightArrays> => {
    arrays ??= untrained(specification, request, runtimes.float64);
    return arrays;
  };
  const onDevice = weightsOnDevice(title, runtimes);

  /** One result for each event, whatever goes through the network together. */
  const eachEvent = async <T>(
    batch: readonly Values[],
    precision: Precision,
    evaluate: (device: Weights, host: HostEvents) => Promise<T[]>,
  ): Promise<T[]> => {
    const sizes = batch.map((values) => checkedSize(specification, values));
    const device = onDevice.of(precision, await weights());
    const results: T[] = Array(batch.length);
    for (const group of groupsOf(specification, sizes, precision)) {
      const host = assemble(
        specification,
        group.map((index) => batch[index]!),
      );
      const own = await evaluate(device, host);
      group.forEach((index, i) => {
        results[index] = own[i]!;
      });
    }
    return results;
  };

  const frames: LLoCaModel['frames'] = (batch, precision) =>
    eachEvent(batch, precision, (device, host) => framesOf(specification, runtimes, precision, device, host));

  return {
    title,
    signature: signatureOf(specification),
    parameterCount: weightCount(trainable),
    backend: runtimes.float32.backend.description,
    precisions: ['float32', 'float64'],
    weights,
    trainable: async () => llocaTrainable(specification, await weights(), runtimes),
    evaluate: (batch, precision) =>
      eachEvent(batch, precision, (device, host) =>
        outputsOf(specification, runtimes, precision, device, host),
      ),
    frames,
    async ambiguities(batch) {
      const references = specification.net.preparation.references.length;
      return (await frames(batch, 'float32')).map(({ flags }) => ambiguitiesOf(flags, references));
    },
    dispose: onDevice.dispose,
  };
}

async function untrained(
  specification: LLoCaSpecification,
  { seed, example }: LLoCaRequest,
  float64: Runtime,
): Promise<WeightArrays> {
  const random = randomFromSeed(seed).stream('lloca');
  const weights = drawWeights([...weightSpecs(specification), ...constantSpecs(specification)], random);
  if (example) checkedSize(specification, example);
  const values = example ? shortened(specification, example) : randomExample(specification, random);
  return calibrate(float64, specification, weights, values);
}

async function outputsOf(
  specification: LLoCaSpecification,
  runtimes: Runtimes,
  precision: Precision,
  device: Weights,
  host: HostEvents,
): Promise<Values[]> {
  const runtime = runtimes[precision];
  const precisions = precisionsOf(specification, runtime, runtimes);
  const outputs = runtime.tf.tidy(() => {
    const result = forward(precisions, specification.net, device, deviceEvents(runtime, specification, host));
    return readOut(runtime, specification, result, host.sizes);
  });
  const results: Record<string, NdArray>[] = host.sizes.map(() => ({}));
  try {
    for (const [name, tensor] of Object.entries(outputs)) {
      const { shape, data } = await runtime.array(tensor);
      const perParticle = specification.level === 'particle';
      const width = sizeOf(shape.slice(1));
      let from = 0;
      for (const [event, size] of host.sizes.entries()) {
        const length = (perParticle ? size : 1) * width;
        const own = perParticle ? [size, ...shape.slice(1)] : shape.slice(1);
        results[event]![name] = real(own, data.slice(from, from + length));
        from += length;
      }
    }
  } finally {
    runtime.tf.dispose(Object.values(outputs));
  }
  return results;
}

async function framesOf(
  specification: LLoCaSpecification,
  runtimes: Runtimes,
  precision: Precision,
  device: Weights,
  host: HostEvents,
): Promise<EventFrames[]> {
  const runtime = runtimes[precision];
  const precisions = precisionsOf(specification, runtime, runtimes);
  const { frames, flags } = runtime.tf.tidy(() => {
    const result = forward(precisions, specification.net, device, deviceEvents(runtime, specification, host));
    return { frames: result.frames, flags: result.flags };
  });
  const matrices = await runtime.array(frames);
  const marks = await runtime.array(flags);
  runtime.tf.dispose([frames, flags]);
  const references = specification.net.preparation.references.length;
  let particle = 0;
  let row = 0;
  return host.sizes.map((size) => {
    const seen = size + references;
    const own = {
      frames: real([size, 4, 4], matrices.data.slice(particle * 16, (particle + size) * 16)),
      flags: real([seen, 4], marks.data.slice(row * 4, (row + seen) * 4)),
    };
    particle += size;
    row += seen;
    return own;
  });
}

/** Geometry in double precision is computed on the host in between, and WebGPU gives no tensor to the host at once. */
function checkBackend({ backend }: Runtime): void {
  if (backend.name !== 'webgpu') return;
  throw new Fault({
    code: 'model/backend',
    message: 'LLoCa cannot run on webgpu: its frames are computed on the host while the network runs',
    expected: 'wasm, cpu, tfjs-node or tfjs-node-gpu',
    found: backend.name,
    advice: 'Run it with `--backend wasm`.',
  });
}
