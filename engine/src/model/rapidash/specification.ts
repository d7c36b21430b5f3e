/** From the language's options and the data's fields to a network. Pure. */
import { Fault } from '../../fault.ts';
import type { Field } from '../../signature.ts';
import type { NdArray } from '../../tensor/array.ts';
import type { Options } from '../description.ts';
import { scalarChannels } from '../fields.ts';
import { type Call, type OptionReader, readOptions } from '../options.ts';
import { baseConfig, type PointGraph, type RapidashConfig } from './config.ts';
import { icosahedralCounts, icosahedralGrid } from './grid.ts';
import { inputsOf, type RapidashInputs, vectorChannels } from './inputs.ts';
import { rapidashOptions } from './options.ts';

/** One group of channels: a field, or the coordinates; vectors may enter as plain numbers. */
export type Channel =
  | { readonly kind: 'field'; readonly field: Field }
  /** Components of a vector field as numbers. */
  | { readonly kind: 'components'; readonly field: Field }
  | { readonly kind: 'pose'; readonly field: Field | undefined };

export interface RapidashSpecification {
  readonly config: RapidashConfig;
  readonly inputs: RapidashInputs;
  /** The fields that are read, each once, positions first. */
  readonly fields: readonly Field[];
  /** What makes the scalar channels and the vector channels, in order. */
  readonly scalars: readonly Channel[];
  readonly vectors: readonly Channel[];
  /** A grid other than the default one. */
  readonly grid?: NdArray;
  /** "Rapidash R3xS2, 16 orientations". */
  readonly title: string;
}

/**
 * @throws Fault `model/…`: an option that is unknown, out of range or at odds with another one, or a field that is
 * missing or of the wrong type.
 */
export function specificationOf(options: Options, fields: readonly Field[]): RapidashSpecification {
  const read = readOptions({ name: 'Rapidash', options: rapidashOptions }, options);
  const space = read.word('space');
  const dim = space.startsWith('R2') ? 2 : 3;
  const orientations = space.includes('x') ? read.number('orientations')! : 0;
  const features = read.words('features');
  const has = (feature: string): boolean => features.includes(feature);
  const found = inputsOf(
    {
      dim,
      normals: has('normals') || has('normals_as_vectors'),
      pose: has('pose'),
      scalars: read.words('scalars'),
      vectors: read.words('vectors'),
      condition: read.words('condition'),
      edgeAttributes: read.words('edge_attributes'),
    },
    fields,
  );
  const { normals, ...inputs } = found;
  const scalars: Channel[] = inputs.scalars.map((field) => ({ kind: 'field', field }));
  if (has('coordinates')) scalars.push({ kind: 'components', field: inputs.positions });
  if (has('normals')) scalars.push({ kind: 'components', field: normals! });
  const vectors: Channel[] = inputs.vectors.map((field) => ({ kind: 'field', field }));
  if (has('coordinates_as_vectors')) vectors.push({ kind: 'field', field: inputs.positions });
  if (has('normals_as_vectors')) vectors.push({ kind: 'field', field: normals! });
  if (has('pose')) vectors.push({ kind: 'pose', field: inputs.pose });

  const layers = read.numbers('layers');
  const config: RapidashConfig = {
    ...baseConfig,
    dim,
    orientations,
    invariants: read.word('invariants') as 'SE' | 'T',
    variant: read.word('variant') as RapidashConfig['variant'],
    scalarInputs: scalars.reduce(
      (sum, { kind, field }) => sum + (kind === 'components' ? dim : scalarChannels(field!)),
      0,
    ),
    vectorInputs: vectors.reduce(
      (sum, { kind, field }) => sum + (kind === 'pose' ? dim : vectorChannels(field!)),
      0,
    ),
    condition: inputs.condition !== undefined,
    edgeInputs: inputs.edgeAttributes.length,
    hidden: perScale('hidden', read.numbers('hidden'), layers.length),
    layers,
    graphs: layers.map((_, scale) =>
      graphOf(read.call(scale > 0 && scale === layers.length - 1 ? 'coarsest_graph' : 'graph')),
    ),
    ratios: perScale('pooling', read.numbers('pooling'), layers.length - 1),
    basis: read.number('basis')!,
    basisHidden: read.number('basis_hidden')!,
    degree: read.number('degree')!,
    widening: read.number('widening')!,
    layerScale: read.number('layer_scale'),
    mixing: read.boolean('mixing'),
    scalarOutputs: read.number('scalar_outputs')!,
    vectorOutputs: read.number('vector_outputs')!,
    level: read.word('level') as RapidashConfig['level'],
    readout: read.word('readout') === 'pooled' ? 'pooled' : 'per point',
    lengthScale: read.number('length_scale')!,
  };
  checkTogether(config, space);
  const used = [inputs.positions, ...inputs.scalars, ...inputs.vectors, ...inputs.edgeAttributes];
  for (const field of [normals, inputs.pose, inputs.condition]) if (field) used.push(field);
  return {
    config,
    inputs,
    fields: [...new Map(used.map((field) => [field.name, field])).values()],
    scalars,
    vectors,
    ...gridOf(read, config),
    title: orientations > 0 ? `Rapidash ${space}, ${orientations} orientations` : `Rapidash ${space}`,
  };
}

