/** A built-in model as an ONNX file: recorded, generalised over sizes where that can be done, written, and run against the original. */

import type { Dataset } from '../data/dataset.ts';
import { Fault } from '../fault.ts';
import { bindInputs } from '../model/binding.ts';
import type { Model } from '../model/model.ts';
import { type FamilyRequest, openFamily } from '../model/open.ts';
import type { IndexSizes } from '../signature.ts';
import type { Values } from '../tensor/array.ts';
import { randomFromSeed } from '../tensor/random-stream.ts';
import type { Precision, Runtime } from '../tensor/runtime.ts';
import { type General, generalise, type Obstacle } from './generalise.ts';
import { isWritable } from './operators.ts';
import { monomials } from './polynomial.ts';
import { type Probe, probeFrom } from './probes.ts';
import { createRecorder, type Recorder, type Ref, type Trace } from './record.ts';
import { onnxBytes } from './write-graph.ts';

export interface Exported {
  readonly bytes: Uint8Array;
  /** Index sets that the file takes in any size, and the sizes of the others. */
  readonly open: readonly string[];
  readonly sizes: IndexSizes;
  /** Why some sizes are fixed, as a phrase. */
  readonly fixed?: string;
  /** Operations of the tensor library that were written. */
  readonly operations: number;
  /** Other inputs of the data's sizes, for checking the file on what it was not made from. */
  readonly variations: readonly { readonly values: Values; readonly sizes: IndexSizes }[];
}

/** Index sets with fewer entries than this are not cut to see how the network follows their size. */
const leastSize = 6;
/** Sizes that are recorded; larger ones would only take longer. */
const mostSize = 12;

/**
 * @param request as `openFamily` takes it, its example and seed included
 * @param dataset what the model takes; its first sample gives the sizes of what cannot be left open
 * @throws Fault `export/…` for a network that is no fixed graph of operations; what `openFamily` throws
 */
export async function exportOnnx(
  request: FamilyRequest,
  dataset: Dataset,
  runtimes: Readonly<Record<Precision, Runtime>>,
): Promise<Exported> {
  const recorder = createRecorder(runtimes.float64);
  const model = await openFamily(request, { ...runtimes, float64: recorder.runtime });
  try {
    const samples = inputsOf(model, dataset);
    const sizes = dataset.samples[0]!.sizes;
    const own = new Set(
      model.signature.inputs.flatMap(({ type }) =>
        type.axes.flatMap((axis) => ('index' in axis ? [axis.index] : [])),
      ),
    );
    const wide = [...own].filter((name) => sizes[name]! >= leastSize);
    const attempt = (open: readonly string[]) =>
      recordAll(recorder, model, probesFor(model, samples, sizes, open), open);
    const { open, found, obstacle } = await mostOpen(wide, attempt);
    if ('kind' in found) throw obstacleFault(found, model.title);
    const unwritable = found.steps.find(({ step }) => !isWritable(step.kernel));
    if (unwritable) throw unsupported(unwritable.step.kernel, model.title);
    const bytes = onnxBytes({
      title: model.title,
      signature: model.signature,
      general: found,
      open,
      sizes,
      weights: (await model.trainable?.())?.weights ?? {},
    });
    const rest = Object.fromEntries(
      Object.entries(sizes).filter(([name]) => own.has(name) && !open.includes(name)),
    );
    return {
      bytes,
      open,
      sizes: rest,
      ...(obstacle ? { fixed: reasonOf(obstacle) } : {}),
      operations: found.steps.length,
      variations: Array.from({ length: 3 }, (_, i) =>
        probeFrom(samples[0]!, model.signature.inputs, sizes, randomFromSeed(0).stream('variation', i)),
      ),
    };
  } finally {
    model.dispose();
  }
}

/**
 * Leaves as many index sets open as the network allows: all, else those together that can be open alone, else the first of
 * them, else none.
 */
async function mostOpen(
  names: readonly string[],
  attempt: (open: readonly string[]) => Promise<General | Obstacle>,
): Promise<{ open: readonly string[]; found: General | Obstacle; obstacle?: Obstacle }> {
  const all = await attempt(names);
  if (!('kind' in all) || names.length === 0) return { open: names, found: all };
  const alone: { name: string; found: General }[] = [];
  if (names.length > 1) {
    for (const name of names) {
      const found = await attempt([name]);
      if (!('kind' in found)) alone.push({ name, found });
    }
  }
  if (alone.length > 1 && alone.length < names.length) {
    const open = alone.map(({ name }) => name);
    const found = await attempt(open);
    if (!('kind' in found)) return { open, found, obstacle: all };
  }
  const [first] = alone;
  if (first) return { open: [first.name], found: first.found, obstacle: all };
  return { open: [], found: await attempt([]), obstacle: all };
}

