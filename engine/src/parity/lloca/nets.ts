/** Whole networks: amplitude regression and jet tagging. */
import type { Backbone } from '../../model/lloca/backbone.ts';
import { baseEquivectors } from '../../model/lloca/equivectors.ts';
import type { Selection } from '../../model/lloca/kinematics.ts';
import { type Events, forward, type NetConfig, type Result } from '../../model/lloca/net.ts';
import { parseRepresentation } from '../../model/lloca/representation.ts';
import { real } from '../../tensor/array.ts';
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import type { ParityCase } from '../case.ts';
import { arrayOf, type Runner, type Tensors } from '../runner.ts';
import { officialAggregate } from './backbones.ts';
import { sizesOf } from './frames-net.ts';

const plain = { references: [], massRegulator: 0, restFrame: false };

export const amplitudeRunner: Runner = {
  system: 'lloca',
  handles: ({ module }) => module.startsWith('AmplitudeWrapper'),
  compute(runtime, parityCase, inputs, weights, _form, double) {
    const { tf } = runtime;
    const backbone = officialBackbone(parityCase);
    const config: NetConfig = {
      frames: officialFrames(parityCase.hyper.frames as string),
      preparation: plain,
      framesFeatures: 'none',
      inputs: backbone.kind === 'transformer' ? ['momenta', 'scalars'] : ['scalars', 'momenta'],
      backbone,
      token: false,
    };
    const sizes = sizesOf(parityCase);
    const dense =
      backbone.kind === 'transformer' ? inputs.fourmomenta!.shape.slice(0, -1) : [sizes.length * sizes[0]!];
    const events = {
      momenta: { tensor: tf.reshape(inputs.fourmomenta!, [-1, 4]) },
      scalars: runtime.tensor(oneHotTypes(parityCase, sizes.length)),
      sizes,
    };
    const { result, intermediates } = run(runtime, double, config, weights, events);
    for (const [name, value] of Object.entries(intermediates)) {
      intermediates[name] = tf.reshape(value, [...dense, ...value.shape.slice(1)]);
    }
    return { outputs: { amplitude: result.events }, intermediates };
  },
};

interface Spurions {
  readonly beam_reference: string | null;
  readonly add_time_reference: boolean;
  readonly two_beams: boolean;
  readonly scale: number;
}

export const taggerRunner: Runner = {
  system: 'lloca',
  handles: ({ module }) => module.startsWith('TaggerWrapper'),
  compute(runtime, parityCase, inputs, weights, _form, double) {
    const { hyper } = parityCase;
    const features = hyper.frames_features as string | null;
    const config: NetConfig = {
      frames: officialFrames((hyper.frames as string).split(' ')[0]!),
      preparation: {
        references: officialReferences(hyper.spurions as Spurions),
        massRegulator: hyper.mass_reg as number,
        restFrame: hyper.boost_jet as boolean,
      },
      framesFeatures: !features || features === 'none' ? 'none' : (features as Selection),
      inputs: [
        'scalars',
        'kinematics',
        ...(hyper.add_fourmomenta_backbone ? (['raw_momenta'] as const) : []),
      ],
      backbone: officialBackbone(parityCase),
      token: !(hyper.mean_aggregation as boolean),
    };
    const events = {
      momenta: { tensor: inputs.fourmomenta! },
      scalars: inputs.scalars,
      sizes: sizesOf(parityCase),
    };
    const { result, intermediates } = run(runtime, double, config, weights, events);
    const references = config.preparation.references.length;
    const rows = events.sizes.flatMap((size) => [
      ...Array<number>(references).fill(1),
      ...Array<number>(size).fill(0),
    ]);
    let end = 0;
    const ends = events.sizes.map((size) => {
      end += size + references;
      return end;
    });
    return {
      outputs: { score: result.events },
      intermediates: {
        ...intermediates,
        is_spurion: runtime.tensor(real([rows.length], rows)),
        embedded_ptr: runtime.tensor(real([ends.length + 1], [0, ...ends])),
      },
    };
  },
};

function run(
  runtime: Runtime,
  double: Runtime,
  config: NetConfig,
  weights: Tensors,
  events: Events,
): { result: Result; intermediates: Record<string, Tensor> } {
  const intermediates: Record<string, Tensor> = {};
  const result = forward({ runtime, double }, config, weights, events, (name, value) => {
    intermediates[name] = value;
  });
  return { result, intermediates };
}

function officialBackbone({ module, hyper }: ParityCase): Backbone {
  const representation = parseRepresentation(hyper.reps as string);
  const blocks = hyper.num_blocks as number;
  if (module.endsWith('GraphNet')) {
    return { kind: 'graphnet', config: { representation, blocks, aggregate: officialAggregate(hyper.aggr) } };
  }
  const heads = hyper.num_heads as number;
  return { kind: 'transformer', config: { version: 1, representation, blocks, heads, multiQuery: false } };
}

function officialFrames(name: string): NetConfig['frames'] {
  const kinds = {
    LearnedPDFrames: 'polar',
    LearnedSO13Frames: 'minkowski',
    LearnedRestFrames: 'rest',
    LearnedSO3Frames: 'so3',
    LearnedZFrames: 'z',
    LearnedSO2Frames: 'so2',
  } as const;
  if (name === 'identity') return 'identity';
  return { kind: kinds[name as keyof typeof kinds], equivectors: baseEquivectors, global: false, frames: {} };
}

/** Beams first, then time. */
function officialReferences({
  beam_reference: beam,
  add_time_reference: time,
  two_beams: two,
  scale,
}: Spurions): number[][] {
  const energies: Readonly<Record<string, number>> = { lightlike: 1, spacelike: 0, timelike: Math.SQRT2 };
  const energy = beam === null ? undefined : energies[beam];
  const rows: number[][] = [];
  if (energy !== undefined) rows.push([energy, 0, 0, 1]);
  if (energy !== undefined && two) rows.push([energy, 0, 0, -1]);
  if (time) rows.push([1, 0, 0, 0]);
  return rows.map((row) => row.map((component) => component * scale));
}

function oneHotTypes(parityCase: ParityCase, events: number) {
  const types = arrayOf(parityCase.weights, 'particle_type').data;
  const count = parityCase.hyper.one_hot_types as number;
  const data = new Float64Array(events * types.length * count);
  for (let row = 0; row < events * types.length; row++) data[row * count + types[row % types.length]!] = 1;
  return real([events * types.length, count], data);
}
