/** The solution of a field along its control, with gradients through the steps or by the adjoint equation. */
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import type { DeviceWeights } from '../device-weights.ts';
import type { FieldConfig, SolverConfig } from './config.ts';
import type { Control } from './control.ts';
import { graphField } from './field.ts';
import { slicesOf } from './slices.ts';
import { planSteps } from './solver/adaptive.ts';
import { adjoint } from './solver/adjoint.ts';
import { type Course, integrate } from './solver/integrate.ts';
import { constantMesh, intervalMesh } from './solver/mesh.ts';
import { methods } from './solver/methods.ts';
import { nested } from './solver/nested.ts';
import type { Field } from './solver/step.ts';

export interface Solution extends Course {
  readonly mesh: readonly number[];
  /** Steps that adaptive control tried and refused. */
  readonly rejected: number;
}

/**
 * @param start the state at the first knot, [B, n, h]
 * @param times where the state is wanted, rising, none before the first knot; after the last one the path rests
 */
export function solve(
  runtime: Runtime,
  config: { readonly field: FieldConfig; readonly solver: SolverConfig },
  weights: DeviceWeights,
  prefix: string,
  control: Control,
  start: Tensor,
  times: readonly number[],
): Solution {
  const { field, solver } = config;
  const method = methods[solver.method];
  const right = graphField(runtime, field, weights, prefix, control);
  const { mesh, rejected } = steps(runtime, solver, right, control, start, times);
  // The state is smooth across knots only where the path is, and where time goes on as fast as before.
  const jumps = control.own ? [...control.times, ...times] : control.times;
  const kinks = new Set(field.interpolation === 'hermite' && !control.own ? [] : jumps);
  if (solver.gradient === 'discrete') {
    return { ...integrate(runtime, method, right, mesh, start, times, kinks), mesh, rejected };
  }
  const names = Object.keys(weights).filter((name) => name.startsWith(prefix));
  const fieldOf = (list: readonly Tensor[]): Field => {
    const own = { ...weights, ...Object.fromEntries(names.map((name, i) => [name, list[i]!])) };
    return graphField(runtime, field, own, prefix, control);
  };
  const saved = withAdjoint(
    runtime,
    (list, first) => integrate(runtime, method, fieldOf(list), mesh, first, times, kinks),
    (list, states, cotangents) => adjoint(runtime, method, fieldOf, list, mesh, states, times, cotangents),
    start,
    names.map((name) => weights[name]!),
  );
  return { saved, states: [], mesh, rejected };
}

function steps(
  runtime: Runtime,
  { method, stepping, gradient }: SolverConfig,
  field: Field,
  { times: knots }: Control,
  start: Tensor,
  times: readonly number[],
): { mesh: readonly number[]; rejected: number } {
  const [from, to] = [knots[0]!, times.at(-1)!];
  const stops = [...knots, ...times].filter((t) => t >= from && t <= to);
  const ends = [...new Set(stops)].sort((a, b) => a - b);
  switch (stepping.kind) {
    case 'mesh':
      return { mesh: stepping.mesh, rejected: 0 };
    case 'interval':
      return { mesh: intervalMesh(ends, stepping.steps), rejected: 0 };
    case 'constant': {
      const mesh = constantMesh(from, to, stepping.step);
      // Cotangents of the adjoint enter at the ends of steps.
      const all = gradient === 'adjoint' ? [...new Set([...mesh, ...times])].sort((a, b) => a - b) : mesh;
      return { mesh: all, rejected: 0 };
    }
    case 'adaptive': {
      const stopping = stepping.aligned || gradient === 'adjoint' ? ends.slice(1) : [to];
      if (to <= from) return { mesh: [from], rejected: 0 };
      return planSteps(runtime, methods[method], field, from, stopping, start, stepping.tolerance);
    }
  }
}

/** States at the times asked for, whose gradient is the adjoint's. */
function withAdjoint(
  runtime: Runtime,
  forward: (weights: readonly Tensor[], start: Tensor) => Course,
  backward: (
    weights: readonly Tensor[],
    states: readonly Tensor[],
    cotangents: readonly Tensor[],
  ) => { readonly start: Tensor; readonly weights: readonly Tensor[] },
  start: Tensor,
  weights: readonly Tensor[],
): Tensor[] {
  const { tf } = runtime;
  const run = tf.customGrad((...all) => {
    const save = all.pop() as (tensors: Tensor[]) => void;
    const [first, ...list] = all as Tensor[];
    const { saved, states } = forward(list, first!);
    const count = states.length;
    save([...states, ...list]);
    return {
      value: tf.stack([...saved]),
      gradFunc: (dy: Tensor, kept: Tensor[]) => {
        const gradients = nested(runtime, () =>
          backward(kept.slice(count), kept.slice(0, count), slicesOf(runtime, dy)),
        );
        return [gradients.start, ...gradients.weights];
      },
    };
  });
  return slicesOf(runtime, run(start, ...weights));
}
