/**
 * Steps chosen by the estimated error. Which steps to take is settled first and then they are taken again for the tape:
 * gradients go through the steps and not through their choice.
 */
import { Fault } from '../../../fault.ts';
import type { Runtime, Tensor } from '../../../tensor/runtime.ts';
import type { Method } from './methods.ts';
import { combination, type Field, takeStep } from './step.ts';

export interface Tolerance {
  readonly relative: number;
  readonly absolute: number;
  /** Length of the first step; without it a rule finds one. */
  readonly firstStep?: number;
}

export interface Plan {
  readonly mesh: readonly number[];
  readonly rejected: number;
}

/** A step may grow by 10 and shrink to 0.2; 0.9 is for safety. */
const [growth, shrinkage, safety] = [10, 0.2, 0.9];

/** More steps than this for one solution are a sign of a field that explodes. */
const mostSteps = 100_000;

/**
 * Integral step control (Hairer, Norsett & Wanner 1993, II.4) with the RMS of error / (absolute + relative max(|y0|, |y1|)) over all
 * entries: a mean that no relabelling changes, up to rounding. Decisions feel rounding, so that two relabelled copies may take
 * different steps; their difference is of the size of the tolerance.
 * @param ends times at which a step has to end (knots with kinks); the last one is the end
 * @throws Fault `model/backend` on webgpu, which gives no number to the host at once; `model/diverged`
 */
export function planSteps(
  runtime: Runtime,
  method: Method,
  field: Field,
  from: number,
  ends: readonly number[],
  start: Tensor,
  tolerance: Tolerance,
): Plan {
  checkBackend(runtime);
  if (!method.error) throw new Error(`${method.name} has no error estimate`);
  const { tf } = runtime;
  const mesh = [from];
  let rejected = 0;
  const margin = runtime.precision === 'float64' ? 1e-10 : 1e-6;
  let state = tf.clone(start);
  let first: Tensor | undefined;
  let h = tolerance.firstStep ?? firstStep(runtime, method, field, from, ends[0]!, state, tolerance);
  for (const [index, end] of ends.entries()) {
    let keeps = true;
    for (let t = mesh.at(-1)!; t < end; ) {
      const reaches = t + h > end - margin;
      // A step that was refused is not tried again in full because the end is near.
      const to = reaches ? (keeps ? end : t + 0.5 * (end - t)) : t + h;
      if (!reaches && h < 0.1 * margin * Math.max(1, Math.abs(t))) throw diverged(t);
      const trial = attempt(runtime, method, field, { from: t, to }, state, first, tolerance);
      keeps = trial.error < 1;
      const factor = Math.min(
        keeps ? growth : safety,
        Math.max(keeps ? 1 : shrinkage, safety * trial.error ** (-1 / method.order)),
      );
      // A step cut short by a knot says little about how long the next one may be.
      const cut = reaches && keeps && index + 1 < ends.length;
      const next = (to - t) * (Number.isFinite(factor) ? factor : shrinkage);
      h = cut ? Math.max(h, next) : next;
      if (keeps) {
        tf.dispose([state, ...(first ? [first] : [])]);
        state = trial.end;
        first = trial.last;
        t = to;
        mesh.push(t);
        if (reaches && index + 1 < ends.length && first) {
          first.dispose();
          first = undefined;
        }
      } else {
        tf.dispose([trial.end, ...(trial.last ? [trial.last] : [])]);
        rejected++;
      }
      if (mesh.length + rejected > mostSteps) throw diverged(t);
    }
  }
  tf.dispose([state, ...(first ? [first] : [])]);
  return { mesh, rejected };
}

interface Trial {
  readonly end: Tensor;
  readonly last: Tensor | undefined;
  readonly error: number;
}

function attempt(
  runtime: Runtime,
  method: Method,
  field: Field,
  span: { from: number; to: number },
  start: Tensor,
  first: Tensor | undefined,
  tolerance: Tolerance,
): Trial {
  const { tf } = runtime;
  const kept: { end?: Tensor; last?: Tensor } = {};
  const error = tf.tidy(() => {
    const { end, stages } = takeStep(runtime, method, field, span, start, first);
    const h = span.to - span.from;
    const zero = tf.zerosLike(start);
    const local = combination(
      runtime,
      zero,
      stages,
      method.error!.map((weight) => h * weight),
    );
    kept.end = tf.keep(tf.clone(end));
    if (method.reusesLast) kept.last = tf.keep(tf.clone(stages.at(-1)!));
    return rms(runtime, local, tf.maximum(tf.abs(start), tf.abs(end)), tolerance);
  });
  return { end: kept.end!, last: kept.last, error };
}

/** sqrt(mean((x / (absolute + relative size))^2)). */
function rms({ tf }: Runtime, x: Tensor, size: Tensor, { absolute, relative }: Tolerance): number {
  const scale = tf.add(tf.mul(size, relative), absolute);
  return tf.sqrt(tf.mean(tf.square(tf.div(x, scale)))).dataSync()[0]!;
}

/** The rule of Hairer, Norsett & Wanner 1993, II.4, from the size of the state, its slope and the slope's change. */
function firstStep(
  runtime: Runtime,
  method: Method,
  field: Field,
  t: number,
  end: number,
  y: Tensor,
  tolerance: Tolerance,
): number {
  const { tf } = runtime;
  return tf.tidy(() => {
    const size = tf.abs(y);
    const span = { from: t, to: end };
    const slope = field(t, y, span);
    const states = rms(runtime, y, size, tolerance);
    const slopes = rms(runtime, slope, size, tolerance);
    const guess = states < 1e-5 || slopes < 1e-5 ? 1e-6 : (0.01 * states) / slopes;
    const later = field(t + guess, combination(runtime, y, [slope], [guess]), span);
    const change = rms(runtime, tf.sub(later, slope), size, tolerance) / guess;
    const most = Math.max(slopes, change);
    const better = most <= 1e-15 ? Math.max(1e-6, guess * 1e-3) : (0.01 / most) ** (1 / method.order);
    return Math.min(100 * guess, better);
  });
}

function checkBackend({ backend }: Runtime): void {
  if (backend.name !== 'webgpu') return;
  throw new Fault({
    code: 'model/backend',
    message:
      'adaptive steps cannot run on webgpu: each step is chosen on the host from the error of the last one',
    expected: 'wasm, cpu, tfjs-node or tfjs-node-gpu',
    found: backend.name,
    advice: 'Run it with `--backend wasm`, or take `stepping: interval`.',
  });
}

function diverged(t: number): Fault {
  return new Fault({
    code: 'model/diverged',
    message: `the solution cannot be continued beyond the time ${t.toPrecision(4)}: no step is small enough for the tolerance`,
    expected: 'a state that stays finite',
    advice:
      'Normalise the graph with `operator: norm_lap`, loosen `relative_tolerance`, or check the weights.',
  });
}
