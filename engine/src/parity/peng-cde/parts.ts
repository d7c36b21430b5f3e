/** The bases, graph operators, control paths, fusions and single layers. */
import { knotSum } from '../../model/peng-cde/control.ts';
import { fusedMatrix, fusedProduct, type PathPoint } from '../../model/peng-cde/fusion.ts';
import { layerMixing, messageLayer, premultiplied, type Transport } from '../../model/peng-cde/layer.ts';
import { type Basis, coefficientCount, matrixMaps, termsOf } from '../../model/peng-cde/maps.ts';
import { coefficientsOf, mixingOf } from '../../model/peng-cde/mixing.ts';
import { applyOperator, type Operator } from '../../model/peng-cde/operators.ts';
import { type Combination, intervalOf, momentAt, pieceOf } from '../../model/peng-cde/path.ts';
import {
  matrixToVector,
  matrixToVectorMaps,
  vectorMaps,
  vectorToMatrix,
  vectorToMatrixMaps,
  vectorToVector,
} from '../../model/peng-cde/small-bases.ts';
import { statisticsOf } from '../../model/peng-cde/statistics.ts';
import { real } from '../../tensor/array.ts';
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import { arrayOf, type Runner, type Tensors } from '../runner.ts';
import { fieldConfig, numbersOf, system, withLoss } from './shared.ts';

function oneHot(runtime: Runtime, length: number, place: number): Tensor {
  return runtime.tensor(
    real(
      [length],
      Array.from({ length }, (_, i) => (i === place ? 1 : 0)),
    ),
  );
}

function pointOf(runtime: Runtime, value: Tensor, derivative: Tensor): PathPoint {
  const [a, b] = [runtime.tf.expandDims(value, 0), runtime.tf.expandDims(derivative, 0)];
  return {
    value: a,
    derivative: b,
    valueStatistics: statisticsOf(runtime, a),
    derivativeStatistics: statisticsOf(runtime, b),
  };
}

export const basisRunner: Runner = {
  system,
  handles: ({ module }) => module.startsWith('definition of the complete bases'),
  compute(runtime, _case, { A, v }) {
    const { tf } = runtime;
    const each = (count: number, image: (p: Tensor) => Tensor): Tensor =>
      tf.stack(Array.from({ length: count }, (_, place) => image(oneHot(runtime, count, place))));
    const point = pointOf(runtime, A!, tf.zerosLike(A!));
    const image = (place: number): Tensor =>
      tf.squeeze(
        fusedMatrix(runtime, point, mixingOf(runtime, oneHot(runtime, coefficientCount, place))),
        [0],
      );
    const maps = tf.stack(matrixMaps.map((_, place) => image(place)));
    const flat = tf.reshape(maps, [matrixMaps.length, -1]);
    return {
      outputs: {
        matrix_to_matrix: maps,
        matrix_bias: tf.stack([image(coefficientCount - 2), image(coefficientCount - 1)]),
        gram_matrix_of_the_15_maps_at_A: tf.matMul(flat, flat, false, true),
        vector_to_vector: each(vectorMaps.length, (p) => vectorToVector(runtime, v!, p)),
        vector_to_matrix: each(vectorToMatrixMaps.length, (p) => vectorToMatrix(runtime, v!, p)),
        matrix_to_vector: each(matrixToVectorMaps.length, (p) => matrixToVector(runtime, A!, p)),
      },
      intermediates: {},
    };
  },
};

export const operatorRunner: Runner = {
  system,
  handles: ({ module }) => module.startsWith('graph operators'),
  compute(runtime, { inputs, outputs: stored }) {
    const { shape, data } = arrayOf(inputs, 'A');
    const names: Record<string, Operator> = { norm_lap_exact: 'norm_lap', kipf: 'norm_adj' };
    const outputs = [...stored.keys()].map((name) => {
      const operator = names[name] ?? (name as Operator);
      const result = applyOperator(operator, Float64Array.from(data), shape[0]!);
      return [name, runtime.tensor(real(shape, result))];
    });
    return { outputs: Object.fromEntries(outputs), intermediates: {} };
  },
};

