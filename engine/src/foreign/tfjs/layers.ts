/** What the layers or nodes of a TensorFlow.js model compute, for finding the one that breaks a symmetry. */
import type { Layer } from '../../model/model.ts';
import { trailingShape } from '../../signature.ts';
import { type NdArray, real, type Values } from '../../tensor/array.ts';
import type { MatchedPort } from '../onnx/match.ts';
import { feed, type NetworkRun } from './run.ts';

/** Values that are looked at, evenly over larger networks. */
const mostValues = 64;

/** One sample at a time, so that no axis is a batch of samples; values that are no floats are left out. */
export async function tfjsLayers(run: NetworkRun, batch: readonly Values[]): Promise<Layer[]> {
  const { network, runtime, matching } = run;
  const inner = network.inner?.();
  if (!inner) return [];
  const found = new Map<string, NdArray[]>(inner.names.map((name) => [name, []]));
  for (const values of batch) {
    const copies = typeof matching.batch === 'number' ? matching.batch : 1;
    const feeds = Object.fromEntries(
      matching.inputs.map((input) => [
        input.port.name,
        feed(runtime, input, new Array<Values>(copies).fill(values)),
      ]),
    );
    const results = await inner.run(feeds);
    for (const [i, name] of inner.names.entries()) {
      const tensor = results[i]!;
      if (tensor.dtype !== 'float32') continue;
      const { shape, data } = await runtime.array(tensor);
      found.get(name)!.push(real(shape, data as Float64Array));
    }
    for (const tensor of [...Object.values(feeds), ...new Set(results)]) tensor.dispose();
  }
  const complete = inner.names.filter((name) => found.get(name)!.length === batch.length);
  const step = Math.max(1, complete.length / mostValues);
  const shown = complete.filter((_, i) => Math.floor(i / step) !== Math.floor((i - 1) / step));
  return shown.map((name): Layer => {
    const values = found.get(name)!;
    const output = matching.outputs.find(({ port }) => port.name === inner.output(name));
    return {
      name,
      from: inner.from(name).filter((each) => shown.includes(each)),
      ...((output && typed(output, values)) ?? { values }),
    };
  });
}

/** A declared output with its type; `undefined` where its shape differs by trailing axes of 1. */
function typed(
  { field: { type }, batched }: MatchedPort,
  values: readonly NdArray[],
): Pick<Layer, 'type' | 'values'> | undefined {
  const rank = type.axes.length + trailingShape(type.representation).length;
  if (values[0]!.shape.length !== rank + (batched ? 1 : 0)) return undefined;
  return { type, values: values.map(({ shape, data }) => ({ shape: shape.slice(batched ? 1 : 0), data })) };
}
