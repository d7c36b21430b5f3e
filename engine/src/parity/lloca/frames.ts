/** Boosts, orthonormalisation, limits and flags, on given vectors. */
import { type GammaLimit, gammaOf, limitGamma, restFrameBoost } from '../../model/lloca/boost.ts';
import { inDouble } from '../../model/lloca/double.ts';
import { polarFrames } from '../../model/lloca/frames.ts';
import { inFrame, squaredMass } from '../../model/lloca/lorentz.ts';
import { type Method, minkowskiCross, minkowskiFrames } from '../../model/lloca/orthonormal.ts';
import { isCoplanar, isLightlike } from '../../model/lloca/regularise.ts';
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import type { Runner } from '../runner.ts';

export const polarRunner: Runner = {
  system: 'lloca',
  handles: ({ module }) => module.startsWith('polar_decomposition'),
  compute(runtime, _, { v0, refs }, _weights, _form, double) {
    const operands = [{ tensor: v0! }, { tensor: refs! }];
    const [gramschmidt, crossed, boost, masses, rest, lightlike, collinear] = inDouble(
      { runtime, double },
      operands,
      (own, [first, others]) => {
        const pair = own.tf.unstack(others!, 1) as [Tensor, Tensor];
        const of = (method: Method) => polarFrames(own, first!, pair, { method });
        const boosted = restFrameBoost(own, first!);
        const { frames, flags } = of('gramschmidt');
        return [
          frames,
          of('cross').frames,
          boosted,
          squaredMass(own, first!),
          inFrame(own, boosted, others!),
          own.tf.sum(flags.lightlike),
          own.tf.sum(flags.collinear),
        ];
      },
    );
    return {
      outputs: { L_gramschmidt: gramschmidt!, L_cross: crossed!, boost: boost! },
      intermediates: {
        mass_squared: masses!,
        refs_rest: rest!,
        reg_lightlike: lightlike!,
        reg_collinear: collinear!,
      },
    };
  },
};

export const minkowskiRunner: Runner = {
  system: 'lloca',
  handles: ({ module }) => module.startsWith('orthogonalize_4d'),
  compute(runtime, _, { vecs }, _weights, _form, double) {
    const [gramschmidt, crossed, product, lightlike, coplanar] = inDouble(
      { runtime, double },
      [{ tensor: vecs! }],
      (own, [given]) => {
        const vectors = own.tf.unstack(given!, 1);
        const [a, b, c] = vectors as [Tensor, Tensor, Tensor];
        return [
          minkowskiFrames(own, vectors, 'gramschmidt'),
          minkowskiFrames(own, vectors, 'cross'),
          minkowskiCross(own, a, b, c),
          count(own, anyLightlike(own, vectors)),
          count(own, isCoplanar(own, vectors)),
        ];
      },
    );
    return {
      outputs: { L_gramschmidt: gramschmidt!, L_cross: crossed!, minkowski_cross: product! },
      intermediates: { reg_lightlike: lightlike!, reg_coplanar: coplanar! },
    };
  },
};

/** The limits by name: { gamma_max, gamma_hardness } each. */
export const gammaRunner: Runner = {
  system: 'lloca',
  handles: ({ module }) => module.startsWith('clamp_boost'),
  compute(runtime, { hyper }, { v0 }, _weights, _form, double) {
    const limits = Object.entries(hyper) as [string, { gamma_max: number; gamma_hardness: number | null }][];
    const all = inDouble({ runtime, double }, [{ tensor: v0! }], (own, [p]) => {
      const gamma = gammaOf(own, p!);
      const above = own.tf.greater(gamma, limits[0]![1].gamma_max);
      return [
        ...limits.map(([, limit]) => limitGamma(own, p!, officialLimit(limit))),
        gamma,
        own.tf.mean(gamma),
        own.tf.max(gamma),
        count(own, above),
      ];
    });
    const [gamma, mean, most, above] = all.slice(limits.length) as [Tensor, Tensor, Tensor, Tensor];
    return {
      outputs: Object.fromEntries(limits.map(([name], i) => [name, all[i]!])),
      intermediates: { gamma, gamma_mean: mean, gamma_max: most, count_above: above },
    };
  },
};

export const flagRunner: Runner = {
  system: 'lloca',
  handles: ({ module }) => module.startsWith('regularize_lightlike'),
  compute(runtime, _, { v0, refs }, _weights, _form, double) {
    const flags = inDouble(
      { runtime, double },
      [{ tensor: v0! }, { tensor: refs! }],
      (own, [first, others]) => {
        const pair = own.tf.unstack(others!, 1) as [Tensor, Tensor];
        const vectors = [first!, ...pair];
        // The boost of the official code is taken after a light-like vector was moved; collinearity is judged in it.
        const { flags: polar } = polarFrames(own, first!, pair);
        return [
          own.tf.cast(anyLightlike(own, vectors), 'float32'),
          own.tf.cast(isCoplanar(own, vectors), 'float32'),
          polar.lightlike,
          polar.collinear,
        ];
      },
    ).map((flag) => runtime.tf.cast(flag, 'int32')) as [Tensor, Tensor, Tensor, Tensor];
    return {
      outputs: {
        minkowski_reg_lightlike: flags[0],
        minkowski_reg_coplanar: flags[1],
        polar_reg_lightlike: flags[2],
        polar_reg_collinear: flags[3],
      },
      intermediates: {},
    };
  },
};

export function officialLimit(limit: {
  readonly gamma_max: number;
  readonly gamma_hardness?: number | null;
}): GammaLimit {
  return { max: limit.gamma_max, hardness: limit.gamma_hardness ?? undefined };
}

function anyLightlike(runtime: Runtime, vectors: readonly Tensor[]): Tensor {
  return vectors.map((v) => isLightlike(runtime, v)).reduce((a, b) => runtime.tf.logicalOr(a, b));
}

function count({ tf }: Runtime, flags: Tensor): Tensor {
  return tf.sum(tf.cast(flags, 'float32'));
}
