/** What the runners of PENG-CDE share: the control of a case, settings, and the loss, which the cases store too. */
import type { FieldConfig, FieldKind } from '../../model/peng-cde/config.ts';
import type { Control } from '../../model/peng-cde/control.ts';
import { constantMesh } from '../../model/peng-cde/solver/mesh.ts';
import type { NdArray } from '../../tensor/array.ts';
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import type { ParityCase } from '../case.ts';
import { arrayOf, type Tensors } from '../runner.ts';

export const system = 'peng-cde';

/** A case's numbers, on the host. */
export function numbersOf({ inputs }: ParityCase, name: string): number[] {
  return [...arrayOf(inputs, name).data];
}

/** Slices along the first axis, each a batch of one. */
export function knotsOf({ tf }: Runtime, stack: Tensor): Tensor[] {
  return tf.unstack(stack).map((knot) => tf.expandDims(knot, 0));
}

export function controlOf(runtime: Runtime, parityCase: ParityCase, inputs: Tensors): Control {
  const events = inputs.A_events;
  return {
    times: numbersOf(parityCase, 'ts'),
    matrices: knotsOf(runtime, inputs.A!),
    ...(events
      ? { events: { times: numbersOf(parityCase, 'event_times'), matrices: knotsOf(runtime, events) } }
      : {}),
  };
}

const kinds: Readonly<Record<string, FieldKind>> = {
  perm_equiv: 'equivariant',
  perm_equiv_directed: 'equivariant',
  additive: 'additive',
  premult: 'premult',
  gnode: 'gnode',
  gnode_floor: 'gnode_floor',
  const: 'const',
};

export function fieldConfig(hyper: Readonly<Record<string, unknown>>): FieldConfig {
  const name = hyper.vector_field as string;
  return {
    kind: kinds[name]!,
    layers: hyper.num_layers as number,
    hidden: hyper.hidden_dim as number,
    outputs: (hyper.output_dim ?? hyper.hidden_dim) as number,
    basis: name === 'perm_equiv_directed' ? 'directed11' : 'undirected8',
    maps: 'official',
    biases: false,
    interpolation: hyper.interpolation === 'linear' ? 'linear' : 'hermite',
    warp: 'official',
  };
}

/** Adds the loss, where the case stores it. */
export function withLoss(
  runtime: Runtime,
  { outputs: stored, cotangents }: ParityCase,
  outputs: Tensors,
): Tensors {
  if (!stored.has('loss')) return outputs;
  const { tf } = runtime;
  const terms = [...cotangents].map(([name, cotangent]: [string, NdArray]) =>
    tf.sum(tf.mul(outputs[name]!, runtime.tensor(cotangent))),
  );
  return { ...outputs, loss: tf.addN(terms) };
}

/** The same value, also where it does not depend on an input: its gradient is 0 then and not missing. */
export function dependingOn({ tf }: Runtime, value: Tensor, inputs: Tensors): Tensor {
  const nothing = Object.values(inputs).map((input) => tf.mul(tf.sum(input), 0));
  return tf.add(value, tf.addN(nothing));
}

/** Constant steps as the official library takes them: the first is the one asked for, the others share the time evenly. */
export function officialMesh(times: readonly number[], step: number): number[] {
  const [from, to] = [times[0]!, times.at(-1)!];
  const mesh = constantMesh(from, to, step);
  return mesh.map((t, i) => (i === 1 && mesh.length > 2 ? from + step : t));
}
