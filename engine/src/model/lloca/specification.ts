/** From the language's options and the data's fields to a network. Pure. */
import { Fault } from '../../fault.ts';
import { type Field, typeText } from '../../signature.ts';
import type { Options } from '../description.ts';
import { fieldsText, isScalars, namedField, scalarChannels } from '../fields.ts';
import { type OptionReader, readOptions } from '../options.ts';
import type { Backbone } from './backbone.ts';
import type { LLoCaSpecification } from './config.ts';
import type { EquivectorConfig } from './equivectors.ts';
import type { LearnedKind } from './frames.ts';
import type { InputPart, NetConfig } from './net.ts';
import { llocaOptions } from './options.ts';
import { dimensionOf, highestOrder, representationOf, type TensorRepresentation } from './representation.ts';

/**
 * @throws Fault `model/…`: an option that is unknown, out of range or at odds with another one, or a field that is
 * missing or of the wrong type.
 */
export function specificationOf(options: Options, fields: readonly Field[]): LLoCaSpecification {
  const read = readOptions({ name: 'LLoCa', options: llocaOptions }, options);
  const momenta = momentaOf(fields);
  const { index } = momenta.type.axes[0] as { index: string };
  const scalars = read
    .words('scalars')
    .map((name) =>
      namedField('scalars', name, `scalar[${index}] or category(k)[${index}]`, fields, (field) =>
        isScalars(field, index, true),
      ),
    );
  const scalarInputs = scalars.reduce((sum, field) => sum + scalarChannels(field), 0);
  const backbone = read.word('backbone');
  const frames = read.word('frames');
  const specification: LLoCaSpecification = {
    net: netOf(read, scalarInputs),
    momenta,
    index,
    scalars,
    scalarInputs,
    momentumScale: read.number('momentum_scale')!,
    level: read.word('level') as LLoCaSpecification['level'],
    scalarOutputs: read.number('scalar_outputs')!,
    vectorOutputs: read.number('vector_outputs')!,
    precision: read.word('frames_precision') as LLoCaSpecification['precision'],
    widths: {
      framesHidden: read.number('frames_hidden')!,
      framesLayers: read.number('frames_layers')!,
      framesGain: read.number('frames_gain')!,
      widening: read.number('widening')!,
      attentionFactor: read.number('attention_factor')!,
      messageLayers: read.number('message_layers')!,
      updateLayers: read.number('update_layers')!,
      pairMasses: read.boolean('pair_masses'),
      pairChannels: read.number('pair_channels')!,
    },
    title: `LLoCa ${backbone}, ${frames} frames`,
  };
  checkTogether(specification);
  return specification;
}

function netOf(read: OptionReader, scalarInputs: number): NetConfig {
  const features = read.words('features');
  const given: InputPart[] = scalarInputs > 0 ? ['scalars'] : [];
  const momenta: InputPart[] = features.includes('momenta') ? ['momenta'] : [];
  // The official amplitude nets differ in the order of their inputs; their weights go with it.
  const momentaFirst = read.word('backbone').startsWith('transformer');
  const inputs = momentaFirst ? [...momenta, ...given] : [...given, ...momenta];
  if (features.includes('kinematics')) inputs.push('kinematics');
  const kind = read.word('frames') as LearnedKind | 'identity';
  const max = read.number('gamma_max');
  return {
    frames:
      kind === 'identity'
        ? 'identity'
        : {
            kind,
            equivectors: equivectorsOf(read),
            global: read.word('frames_scope') === 'event',
            frames: {
              limit: max === undefined ? undefined : { max, hardness: read.number('gamma_hardness') },
            },
          },
    preparation: {
      references: referencesOf(read.words('references')),
      massRegulator: read.number('mass_regulator')!,
      restFrame: read.boolean('rest_frame'),
    },
    framesFeatures: read.word('frames_features') as NetConfig['framesFeatures'],
    inputs,
    backbone: backboneOf(read, inputWidth(inputs, scalarInputs)),
    token: read.word('pooling') === 'token',
  };
}

/** Channels that a group of inputs makes. */
export function inputWidth(inputs: readonly InputPart[], scalarInputs: number): number {
  const widths = { scalars: scalarInputs, momenta: 4, raw_momenta: 4, kinematics: 7 };
  return inputs.reduce((sum, part) => sum + widths[part], 0);
}

function equivectorsOf(read: OptionReader): EquivectorConfig {
  return {
    pair: read.word('pair') as EquivectorConfig['pair'],
    weighting: read.word('weighting') as EquivectorConfig['weighting'],
    aggregate: read.word('vector_sum') as EquivectorConfig['aggregate'],
    pairNorm: read.boolean('pair_norm'),
    vectorNorm: read.boolean('vector_norm'),
    pairMasses: read.boolean('frames_pair_masses'),
  };
}

/** Beams first, then time, as the official code has them. */
function referencesOf(words: readonly string[]): number[][] {
  const rows: number[][] = [];
  if (words.includes('beam') || words.includes('beams')) rows.push([1, 0, 0, 1]);
  if (words.includes('beams')) rows.push([1, 0, 0, -1]);
  if (words.includes('time')) rows.push([1, 0, 0, 0]);
  return rows;
}