/** The inputs of every sample, by the names of the signature. */
function inputsOf({ signature }: Model, { samples, fields }: Dataset): Values[] {
  const bindings = bindInputs(signature, fields);
  return samples.map(({ values }) =>
    Object.fromEntries(bindings.map(({ input, field }) => [input.name, values[field.name]!])),
  );
}

function probesFor(
  model: Model,
  samples: readonly Values[],
  sizes: IndexSizes,
  open: readonly string[],
): Probe[] {
  const count = open.length === 0 ? 3 : 2 * monomials(open).length + 2;
  return Array.from({ length: count }, (_, t) => {
    const random = randomFromSeed(0).stream('export', t);
    const own = Object.fromEntries(
      Object.entries(sizes).map(([name, size]) => {
        if (!open.includes(name)) return [name, size];
        const most = Math.min(size, mostSize);
        return [name, most - random.integer(most - 2)];
      }),
    );
    const values =
      samples.find((sample, i) => i >= t % samples.length && fits(model, sample, own)) ?? samples[0]!;
    return probeFrom(values, model.signature.inputs, own, random);
  });
}

/** Whether a window of these sizes can be cut from the sample. */
function fits({ signature }: Model, values: Values, sizes: IndexSizes): boolean {
  return signature.inputs.every(({ name, type }) =>
    type.axes.every((axis, place) => !('index' in axis) || values[name]!.shape[place]! >= sizes[axis.index]!),
  );
}

async function recordAll(
  recorder: Recorder,
  model: Model,
  probes: readonly Probe[],
  open: readonly string[],
): Promise<General | Obstacle> {
  // The first pass uploads and calibrates weights.
  await model.evaluate([probes[0]!.values], 'float64');
  const traces: Trace[] = [];
  const outputs: Record<string, Ref>[] = [];
  for (const { values } of probes) {
    let result: Values = {};
    const trace = await recorder.record(async () => {
      [result] = (await model.evaluate([values], 'float64')) as [Values];
    });
    const refs = outputsIn(trace, result);
    if (typeof refs === 'string') return { kind: 'output', name: refs };
    traces.push(trace);
    outputs.push(refs);
  }
  return generalise(traces, outputs, probes, model.signature.inputs, open);
}

/** Which downloads the results are, or the name of one that is none of them. */
function outputsIn({ downloads }: Trace, result: Values): Record<string, Ref> | string {
  const refs: Record<string, Ref> = {};
  for (const [name, { data }] of Object.entries(result)) {
    const found = downloads.find(
      ({ array }) =>
        array.data.length === data.length && array.data.every((value, i) => Object.is(value, data[i])),
    );
    if (!found) return name;
    refs[name] = found.ref;
  }
  return refs;
}

function reasonOf(obstacle: Obstacle): string {
  switch (obstacle.kind) {
    case 'structure':
      return 'the operations of the network depend on the sizes';
    case 'host':
      return `the host makes an array [${obstacle.shape.join(', ')}] for ${obstacle.feeds} that depends on the sizes`;
    case 'size':
      return `a size inside ${obstacle.kernel} does not follow from the inputs' sizes`;
    case 'output':
      return `the output \`${obstacle.name}\` is put together on the host`;
  }
}

function obstacleFault(obstacle: Obstacle, title: string): Fault {
  const found = {
    structure: 'other numbers make another sequence of operations',
    host:
      obstacle.kind === 'host'
        ? `an array ${obstacle.dtype}[${obstacle.shape.join(', ')}], which feeds ${obstacle.feeds}`
        : '',
    size: obstacle.kind === 'size' ? `a size inside ${obstacle.kernel}` : '',
    output: obstacle.kind === 'output' ? `the output \`${obstacle.name}\`` : '',
  }[obstacle.kind];
  return new Fault({
    code: 'export/host-computed',
    message: `${title} cannot be written as a graph: part of it is computed outside of the tensor library, from the inputs' values`,
    expected: 'a network that is the same operations for all inputs',
    found,
    advice:
      'Graphs of neighbours, pooling and step sizes that follow the inputs are made on the host. Choose options without them (a full graph, one scale, fixed steps), or export the weights with --safetensors.',
  });
}

function unsupported(kernel: string, title: string): Fault {
  return new Fault({
    code: 'export/unsupported-operation',
    message: `${title} uses ${kernel}, which has no counterpart in ONNX that Noether writes`,
    expected: 'operations of ONNX 17',
    found: kernel,
    advice: 'Export the weights with --safetensors, and say which options you use in an issue.',
  });
}
