/** One group of graphs through the network. */
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import type { DeviceWeights } from '../device-weights.ts';
import type { HostGraphs } from './batch.ts';
import { linkScores } from './links.ts';
import { forward } from './net.ts';
import type { PengCdeSpecification } from './specification.ts';

/**
 * Runs inside tf.tidy.
 * @returns [batch, rows of a sample, outputs]: a row for each time, node, both or none, as the signature has them
 */
export function predictions(
  runtime: Runtime,
  specification: PengCdeSpecification,
  weights: DeviceWeights,
  host: HostGraphs,
): Tensor {
  const { tf } = runtime;
  const { field, solver, shapes, level, pooling } = specification;
  const unique = new Map(host.matrices.map((matrix) => [matrix, matrix]));
  // Knots of a rectilinear path share their graphs.
  const uploaded = new Map([...unique.keys()].map((matrix) => [matrix, runtime.tensor(matrix)]));
  const control = {
    times: host.times,
    ...(host.own ? { own: host.own } : {}),
    matrices: host.matrices.map((matrix) => uploaded.get(matrix)!),
    ...(host.features ? { features: host.features.map((values) => runtime.tensor(values)) } : {}),
  };
  const config = { field, solver, coder: shapes.coder };
  const { outputs } = forward(
    runtime,
    config,
    weights,
    control,
    runtime.tensor(host.initial),
    host.outputTimes,
  );
  if (level === 'link')
    return linkScores(runtime, specification, weights, control, outputs, host.outputTimes);
  const bySample = tf.transpose(outputs, [1, 0, 2, 3]);
  if (level === 'node') return tf.reshape(bySample, [host.batch, -1, shapes.outputs]);
  return pooling === 'sum' ? tf.sum(bySample, 2) : tf.mean(bySample, 2);
}