/** One number for each scale; a single one stands for all. */
function perScale(option: string, values: readonly number[], scales: number): readonly number[] {
  if (scales <= 0) return [];
  if (values.length === 1) return Array<number>(scales).fill(values[0]!);
  if (values.length === scales) return values;
  throw new Fault({
    code: 'model/option-length',
    message: `\`${option}\` has ${values.length} numbers, which does not go with the number of scales in \`layers\``,
    expected: `1 or ${scales}`,
    found: String(values.length),
    advice: `Give \`${option}\` one number for all, or one for each.`,
  });
}

function graphOf({ call, arguments: [value] }: Call): PointGraph {
  if (call === 'full') return { kind: 'full' };
  const least = call === 'knn' ? 1 : Number.MIN_VALUE;
  if (value === undefined || value < least || (call === 'knn' && !Number.isInteger(value))) {
    const expected = call === 'knn' ? 'a whole number of neighbours, at least 1' : 'a length above 0';
    throw new Fault({
      code: 'model/option-range',
      message: `\`${call}\` takes ${expected}, not ${value}`,
      expected,
      found: String(value),
      advice: `Correct the number in \`${call}(…)\`.`,
    });
  }
  return call === 'knn' ? { kind: 'knn', neighbours: value } : { kind: 'radius', radius: value };
}

function gridOf(read: OptionReader, { dim, orientations }: RapidashConfig): { grid?: NdArray } {
  if (read.word('grid') !== 'icosahedral' || dim === 2 || orientations === 0) return {};
  const count = icosahedralCounts.find((one) => one === orientations);
  if (count) return { grid: icosahedralGrid(count) };
  throw new Fault({
    code: 'model/grid-size',
    message: `an icosahedral grid does not have ${orientations} orientations`,
    expected: icosahedralCounts.join(', '),
    found: String(orientations),
    advice: 'Set `orientations` to 12, 20 or 30, or choose the fibonacci grid.',
  });
}

/** What single options allow but together makes no network. */
function checkTogether(config: RapidashConfig, space: string): void {
  const { orientations, vectorInputs, vectorOutputs, scalarOutputs, mixing, readout, level } = config;
  const conflict = (message: string, advice: string): Fault =>
    new Fault({ code: 'model/option-conflict', message, found: `space: ${space}`, advice });
  const oriented = config.dim === 2 ? 'R2xS1' : 'R3xS2';
  if (orientations === 0 && vectorOutputs > 0) {
    throw conflict(
      `${space} has no orientations, so Rapidash cannot put out vectors there`,
      `Choose the space ${oriented}, or take \`vector_outputs\` out.`,
    );
  }
  if (orientations === 0 && vectorInputs > 0) {
    throw conflict(
      `${space} has no orientations, so Rapidash cannot take vectors there`,
      `Choose the space ${oriented}, or leave out \`vectors\`, \`pose\` and the features \`…_as_vectors\`.`,
    );
  }
  if (orientations === 0 && mixing) {
    throw conflict(`\`mixing\` is about orientations, which ${space} does not have`, 'Take `mixing` out.');
  }
  if (scalarOutputs + vectorOutputs === 0) {
    throw conflict('the network has no outputs', 'Set `scalar_outputs` or `vector_outputs` above 0.');
  }
  if (readout === 'pooled' && (level === 'point' || vectorOutputs > 0)) {
    throw conflict(
      'the pooled read-out gives scalars of whole clouds only',
      'Choose `readout: per_point`, or `level: graph` and no vector outputs.',
    );
  }
  if (config.edgeInputs > 0 && config.layers.length > 1) {
    throw conflict(
      'edge attributes need a network of one scale',
      'Give `layers` a single number, or take `edge_attributes` out.',
    );
  }
  if (config.layers.every((count) => count === 0)) {
    throw conflict('the network has no blocks', 'Set at least one number in `layers` above 0.');
  }
}
