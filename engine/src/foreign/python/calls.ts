/** Samples into the Python process and results out of it. */

import type { Layer } from '../../model/model.ts';
import { isReal, type NdArray, type Values } from '../../tensor/array.ts';
import type { Precision } from '../../tensor/runtime.ts';
import { alike } from '../alike.ts';
import { stacked } from '../fitting.ts';
import type { PythonSpec } from './open.ts';
import type { PythonProcess } from './process.ts';
import { indexSizes, outputOf } from './shapes.ts';
import { groupsOfShapes } from './together.ts';

export interface PythonCalls {
  /** Result i belongs to batch[i]. @throws Fault `model/python-…` */
  evaluate(batch: readonly Values[], precision: Precision): Promise<Values[]>;
  /** What modules inside the model return; PyTorch only. */
  layers(batch: readonly Values[]): Promise<Layer[]>;
  /** Gradients as `Model.gradient` has them. @throws Fault `model/python-gradient`, `model/python-no-gradient` */
  gradient(batch: readonly Values[], cotangents: readonly Values[], precision: Precision): Promise<Values[]>;
}

/** Samples in one request without a batch axis: the model is called for each, and the pipe is used once. */
const perRequest = 64;
/** Relative difference that rounding does not make. */
const moreThanRounding = 1e-4;
/** Bytes of inputs in one request, about. */
const requestBytes = 2 ** 26;

export function pythonCalls(process: PythonProcess, spec: PythonSpec): PythonCalls {
  const { inputs, outputs, target } = spec;
  /** Whether samples that go in together leave each other alone: found out on the first call with several. */
  let together: 'unknown' | 'yes' | 'no' = 'unknown';

  /** The arrays that come back for each of the calls, in the order of the outputs. */
  async function ask(calls: readonly (readonly NdArray[])[], precision: Precision): Promise<NdArray[][]> {
    const results: NdArray[][] = [];
    for (const part of inRequests(calls)) {
      const arrays = part.flatMap((call) => call.map((array, i) => ({ ...array, name: inputs[i]!.name })));
      const reply = await process.ask({ type: 'evaluate', precision, samples: part.length }, arrays);
      for (const i of part.keys()) {
        results.push(reply.arrays.slice(i * outputs.length, (i + 1) * outputs.length));
      }
    }
    return results;
  }

  const inputsOf = (sample: Values) => inputs.map(({ name }) => sample[name]!);

  async function oneByOne(batch: readonly Values[], precision: Precision): Promise<Values[]> {
    const returned = await ask(batch.map(inputsOf), precision);
    return batch.map((sample, i) => result(returned[i]!, sample, 1, 0));
  }

  function result(arrays: readonly NdArray[], sample: Values, count: number, place: number): Values {
    const sizes = indexSizes(sample, inputs);
    const named = outputs.map((output, i) => [
      output.name,
      outputOf(arrays[i]!, output, sizes, { target, count, place }),
    ]);
    return Object.fromEntries(named);
  }

  async function batched(batch: readonly Values[], precision: Precision): Promise<Values[]> {
    const results = new Array<Values>(batch.length);
    const names = inputs.map(({ name }) => name);
    for (const places of groupsOfShapes(batch, names, together !== 'no')) {
      const call = inputs.map(({ name }) => stacked(places.map((place) => batch[place]![name]!)));
      const [returned] = await ask([call], precision);
      for (const [i, place] of places.entries()) {
        results[place] = result(returned!, batch[place]!, places.length, i);
      }
      if (together === 'unknown' && places.length > 1) {
        const first = places[0]!;
        const [alone] = await ask([inputsOf(batch[first]!).map((array) => stacked([array]))], precision);
        const agrees = alike(result(alone!, batch[first]!, 1, 0), results[first]!, moreThanRounding);
        together = agrees ? 'yes' : 'no';
        if (!agrees) return batched(batch, precision);
      }
    }
    return results;
  }

  return {
    evaluate: spec.batch ? batched : oneByOne,
    async layers(batch) {
      const calls = batch.map((sample) =>
        spec.batch ? inputsOf(sample).map((array) => stacked([array])) : inputsOf(sample),
      );
      const arrays = calls.flatMap((call) => call.map((array, i) => ({ ...array, name: inputs[i]!.name })));
      const { header, arrays: returned } = await process.ask(
        { type: 'layers', samples: calls.length },
        arrays,
      );
      const names = header.names as string[];
      return names.map((name, at) => ({
        name,
        values: batch.map((_, i) => withoutBatch(returned[i * names.length + at]!, spec.batch ?? false)),
      }));
    },
    async gradient(batch, cotangents, precision) {
      const names = [...inputs, ...outputs].map(({ name }) => name);
      // One by one also behind a batch axis: what one sample gets from another is no gradient of its own.
      const calls = batch.map((sample, i) => {
        const own = [...inputsOf(sample), ...outputs.map(({ name }) => cotangents[i]![name]!)];
        return spec.batch ? own.map((array) => stacked([array])) : own;
      });
      const gradients: Values[] = [];
      for (const part of inRequests(calls)) {
        const arrays = part.flatMap((call) => call.map((array, i) => ({ ...array, name: names[i]! })));
        const reply = await process.ask({ type: 'gradient', precision, samples: part.length }, arrays);
        let at = 0;
        for (const sample of batch.slice(gradients.length, gradients.length + part.length)) {
          const floating = inputs.filter(({ name }) => isReal(sample[name]!));
          const named = floating.map(({ name }) => {
            const { data } = reply.arrays[at++]!;
            return [name, { shape: sample[name]!.shape, data }] as const;
          });
          gradients.push(Object.fromEntries(named));
        }
      }
      return gradients;
    },
  };
}

function* inRequests(calls: readonly (readonly NdArray[])[]): Generator<(readonly NdArray[])[]> {
  let part: (readonly NdArray[])[] = [];
  let bytes = 0;
  for (const call of calls) {
    const own = call.reduce((sum, { data }) => sum + data.byteLength, 0);
    if (part.length > 0 && (part.length === perRequest || bytes + own > requestBytes)) {
      yield part;
      part = [];
      bytes = 0;
    }
    part.push(call);
    bytes += own;
  }
  if (part.length > 0) yield part;
}

function withoutBatch(array: NdArray, batch: boolean): NdArray {
  return batch && array.shape[0] === 1 ? { ...array, shape: array.shape.slice(1) } : array;
}
