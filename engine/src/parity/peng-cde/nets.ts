/** Vector fields, solutions and whole models. */
import { affinity } from '../../model/peng-cde/affinity.ts';
import type { SolverConfig, Stepping } from '../../model/peng-cde/config.ts';
import { graphField } from '../../model/peng-cde/field.ts';
import { forward, perceptron } from '../../model/peng-cde/net.ts';
import { integer, real } from '../../tensor/array.ts';
import type { Tensor } from '../../tensor/runtime.ts';
import type { ParityCase } from '../case.ts';
import type { Runner } from '../runner.ts';
import {
  controlOf,
  dependingOn,
  fieldConfig,
  knotsOf,
  numbersOf,
  officialMesh,
  system,
  withLoss,
} from './shared.ts';

export const fieldRunner: Runner = {
  system,
  handles: ({ module }) => module.endsWith('VectorField'),
  compute(runtime, parityCase, inputs, weights) {
    const { tf } = runtime;
    const config = fieldConfig(parityCase.hyper);
    const field = graphField(runtime, config, weights, '', controlOf(runtime, parityCase, inputs));
    const z = tf.expandDims(inputs.z!, 0);
    const slopes = numbersOf(parityCase, 'query').map((t) =>
      tf.squeeze(field(t, z, { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY }), [0]),
    );
    const nodes = tf.stack(slopes);
    // The official constant field has no node axis.
    const own =
      config.kind === 'const' ? tf.reshape(tf.slice(nodes, [0, 0], [-1, 1]), [-1, config.hidden]) : nodes;
    const { ts: _, query: __, event_times: ___, ...differentiable } = inputs;
    const dz = dependingOn(runtime, own, differentiable);
    return { outputs: withLoss(runtime, parityCase, { dz }), intermediates: {} };
  },
};

function solverOf(parityCase: ParityCase): SolverConfig {
  const { hyper } = parityCase;
  const stepping: Stepping =
    hyper.controller === 'adaptive'
      ? {
          kind: 'adaptive',
          // The official library takes this first step for every equation that is driven by a control.
          tolerance: { relative: hyper.rtol as number, absolute: hyper.atol as number, firstStep: 0.01 },
          aligned: false,
        }
      : { kind: 'mesh', mesh: officialMesh(numbersOf(parityCase, 'ts'), hyper.dt0 as number) };
  return { method: 'tsit5', stepping, gradient: 'discrete' };
}

/** Tighter than the limits of the cases, 1e-6 and 1e-5, by a hundred. */
const accurate: SolverConfig = {
  method: 'tsit5',
  stepping: { kind: 'adaptive', tolerance: { relative: 1e-9, absolute: 1e-10 }, aligned: true },
  gradient: 'discrete',
};

export const solutionRunner: Runner = {
  system,
  handles: ({ module }) => module.startsWith('GraphNeuralCDE'),
  compute(runtime, parityCase, inputs, weights) {
    const { tf } = runtime;
    const field = fieldConfig(parityCase.hyper);
    const control = controlOf(runtime, parityCase, inputs);
    const x0 = tf.expandDims(inputs.x0!, 0);
    const run = (solver: SolverConfig, initial: Tensor, own = weights) =>
      forward(runtime, { field, solver, coder: 'linear' }, own, control, initial, control.times);
    const solution = run(solverOf(parityCase), x0);
    const states = tf.squeeze(tf.stack([...solution.states]), [1]);
    const y = tf.squeeze(solution.outputs, [1]);
    const mesh = runtime.tensor(real([solution.mesh.length], solution.mesh));
    const outputs: Record<string, Tensor> = { y };
    const z0 = solution.latentStart;
    const slope = graphField(runtime, field, weights, 'vector_field.', control);
    const start = { from: control.times[0]!, to: control.times[1]! };
    const intermediates: Record<string, Tensor> = {
      z0: tf.squeeze(z0, [0]),
      dz_at_t0: tf.squeeze(slope(start.from, z0, start), [0]),
    };
    if (parityCase.outputs.has('accepted_states')) {
      outputs.accepted_states = states;
      outputs.accepted_times = mesh;
      outputs.counts_accepted_rejected = runtime.tensor(
        integer([2], [solution.mesh.length - 1, solution.rejected]),
      );
      // float32 has no digits for such a tolerance, and the cases hold it to nothing.
      if (runtime.precision === 'float64') {
        outputs.y_accurate = tf.squeeze(run(accurate, x0).outputs, [1]);
      }
    } else {
      outputs.latent = tf.squeeze(tf.stack([...solution.saved]), [1]);
      outputs.step_states = states;
      outputs.step_times = mesh;
    }
    return { outputs: withLoss(runtime, parityCase, outputs), intermediates };
  },
};

export const nodeControlRunner: Runner = {
  system,
  handles: ({ module }) => module.startsWith('PGTGraphNeuralCDE'),
  compute(runtime, parityCase, inputs, weights) {
    const { tf } = runtime;
    const config = {
      field: fieldConfig(parityCase.hyper),
      solver: solverOf(parityCase),
      coder: 'mlp',
    } as const;
    const control = {
      ...controlOf(runtime, parityCase, inputs),
      features: knotsOf(runtime, inputs.X!),
    };
    const x0 = tf.expandDims(inputs.x0!, 0);
    const result = forward(runtime, config, weights, control, x0, [control.times.at(-1)!]);
    const nodes = tf.squeeze(result.outputs, [0, 1]);
    const z0 = perceptron(runtime, x0, weights, 'encoder');
    const field = graphField(runtime, config.field, weights, 'vector_field.', control);
    const everywhere = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };
    return {
      outputs: withLoss(runtime, parityCase, { nodes, graph: tf.sum(nodes, 0) }),
      intermediates: {
        z0: tf.squeeze(z0, [0]),
        dz_at_query: tf.stack(
          numbersOf(parityCase, 'query').map((t) => tf.squeeze(field(t, z0, everywhere), [0])),
        ),
      },
    };
  },
};

export const affinityRunner: Runner = {
  system,
  handles: ({ module }) => module.startsWith('TGBGraphNeuralCDE'),
  compute(runtime, parityCase, inputs, weights) {
    const { tf } = runtime;
    const control = controlOf(runtime, parityCase, inputs);
    const y = affinity(
      runtime,
      { field: fieldConfig(parityCase.hyper), solver: solverOf(parityCase) },
      weights,
      control,
      knotsOf(runtime, inputs.X!),
      tf.expandDims(inputs.x0!, 0),
      control.times.at(-1)!,
    );
    return { outputs: withLoss(runtime, parityCase, { y: tf.squeeze(y, [0]) }), intermediates: {} };
  },
};
