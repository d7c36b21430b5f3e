/** The synthetic prior: one table from its recorded draws, and what the official sampler's tables are like. */
import { type Affine, type NetworkDraws, tableOf } from '../../data/prior/index.ts';
import { type NdArray, real } from '../../tensor/array.ts';
import type { ParityCase } from '../case.ts';
import { arrayOf, type Runner } from '../runner.ts';

/** The draws that a case of one table stores. */
export function storedDraws({
  hyper,
  intermediates,
}: Pick<ParityCase, 'hyper' | 'intermediates'>): NetworkDraws {
  const settings = hyper.mlp as {
    readonly num_layers: number;
    readonly prior_mlp_activations: NetworkDraws['activation'];
    readonly is_causal: boolean;
    readonly y_is_effect: boolean;
  };
  const features = hyper.num_features as number;
  const get = (name: string): NdArray => arrayOf(intermediates, name);
  const map = (layer: string): Affine => {
    const { shape, data } = get(`weights.layers.${layer}.weight`);
    const [outputs, inputs] = shape as [number, number];
    return { inputs, outputs, weight: data, bias: get(`weights.layers.${layer}.bias`).data };
  };
  // The first map is counted as a layer; tables that are not causal have one more for the target.
  const count = settings.num_layers - (settings.is_causal ? 1 : 0);
  const stages = Array.from({ length: count }, (_, i) => ({
    map: map(`${i + 1}.1`),
    noise: get(`noise${i}`).data,
  }));
  const units = stages.reduce((sum, stage) => sum + stage.map.outputs, 0);
  const order = settings.is_causal ? [...get('random_permutation').data] : [];
  return {
    rows: hyper.n_samples as number,
    activation: settings.prior_mlp_activations,
    causes: get('causes').data,
    first: map('0'),
    stages,
    readout: settings.is_causal
      ? {
          kind: 'causal',
          features: order.slice(1, 1 + features),
          target: settings.y_is_effect ? units - 1 : order[0]!,
        }
      : { kind: 'regression' },
    rotation: get('rotation').data[0]!,
  };
}

export const priorTableRunner: Runner = {
  system: 'equitabpfn',
  takesIntermediates: true,
  handles: ({ module }) => module.startsWith('structural-causal-model sampler'),
  compute(runtime, parityCase) {
    const draws = storedDraws(parityCase);
    const { features, x, y } = tableOf(draws);
    return {
      outputs: {
        x: runtime.tensor(real([draws.rows, features], x)),
        y: runtime.tensor(real([draws.rows], y)),
      },
      intermediates: {},
    };
  },
};