export const pathRunner: Runner = {
  system,
  handles: ({ module }) => module.includes('Interpolation'),
  compute(runtime, parityCase, { xs }) {
    const { tf } = runtime;
    const { interpolation } = fieldConfig(parityCase.hyper);
    const times = numbersOf(parityCase, 'ts');
    const knots = tf.unstack(xs!);
    const queries = numbersOf(parityCase, 'query');
    const along = (what: 'value' | 'derivative', side: 'left' | 'right'): Tensor =>
      tf.stack(
        queries.map((t) => {
          const moment = momentAt(interpolation, times, t, intervalOf(times, t, side));
          return knotSum(runtime, knots, moment, moment[what]);
        }),
      );
    const sum = ({ knots: places, weights }: Combination): Tensor =>
      knotSum(runtime, knots, { knots: places }, weights);
    const coefficient = (name: 'a' | 'b' | 'c' | 'd'): Tensor =>
      tf.stack(
        times.slice(1).map((_, interval) => {
          const piece = pieceOf(interpolation, times, interval);
          return sum({ knots: piece.knots, weights: piece[name] });
        }),
      );
    const outputs: Record<string, Tensor> = {
      value: along('value', 'left'),
      derivative: along('derivative', 'left'),
      value_right_sided: along('value', 'right'),
      derivative_right_sided: along('derivative', 'right'),
    };
    if (parityCase.outputs.has('coeff_a')) {
      for (const name of ['a', 'b', 'c', 'd'] as const) outputs[`coeff_${name}`] = coefficient(name);
    }
    return { outputs: withLoss(runtime, parityCase, outputs), intermediates: {} };
  },
};

function basisOf({ kind }: Readonly<Record<string, unknown>>): Basis {
  return kind === 'directed' ? 'directed11' : 'undirected8';
}

export const fusionRunner: Runner = {
  system,
  handles: ({ module }) => module.endsWith('._fusion'),
  compute(runtime, parityCase, { A, dA }, weights) {
    const { tf } = runtime;
    const terms = termsOf(basisOf(parityCase.hyper), 'official');
    const point = pointOf(runtime, A!, dA!);
    const fused = (parameters: readonly Tensor[]): Tensor =>
      tf.squeeze(
        fusedMatrix(runtime, point, mixingOf(runtime, coefficientsOf(runtime, terms, parameters))),
        [0],
      );
    const nothing = terms.map(() => tf.zeros([2]));
    const base = fused(nothing);
    const alone = (which: 0 | 1): Tensor =>
      tf.stack(
        terms.map((_, i) => {
          const parameters = nothing.map((zero, j) => (i === j ? oneHot(runtime, 2, which) : zero));
          return tf.sub(fused(parameters), base);
        }),
      );
    const outputs = {
      base,
      fused: fused(terms.map(({ name }) => weights[name]!)),
      terms_A: alone(0),
      terms_dA: alone(1),
    };
    return { outputs: withLoss(runtime, parityCase, outputs), intermediates: {} };
  },
};

export const layerRunner: Runner = {
  system,
  handles: ({ module, hyper }) => module.startsWith('Conv') && module.endsWith('Layer') && 'norm' in hyper,
  compute(runtime, parityCase, inputs, weights) {
    const { tf } = runtime;
    const intermediates: Record<string, Tensor> = {};
    const kind = parityCase.hyper.kind as string;
    const y = messageLayer(
      runtime,
      kind === 'conv' ? prefixed(weights, 'conv_layer.') : weights,
      'conv_layer',
      tf.expandDims(inputs.H!, 0),
      transportOf(runtime, parityCase.hyper, inputs, weights),
      (name, value) => {
        intermediates[name] = tf.squeeze(value, [0]);
      },
    );
    return { outputs: withLoss(runtime, parityCase, { y: tf.squeeze(y, [0]) }), intermediates };
  },
};

function prefixed(weights: Tensors, prefix: string): Tensors {
  return Object.fromEntries(Object.entries(weights).map(([name, value]) => [`${prefix}${name}`, value]));
}

function transportOf(
  runtime: Runtime,
  hyper: Readonly<Record<string, unknown>>,
  { A, dA }: Tensors,
  weights: Tensors,
): Transport {
  const { tf } = runtime;
  if (hyper.kind === 'conv') return (messages) => tf.matMul(tf.expandDims(A!, 0), messages);
  const point = pointOf(runtime, A!, dA!);
  if (hyper.kind === 'premult') return premultiplied(runtime, point, weights.fusion_1!, weights.fusion_2!);
  const config = { basis: basisOf(hyper), maps: 'official', biases: false } as const;
  const mixing = layerMixing(runtime, config, weights, '');
  return (messages) => fusedProduct(runtime, point, mixing, messages);
}
