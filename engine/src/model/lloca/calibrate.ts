/** The standardisations of an untrained network, measured on one event: they keep what its layers see of order one. */

import { trailingShape } from '../../signature.ts';
import { integer, type NdArray, real, sizeOf, type Values } from '../../tensor/array.ts';
import type { Random } from '../../tensor/random.ts';
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import { uploadWeights } from '../device-weights.ts';
import type { WeightArrays } from '../weights.ts';
import { assemble } from './batch.ts';
import type { LLoCaSpecification } from './config.ts';
import { logPairMasses } from './equivectors.ts';
import { layoutOf } from './layout.ts';
import { allPairs } from './links.ts';
import { inFrame } from './lorentz.ts';
import { forward } from './net.ts';
import { pairFeatures, unorderedPairs } from './pair-features.ts';
import { embeddedRows, prepared } from './preparation.ts';
import { framesPrefix } from './weights.ts';

/** Pairs grow with the square of the number of particles; more of them add time and no information. */
const examplePairs = 4096;

/**
 * Log pair masses before the frames, then local momenta, then log pair masses of those, and what a
 * Particle Transformer sees of pairs: mean and unbiased deviation over all
 * entries, the deviation at least 1e-5, as float32 numbers. The first two are invariants of the event, so that the
 * result does not depend on the frame that the example is given in.
 * @param runtime float64, so that the result does not depend on the backend
 */
export async function calibrate(
  runtime: Runtime,
  specification: LLoCaSpecification,
  weights: WeightArrays,
  example: Values,
): Promise<WeightArrays> {
  const { tf } = runtime;
  const { net } = specification;
  const host = assemble(specification, [example]);
  const rows = embeddedRows(host.sizes, net.preparation.references.length);
  const result: Record<string, NdArray> = { ...weights };
  const measure = async (name: string, compute: () => Tensor): Promise<void> => {
    if (!(`${name}_mean` in weights)) return;
    const values = tf.tidy(compute);
    const { data } = await runtime.array(values);
    values.dispose();
    const { mean, deviation } = standard(data);
    result[`${name}_mean`] = real([], [Math.fround(mean)]);
    result[`${name}_std`] = real([], [Math.fround(deviation)]);
  };
  await measure(`${framesPrefix}.edge`, () =>
    logPairMasses(
      runtime,
      prepared(runtime, runtime.tensor(host.momenta), net.preparation, rows),
      allPairs(rows.sizes),
    ),
  );
  const local = (): Tensor => {
    const device = uploadWeights(runtime, result);
    const momenta = runtime.tensor(host.momenta);
    const scalars = host.scalars && runtime.tensor(host.scalars);
    const events = { momenta: { tensor: momenta }, scalars, sizes: host.sizes };
    const { frames } = forward({ runtime, double: runtime }, net, device, events);
    const ready = prepared(runtime, momenta, net.preparation, rows);
    return inFrame(runtime, frames, tf.gather(ready, tf.tensor1d(rows.particles, 'int32')));
  };
  await measure('mom', local);
  await measure('edge', () => logPairMasses(runtime, local(), allPairs(host.sizes)));
  if (net.backbone.kind === 'particletransformer') {
    const values = tf.tidy(() => pairFeatures(runtime, local(), unorderedPairs(layoutOf(host.sizes))));
    const [pairs, features] = values.shape as [number, number];
    const { data } = await runtime.array(values);
    values.dispose();
    const columns = Array.from({ length: features }, (_, column) =>
      standard(Float64Array.from({ length: pairs }, (_, pair) => data[pair * features + column]!)),
    );
    const norm = 'net.pair_embed.embed.0';
    const each = (of: (column: (typeof columns)[number]) => number): NdArray =>
      real(
        [features],
        Float64Array.from(columns, (column) => Math.fround(of(column))),
      );
    result[`${norm}.running_mean`] = each(({ mean }) => mean);
    result[`${norm}.running_var`] = each(({ deviation }) => deviation ** 2);
  }
  return result;
}

function standard(values: ArrayLike<number>): { mean: number; deviation: number } {
  const count = values.length;
  let sum = 0;
  for (let i = 0; i < count; i++) sum += values[i]!;
  const mean = count > 0 ? sum / count : 0;
  let squares = 0;
  for (let i = 0; i < count; i++) squares += (values[i]! - mean) ** 2;
  return { mean, deviation: count > 1 ? Math.max(1e-5, Math.sqrt(squares / (count - 1))) : 1 };
}

/** The first particles of a sample, in its order. */
export function shortened(specification: LLoCaSpecification, values: Values): Values {
  const { momenta, scalars, index } = specification;
  const most = Math.floor(Math.sqrt(examplePairs));
  const size = values[momenta.name]!.shape[0]!;
  if (size <= most) return values;
  const cut = (array: NdArray, first: boolean): NdArray => {
    if (!first) return array;
    const shape = [most, ...array.shape.slice(1)];
    return { shape, data: array.data.slice(0, sizeOf(shape)) };
  };
  return Object.fromEntries(
    [momenta, ...scalars].map(({ name, type: { axes } }) => {
      const [axis] = axes;
      return [name, cut(values[name]!, axis !== undefined && 'index' in axis && axis.index === index)];
    }),
  );
}

/** Ten particles of masses 0.1 to 1 with normally distributed momenta, in units of the momentum scale. */
export function randomExample(specification: LLoCaSpecification, random: Random): Values {
  const { momenta, scalars, index, momentumScale } = specification;
  const particles = 10;
  const stream = random.stream('example', momenta.name);
  const p = Array.from({ length: particles }, () => {
    const spatial = [stream.normal(), stream.normal(), stream.normal()];
    const energy = Math.hypot(0.1 + 0.9 * stream.uniform(), ...spatial);
    return [energy, ...spatial].map((component) => component * momentumScale);
  });
  const values: Record<string, NdArray> = { [momenta.name]: real([particles, 4], p.flat()) };
  for (const { name, type } of scalars) {
    const own = random.stream('example', name);
    const shape = [
      ...type.axes.map((axis) => ('size' in axis ? axis.size : axis.index === index ? particles : 1)),
      ...trailingShape(type.representation),
    ];
    const count = sizeOf(shape);
    const { representation } = type;
    values[name] =
      representation.kind === 'category'
        ? integer(
            shape,
            Int32Array.from({ length: count }, () => own.integer(representation.count)),
          )
        : real(
            shape,
            Float64Array.from({ length: count }, () => own.normal()),
          );
  }
  return values;
}
