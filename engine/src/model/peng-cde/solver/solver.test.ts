import { describe, expect, it } from 'vitest';
import { real } from '../../../tensor/array.ts';
import { openRuntime } from '../../../tensor/index.ts';
import type { Tensor } from '../../../tensor/runtime.ts';
import { planSteps } from './adaptive.ts';
import { adjoint } from './adjoint.ts';
import { integrate } from './integrate.ts';
import { constantMesh, intervalMesh } from './mesh.ts';
import { type MethodName, methods } from './methods.ts';
import type { Field } from './step.ts';

const runtime = await openRuntime({ precision: 'float64' });
const { tf } = runtime;
const start = runtime.tensor(real([2], [1, 0]));

/** A pendulum that is pushed: smooth, nonlinear, depends on time. */
const pendulum: Field = (t, y) => {
  const [angle, speed] = tf.unstack(y) as [Tensor, Tensor];
  return tf.stack([speed, tf.sub(Math.cos(2 * t), tf.sin(angle))]);
};
const exact = integrate(runtime, methods.tsit5, pendulum, constantMesh(0, 2, 0.002), start, [0.73, 2]);
const distance = (a: Tensor, b: Tensor): number => tf.max(tf.abs(tf.sub(a, b))).dataSync()[0]!;

describe.each(Object.keys(methods) as MethodName[])('%s', (name) => {
  const method = methods[name];
  const errors = (step: number): [number, number] => {
    const { saved } = integrate(runtime, method, pendulum, constantMesh(0, 2, step), start, [0.73, 2]);
    return [distance(saved[0]!, exact.saved[0]!), distance(saved[1]!, exact.saved[1]!)];
  };

  it('has the order that it is said to have', () => {
    const [coarse, fine] = [errors(0.1)[1], errors(0.05)[1]];
    expect(Math.log2(coarse / fine)).toBeGreaterThan(method.order - 0.4);
  });

  it('fills in between steps with an order less at most', () => {
    // 0.73 lies at another share of the step each time: a wide margin.
    const [coarse, fine] = [errors(0.1)[0], errors(0.025)[0]];
    expect(Math.log2(coarse / fine) / 2).toBeGreaterThan(method.order - 1.4);
  });

  it('has consistent numbers', () => {
    const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
    expect(sum(method.b)).toBeCloseTo(1, 14);
    method.a.forEach((row, i) => {
      expect(sum(row)).toBeCloseTo(method.c[i]!, 13);
    });
    if (method.error) expect(sum(method.error)).toBeCloseTo(0, 14);
    method.between(1).forEach((weight, i) => {
      expect(weight).toBeCloseTo(method.b[i]!, 12);
    });
  });
});

describe('adaptive steps', () => {
  const plan = (relative: number, name: MethodName = 'dopri5', ends = [2]) =>
    planSteps(runtime, methods[name], pendulum, 0, ends, start, { relative, absolute: relative / 100 });

  it.each(['heun', 'dopri5', 'tsit5'] as const)('of %s follow the tolerance', (name) => {
    const at = (relative: number): number => {
      const { mesh } = plan(relative, name);
      return distance(
        integrate(runtime, methods[name], pendulum, mesh, start, [2]).saved[0]!,
        exact.saved[1]!,
      );
    };
    expect(at(1e-4)).toBeLessThan(2e-3);
    expect(at(1e-6)).toBeLessThan(2e-5);
    expect(at(1e-6)).toBeLessThan(at(1e-3));
  });

  it('end where they have to', () => {
    expect(plan(1e-4, 'tsit5', [0.5, 0.9, 2]).mesh).toEqual(expect.arrayContaining([0, 0.5, 0.9, 2]));
  });

  it('leave no tensors behind', () => {
    const before = tf.memory().numTensors;
    plan(1e-5);
    plan(1e-5, 'heun', [0.4, 2]);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('say so when the solution explodes', () => {
    const explosion: Field = (_t, y) => tf.square(y);
    expect(() =>
      planSteps(runtime, methods.tsit5, explosion, 0, [3], runtime.tensor(real([1], [1])), {
        relative: 1e-3,
        absolute: 1e-6,
      }),
    ).toThrow(/cannot be continued beyond the time 1\.000/);
  });
});

describe('meshes', () => {
  it('of equal steps divide the time, without a step of rounding size', () => {
    expect(constantMesh(0, 0.3, 0.1)).toHaveLength(4);
    expect(constantMesh(0, 0.35, 0.1)).toHaveLength(5);
    expect(constantMesh(1, 1, 0.1)).toEqual([1]);
  });
  it('of intervals end at the knots', () => {
    expect(intervalMesh([0, 1, 3], 2)).toEqual([0, 0.5, 1, 2, 3]);
  });
});

describe('the adjoint', () => {
  const weight = runtime.tensor(real([2, 2], [0.3, -1.1, 0.9, -0.2]));
  const fieldOf = ([w]: readonly Tensor[]): Field => {
    return (t, y) => tf.tanh(tf.add(tf.reshape(tf.matMul(w!, tf.reshape(y, [2, 1])), [2]), Math.sin(t)));
  };
  const times = [1, 2];
  const loss = (w: Tensor, y0: Tensor, mesh: number[]): Tensor => {
    const { saved } = integrate(runtime, methods.rk4, fieldOf([w]), mesh, y0, times);
    return tf.add(tf.sum(saved[0]!), tf.sum(tf.square(saved[1]!)));
  };
  const both = (steps: number): [number, number] => {
    const mesh = intervalMesh([0, 1, 2], steps);
    const [byWeight, byStart] = tf.grads((w: Tensor, y0: Tensor) => loss(w, y0, mesh))([weight, start]);
    const { states, saved } = integrate(runtime, methods.rk4, fieldOf([weight]), mesh, start, times);
    const cotangents = [tf.onesLike(start), tf.mul(2, saved[1]!)];
    const back = adjoint(runtime, methods.rk4, fieldOf, [weight], mesh, states, times, cotangents);
    return [distance(back.start, byStart!), distance(back.weights[0]!, byWeight!)];
  };

  it('comes to the gradient of the steps as they shrink, with the order of the method', () => {
    const [coarse, fine] = [both(4), both(8)];
    for (const i of [0, 1]) {
      expect(fine[i]!).toBeGreaterThan(0);
      expect(Math.log2(coarse[i]! / fine[i]!)).toBeGreaterThan(3.5);
    }
    expect(both(32)[1]).toBeLessThan(1e-7);
  });
});
