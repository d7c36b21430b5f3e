/**
 * Gradients by the adjoint equation (optimise-then-discretise; Pontryagin 1962, Chen et al. 2018): the state is integrated back in time
 * together with its adjoint a, da/dt = -a df/dy, and the gradient of the weights, -a df/dw. What is kept is the state at the end of
 * each step, and none of the stages: each step back starts at the state that was there, because a field whose flow contracts
 * explodes when it is run back for long. The gradient is that of the exact solution up to the solver's error, not of the discrete one.
 */
import type { Runtime, Tensor } from '../../../tensor/runtime.ts';
import type { Method } from './methods.ts';
import type { Field, Span } from './step.ts';

export interface AdjointGradients {
  readonly start: Tensor;
  readonly weights: readonly Tensor[];
}

/**
 * @param fieldOf the right-hand side for given weights
 * @param mesh rising times; the steps back are the same ones
 * @param states the state at each point of the mesh
 * @param times of `cotangents`, each a point of the mesh
 * @param cotangents dL/dy at those times
 */
export function adjoint(
  runtime: Runtime,
  method: Method,
  fieldOf: (weights: readonly Tensor[]) => Field,
  weights: readonly Tensor[],
  mesh: readonly number[],
  states: readonly Tensor[],
  times: readonly number[],
  cotangents: readonly Tensor[],
): AdjointGradients {
  const { tf } = runtime;
  const injected = (t: number): Tensor[] => cotangents.filter((_, i) => times[i] === t);
  const add = (x: Tensor, others: readonly Tensor[]): Tensor =>
    others.reduce((sum, one) => tf.add(sum, one), x);
  // [adjoint, ...gradients]; kept over the steps by hand, so that memory stays that of one step.
  let system: Tensor[] = tf.tidy(() => [
    add(tf.zerosLike(states[0]!), injected(mesh.at(-1)!)),
    ...weights.map((weight) => tf.zerosLike(weight)),
  ]);
  for (let i = mesh.length - 1; i > 0; i--) {
    const before = system;
    const span = { from: mesh[i - 1]!, to: mesh[i]! };
    system = tf.tidy(() => {
      const all = [states[i]!, ...before];
      const [, moved, ...gradients] = stepBack(runtime, method, fieldOf, weights, span, all);
      return [add(moved!, injected(span.from)), ...gradients];
    });
    tf.dispose(before);
  }
  const [start, ...gradients] = system as [Tensor, ...Tensor[]];
  return { start, weights: gradients };
}

/** One step of the method from the end of the span to its beginning. */
function stepBack(
  runtime: Runtime,
  method: Method,
  fieldOf: (weights: readonly Tensor[]) => Field,
  weights: readonly Tensor[],
  span: Span,
  system: readonly Tensor[],
): Tensor[] {
  const { tf } = runtime;
  const h = span.from - span.to;
  const stages: Tensor[][] = [];
  const moved = (shares: readonly number[]): Tensor[] =>
    system.map((part, p) =>
      stages.reduce((sum, stage, s) => {
        const share = shares[s] ?? 0;
        return share === 0 ? sum : tf.add(sum, tf.mul(stage[p]!, h * share));
      }, part),
    );
  for (let i = 0; i < method.c.length; i++) {
    const [y, a] = moved(method.a[i]!) as [Tensor, Tensor];
    const t = method.c[i] === 1 ? span.from : span.to + method.c[i]! * h;
    stages.push(slopes(runtime, fieldOf, weights, span, t, y, a));
  }
  return moved(method.b);
}

/** [f, -a df/dy, -a df/dw...] */
function slopes(
  { tf }: Runtime,
  fieldOf: (weights: readonly Tensor[]) => Field,
  weights: readonly Tensor[],
  span: Span,
  t: number,
  y: Tensor,
  a: Tensor,
): Tensor[] {
  const { value, grads } = tf.valueAndGrads((...all: Tensor[]) =>
    // Times the adjoint here, so that the field's value is the only thing computed twice.
    tf.sum(tf.mul(fieldOf(all.slice(1))(t, all[0]!, span), a)),
  )([y, ...weights]);
  value.dispose();
  const slope = fieldOf(weights)(t, y, span);
  return [slope, ...grads.map((gradient) => tf.neg(gradient))];
}
