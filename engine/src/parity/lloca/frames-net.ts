/** Equivariant vectors, and the frames that are learned with them. */

import { inDouble } from '../../model/lloca/double.ts';
import { baseEquivectors, type EquivectorConfig, logPairMasses } from '../../model/lloca/equivectors.ts';
import type { LearnedKind } from '../../model/lloca/frames.ts';
import { framesNet } from '../../model/lloca/frames-net.ts';
import { layoutOf } from '../../model/lloca/layout.ts';
import { allPairs, neighbourhoodOf } from '../../model/lloca/links.ts';
import { inFrame } from '../../model/lloca/lorentz.ts';
import { integer } from '../../tensor/array.ts';
import type { Tensor } from '../../tensor/runtime.ts';
import type { ParityCase } from '../case.ts';
import { arrayOf, type Runner } from '../runner.ts';
import { officialLimit } from './frames.ts';

export const equivectorRunner: Runner = {
  system: 'lloca',
  handles: ({ module }) => module.startsWith('MLPVectors'),
  compute(runtime, parityCase, inputs, weights, _form, double) {
    const { event, shape } = eventOf(runtime.tf, parityCase, inputs);
    const config = officialEquivectors(parityCase.hyper);
    const precisions = { runtime, double };
    const framed = { kind: 'polar', equivectors: config, global: false, frames: {} } as const;
    const [vectors] = framesNet(precisions, framed, weights, '', event, (_, geometry) => [geometry.vectors]);
    const [masses] = inDouble(precisions, [event.momenta], (own, [p]) => [
      own.tf.reshape(logPairMasses(own, p!, event.pairs), [-1]),
    ]);
    const { receivers, senders } = event.pairs;
    return {
      outputs: { vectors: runtime.tf.reshape(vectors!, [...shape, ...vectors!.shape.slice(1)]) },
      intermediates: {
        edge_index: runtime.tensor(integer([2, senders.length], [...receivers, ...senders])),
        log_pair_mass: masses!,
      },
    };
  },
};

const kinds: Readonly<Record<string, LearnedKind>> = {
  LearnedPDFrames: 'polar',
  LearnedSO13Frames: 'minkowski',
  LearnedRestFrames: 'rest',
  LearnedSO3Frames: 'so3',
  LearnedZFrames: 'z',
  LearnedSO2Frames: 'so2',
};

interface FramesOptions {
  readonly is_global?: boolean;
  readonly gamma_max?: number;
  readonly gamma_hardness?: number;
}

export const learnedFramesRunner: Runner = {
  system: 'lloca',
  handles: ({ module }) => module.startsWith('Learned') && module.endsWith('MLPVectors'),
  compute(runtime, parityCase, inputs, weights, _form, double) {
    const { tf } = runtime;
    const { event, shape } = eventOf(tf, parityCase, inputs);
    const given = parityCase.hyper.frames_options;
    const options: FramesOptions = given === 'default' ? {} : (given as FramesOptions);
    const limit =
      options.gamma_max === undefined
        ? undefined
        : officialLimit({ ...options, gamma_max: options.gamma_max });
    const config = {
      kind: kinds[parityCase.hyper.cls as string]!,
      equivectors: officialEquivectors(parityCase.hyper),
      global: options.is_global ?? false,
      frames: { limit },
    };
    const [frames, local, vectors, gamma, ...flags] = framesNet(
      { runtime, double },
      config,
      weights,
      '',
      event,
      (own, geometry) => [
        geometry.frames,
        inFrame(own, geometry.frames, geometry.momenta),
        geometry.vectors,
        geometry.gamma,
        ...['lightlike', 'collinear', 'coplanar'].map((flag) =>
          own.tf.sum(geometry.flags[flag as 'lightlike']),
        ),
      ],
    ) as [Tensor, Tensor, Tensor, Tensor, ...Tensor[]];
    const above = limit ? tf.cast(tf.greater(gamma, limit.max), 'float32') : tf.zerosLike(gamma);
    return {
      outputs: {
        L: tf.reshape(frames, [...shape, 4, 4]),
        local: tf.reshape(local, [...shape, 4]),
      },
      intermediates: {
        vectors: tf.reshape(vectors, [...shape, ...vectors.shape.slice(1)]),
        gamma_mean: tf.mean(gamma),
        gamma_max: tf.max(gamma),
        reg_gammamax: tf.sum(above),
        reg_lightlike: flags[0]!,
        reg_collinear: flags[1]!,
        reg_coplanar: flags[2]!,
      },
    };
  },
};

/** Dense inputs are (event, particle, channel); sparse ones have the first row of each event in `ptr`. */
export function sizesOf({ inputs }: ParityCase): number[] {
  const ptr = inputs.get('ptr');
  if (ptr) return Array.from(ptr.data.subarray(1), (end, event) => end - ptr.data[event]!);
  const [events, size] = arrayOf(inputs, 'fourmomenta').shape as [number, number];
  return Array<number>(events).fill(size);
}

function eventOf(
  tf: typeof import('@tensorflow/tfjs-core'),
  parityCase: ParityCase,
  inputs: Readonly<Record<string, Tensor>>,
) {
  const sizes = sizesOf(parityCase);
  const { fourmomenta, scalars } = inputs as { fourmomenta: Tensor; scalars: Tensor };
  return {
    shape: fourmomenta.shape.slice(0, -1),
    event: {
      momenta: { tensor: tf.reshape(fourmomenta, [-1, 4]) },
      prepare: (_: unknown, p: Tensor): Tensor => p,
      scalars: tf.reshape(scalars, [-1, scalars.shape.at(-1)!]),
      pairs: neighbourhoodOf(allPairs(sizes)),
      events: layoutOf(sizes).events,
      sizes,
    },
  };
}

function officialEquivectors(hyper: ParityCase['hyper']): EquivectorConfig {
  const aggregate = { add: 'sum', sum: 'sum', mean: 'mean', max: 'max' } as const;
  return {
    pair: (hyper.operation as EquivectorConfig['pair']) ?? baseEquivectors.pair,
    weighting: (hyper.nonlinearity as EquivectorConfig['weighting']) ?? baseEquivectors.weighting,
    aggregate: aggregate[(hyper.aggr as keyof typeof aggregate) ?? 'add'],
    pairNorm: (hyper.fm_norm as boolean) ?? baseEquivectors.pairNorm,
    vectorNorm: (hyper.layer_norm as boolean) ?? baseEquivectors.vectorNorm,
    pairMasses: (hyper.include_edges as boolean) ?? baseEquivectors.pairMasses,
  };
}