function backboneOf(read: OptionReader, inputs: number): Backbone {
  const representation = representationIn(read.numbers('representation'));
  const blocks = read.number('blocks')!;
  const name = read.word('backbone');
  if (name === 'graphnet') {
    const aggregate = read.word('message_sum') as 'sum' | 'mean' | 'max';
    return { kind: 'graphnet', config: { representation, blocks, aggregate } };
  }
  if (name === 'particlenet') {
    const neighbours = read.number('neighbours')!;
    const layers = Array.from({ length: blocks }, (_, layer) => ({
      neighbours,
      // The features that enter are invariants, whatever they are called later.
      representation: layer === 0 ? representationOf([inputs]) : representation,
    }));
    return { kind: 'particlenet', config: { layers, width: dimensionOf(representation), useCounts: true } };
  }
  if (name === 'particle_transformer') {
    const config = {
      representation,
      blocks,
      classBlocks: read.number('class_blocks')!,
      heads: read.number('heads')!,
    };
    return { kind: 'particletransformer', config };
  }
  return {
    kind: 'transformer',
    config: {
      version: name === 'transformer_v2' ? 2 : 1,
      representation,
      blocks,
      heads: read.number('heads')!,
      multiQuery: read.boolean('multi_query'),
    },
  };
}

function representationIn(multiplicities: readonly number[]): TensorRepresentation {
  if (multiplicities.length > highestOrder + 1 || multiplicities.every((count) => count === 0)) {
    throw new Fault({
      code: 'model/option-length',
      message:
        '`representation` takes one to four numbers that are not all 0: scalars, four-vectors, tensors of order two and three',
      expected: '[8, 2]',
      found: `[${multiplicities.join(', ')}]`,
      advice: 'Write how many tensors of each order the hidden features have.',
    });
  }
  return representationOf(multiplicities);
}

function momentaOf(fields: readonly Field[]): Field {
  const fits = fields.filter(
    ({ type: { representation, axes } }) =>
      representation.kind === 'fourvector' && axes.length === 1 && 'index' in axes[0]!,
  );
  const found = fits.find(({ name }) => name === 'momenta') ?? (fits.length === 1 ? fits[0] : undefined);
  if (found) return found;
  if (fits.length === 0) {
    throw new Fault({
      code: 'model/no-momenta',
      message: 'LLoCa needs four-momenta of particles',
      expected: 'a data field such as momenta: fourvector[particle]',
      found: fieldsText(fields),
      advice: 'Declare the momenta, (E, px, py, pz), in the data block as `momenta: fourvector[particle]`.',
    });
  }
  throw new Fault({
    code: 'model/ambiguous-momenta',
    message: `several data fields hold four-momenta: ${fits.map(({ name }) => name).join(', ')}`,
    expected: 'one of them, or one named momenta',
    found: fits.map(({ name, type }) => `${name}: ${typeText(type)}`).join(', '),
    advice: 'Name the one that LLoCa shall read `momenta`, with `from` where the file calls it otherwise.',
  });
}

/** What single options allow but together makes no network. */
function checkTogether({
  net,
  level,
  scalarOutputs,
  vectorOutputs,
  scalarInputs,
  widths,
}: LLoCaSpecification): void {
  const { backbone, token, preparation, frames, framesFeatures, inputs } = net;
  const conflict = (message: string, advice: string): Fault =>
    new Fault({ code: 'model/option-conflict', message, found: `backbone: ${backbone.kind}`, advice });
  if (scalarOutputs + vectorOutputs === 0) {
    throw conflict('the network has no outputs', 'Set `scalar_outputs` or `vector_outputs` above 0.');
  }
  if (inputs.length === 0) {
    throw conflict(
      'the backbone has no inputs',
      'Name `momenta` or `kinematics` in `features`, or give it scalars.',
    );
  }
  if (backbone.kind === 'particletransformer' && (level === 'particle' || vectorOutputs > 0)) {
    throw conflict(
      'the Particle Transformer gives numbers of whole events only',
      'Choose another backbone, or `level: event` and no vector outputs.',
    );
  }
  if (backbone.kind === 'particlenet' && (level === 'particle' || vectorOutputs > 0)) {
    throw conflict(
      'ParticleNet gives numbers of whole events only',
      'Choose another backbone, or `level: event` and no vector outputs.',
    );
  }
  if (preparation.restFrame && vectorOutputs > 0) {
    throw conflict(
      '`rest_frame` changes the frame that vector outputs would be given in',
      'Take `rest_frame` or `vector_outputs` out.',
    );
  }
  if (token && (backbone.kind !== 'transformer' || level === 'particle' || vectorOutputs > 0)) {
    throw conflict(
      'a class token gives numbers of whole events, in transformers',
      'Choose `pooling: mean`, or a transformer with `level: event` and no vector outputs.',
    );
  }
  if (
    frames !== 'identity' &&
    !frames.equivectors.pairMasses &&
    scalarInputs === 0 &&
    framesFeatures === 'none'
  ) {
    throw conflict(
      'the net that weighs pairs has no inputs',
      'Leave `frames_pair_masses` on, or give the network scalars.',
    );
  }
  if (backbone.kind === 'transformer') {
    const width = dimensionOf(backbone.config.representation) * backbone.config.heads;
    if (width % widths.attentionFactor !== 0) {
      throw conflict(
        `\`attention_factor\` ${widths.attentionFactor} does not divide the width of attention, ${width}`,
        'Choose a factor that divides heads times the channels of `representation`.',
      );
    }
  }
}
