/** From the language's options and the data's fields to a network of tables. Pure. */
import { Fault } from '../../fault.ts';
import type { Field } from '../../signature.ts';
import type { Options } from '../description.ts';
import { type OptionReader, readOptions } from '../options.ts';
import type { WeightSpec } from '../weights.ts';
import type { BaselineConfig, NetConfig } from './config.ts';
import { equiTabPfnOptions, tabPfnOptions } from './options.ts';
import { readTableFields, type TableFields } from './table-fields.ts';
import { baselineSpecs, weightSpecs } from './weights.ts';

export type Network =
  | { readonly kind: 'EquiTabPFN'; readonly config: NetConfig }
  | { readonly kind: 'TabPFN'; readonly config: BaselineConfig };

export interface TableSpecification {
  readonly title: string;
  readonly network: Network;
  readonly fields: TableFields;
  readonly scaling: 'standard' | 'none';
  readonly missingStatistics: 'labelled' | 'all';
  /** Orders of the classes that scores are averaged over; `all` has every one. */
  readonly orders: number | 'all';
}

/**
 * @throws Fault `model/…`: an option that is unknown, out of range or at odds with another one, or a field that is
 * missing or of the wrong type.
 */
export function specificationOf(
  family: Network['kind'],
  options: Options,
  fields: readonly Field[],
): TableSpecification {
  const described = family === 'TabPFN' ? tabPfnOptions : equiTabPfnOptions;
  const read = readOptions({ name: family, options: described }, options);
  const network = family === 'TabPFN' ? baselineOf(read) : equivariantOf(read);
  const { width, heads } = network.config;
  if (width % heads !== 0) {
    throw new Fault({
      code: 'model/option-conflict',
      message: `\`width: ${width}\` cannot be shared by \`heads: ${heads}\``,
      expected: `a multiple of ${heads}`,
      found: String(width),
      advice: 'Choose a width that is a multiple of the heads.',
    });
  }
  const ensemble = network.kind === 'TabPFN' ? read.word('ensemble') : 'none';
  const orders = ensemble === 'all' ? 'all' : ensemble === 'random' ? read.number('orders')! : 1;
  const mean =
    orders === 1 ? '' : orders === 'all' ? ', all orders of classes' : `, ${orders} orders of classes`;
  return {
    title: `${family}, ${depthText(network)} of ${width} channels${mean}`,
    network,
    fields: readTableFields(family, read, fields),
    scaling: read.word('scaling') as TableSpecification['scaling'],
    missingStatistics: read.word('missing_statistics') as TableSpecification['missingStatistics'],
    orders,
  };
}

export function specsOf({ network }: Pick<TableSpecification, 'network'>): WeightSpec[] {
  return network.kind === 'TabPFN' ? baselineSpecs(network.config) : weightSpecs(network.config);
}

function equivariantOf(read: OptionReader): Network {
  const config: NetConfig = {
    ...common(read),
    blocks: read.number('blocks')!,
    mask: read.word('mask') as NetConfig['mask'],
    decoderHidden: read.number('decoder_hidden')!,
  };
  return { kind: 'EquiTabPFN', config };
}

function baselineOf(read: OptionReader): Network {
  const config: BaselineConfig = {
    ...common(read),
    layers: read.number('layers')!,
    classes: read.number('classes')!,
  };
  return { kind: 'TabPFN', config };
}

function common(read: OptionReader): Pick<NetConfig, 'width' | 'heads' | 'widening' | 'columns'> {
  return {
    width: read.number('width')!,
    heads: read.number('heads')!,
    widening: read.number('widening')!,
    columns: read.number('columns')!,
  };
}

function depthText(network: Network): string {
  return network.kind === 'TabPFN' ? `${network.config.layers} layers` : `${network.config.blocks} blocks`;
}
