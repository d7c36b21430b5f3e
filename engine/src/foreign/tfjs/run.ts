/** Running samples through a TensorFlow.js model. */
import { Fault } from '../../fault.ts';
import { typeText } from '../../signature.ts';
import type { NdArray, Values } from '../../tensor/array.ts';
import { backendFault } from '../../tensor/index.ts';
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import { sampleOf, stacked } from '../fitting.ts';
import { groupsOf } from '../onnx/batching.ts';
import type { MatchedPort, Matching } from '../onnx/match.ts';
import { shapeWith } from '../onnx/port-types.ts';
import { sizesOf } from '../onnx/sizes.ts';
import type { TfjsPort } from './inspect.ts';
import { type Network, rejected } from './network.ts';

export interface NetworkRun {
  readonly network: Network;
  readonly runtime: Runtime;
  readonly matching: Matching;
  readonly ports: { readonly outputs: readonly TfjsPort[] };
  /** For faults. */
  readonly file: string;
}

/** How wide features are taken to be when samples are put together: the model's own widths are not looked up. */
const usualWidth = 64;

/** Result i belongs to batch[i]. @throws Fault `model/tfjs-…`, and `model/onnx-…` for sizes, which the caller renames. */
export async function runNetwork(run: NetworkRun, batch: readonly Values[]): Promise<Values[]> {
  const { matching, file, runtime } = run;
  const sizes = batch.map((sample) => sizesOf(sample, matching.inputs, file));
  const results = new Array<Values>(batch.length);
  for (const places of groupsOf(batch, matching, runtime.precision, usualWidth, true)) {
    const outputs = await runTogether(
      run,
      places.map((place) => batch[place]!),
      sizes[places[0]!]!,
    );
    for (const [i, place] of places.entries()) results[place] = outputs[i]!;
  }
  return results;
}

async function runTogether(
  { network, runtime, matching, ports, file }: NetworkRun,
  samples: readonly Values[],
  sizes: Readonly<Record<string, number>>,
): Promise<Values[]> {
  const { batch } = matching;
  // A model with a fixed batch of n takes n samples: the last one fills up.
  const filled = typeof batch === 'number' ? Math.max(batch, samples.length) : samples.length;
  const fed = Array.from({ length: filled }, (_, i) => samples[Math.min(i, samples.length - 1)]!);
  const wanted = matching.outputs.map(({ port }) => ports.outputs.find(({ name }) => name === port.name)!);
  const feeds: Record<string, Tensor> = {};
  let returned: Tensor[] = [];
  try {
    for (const input of matching.inputs) feeds[input.port.name] = feed(runtime, input, fed);
    returned = await network.run(feeds, wanted);
    const arrays = await Promise.all(returned.map((tensor) => runtime.array(tensor)));
    return samples.map((_, place) =>
      Object.fromEntries(
        matching.outputs.map((output, i) => [
          output.field.name,
          outputOf(arrays[i]!, output, sizes, fed.length, place, file),
        ]),
      ),
    );
  } catch (error) {
    throw error instanceof Fault
      ? error
      : (backendFault(error, runtime.backend.name) ?? runFault(error, feeds, file));
  } finally {
    for (const tensor of [...Object.values(feeds), ...returned]) tensor.dispose();
  }
}

/** The tensor of one input for several samples. */
export function feed(
  runtime: Runtime,
  { field, port, batched }: MatchedPort,
  fed: readonly Values[],
): Tensor {
  const arrays = fed.map((sample) => sample[field.name]!);
  const array = batched ? stacked(arrays) : arrays[0]!;
  const extra = (port.dims?.length ?? array.shape.length) - array.shape.length;
  const shape = [...array.shape, ...new Array<number>(Math.max(0, extra)).fill(1)];
  const { tf } = runtime;
  return tf.tidy(() =>
    tf.cast(runtime.tensor({ ...array, shape }), port.dtype as 'float32' | 'int32' | 'bool'),
  );
}

function outputOf(
  array: NdArray,
  { field, port }: MatchedPort,
  sizes: Readonly<Record<string, number>>,
  count: number,
  place: number,
  file: string,
): NdArray {
  const declared = shapeWith(field.type, sizes);
  const own = sampleOf(array, declared, count, place);
  if (own) return own;
  const text = `[${declared.map((size) => size ?? '?').join(', ')}]`;
  throw new Fault({
    code: 'model/tfjs-output-shape',
    message: `output \`${field.name}\` is declared ${typeText(field.type)}, here ${text}; the model returned [${array.shape.join(', ')}] for ${count} sample${count === 1 ? '' : 's'}`,
    expected: `${text}, or with a batch axis of ${count} in front`,
    found: `[${array.shape.join(', ')}]`,
    place: { file, member: port.name },
    advice: 'Declare the output with the index sets and the representation that the network returns.',
  });
}

function runFault(error: unknown, feeds: Readonly<Record<string, Tensor>>, file: string): Fault {
  const unsupported = rejected(error, file);
  if (unsupported.finding.code === 'model/tfjs-unsupported-operator') return unsupported;
  const inputs = Object.entries(feeds).map(
    ([name, { dtype, shape }]) => `${name}: ${dtype}[${shape.join(', ')}]`,
  );
  return new Fault({
    code: 'model/tfjs-run',
    message: `TensorFlow.js could not run the model: ${unsupported.finding.found}`,
    expected: 'a model that takes inputs of the declared shapes',
    found: inputs.join(', '),
    place: { file },
    advice:
      'The model may only take the sizes that it was made for: convert it with open sizes, or use such data.',
  });
}
