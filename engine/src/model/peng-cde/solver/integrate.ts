/** Integration over given steps: differentiable by the tape, which is discretise-then-optimise. */
import type { Runtime, Tensor } from '../../../tensor/runtime.ts';
import type { Method } from './methods.ts';
import { type Field, type Step, stateAt, takeStep } from './step.ts';

export interface Course {
  /** The state at each time asked for. */
  readonly saved: readonly Tensor[];
  /** The state at each point of the mesh. */
  readonly states: readonly Tensor[];
}

/**
 * States at times between the mesh come from the method's continuous extension; steps are not shortened to hit them.
 * @param mesh rising times, the first is where `start` holds
 * @param times rising, within the mesh
 * @param kinks where the right-hand side may jump: no stage is reused across them. Meaningful when steps end there
 */
export function integrate(
  runtime: Runtime,
  method: Method,
  field: Field,
  mesh: readonly number[],
  start: Tensor,
  times: readonly number[],
  kinks: ReadonlySet<number> = new Set(),
): Course {
  const saved: Tensor[] = [];
  const states: Tensor[] = [start];
  while (saved.length < times.length && times[saved.length]! <= mesh[0]!) saved.push(start);
  let before: Step | undefined;
  for (let i = 0; i + 1 < mesh.length; i++) {
    const span = { from: mesh[i]!, to: mesh[i + 1]! };
    const first = method.reusesLast && !kinks.has(span.from) ? before?.stages.at(-1) : undefined;
    const step = takeStep(runtime, method, field, span, states.at(-1)!, first);
    states.push(step.end);
    while (saved.length < times.length && times[saved.length]! <= span.to) {
      saved.push(stateAt(runtime, method, step, times[saved.length]!));
    }
    before = step;
  }
  return { saved, states };
}
