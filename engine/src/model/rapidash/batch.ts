/** From named values to the arrays of one batch of clouds, on the host. */
import { Fault } from '../../fault.ts';
import type { IndexSizes } from '../../signature.ts';
import { type NdArray, real, type Values } from '../../tensor/array.ts';
import { checkInput, scalarChannels } from '../fields.ts';
import { vectorChannels } from './inputs.ts';
import type { Channel, RapidashSpecification } from './specification.ts';
import type { Topology } from './topology.ts';

/** Host arrays of a batch; see Clouds for their shapes. */
export interface HostClouds {
  readonly positions: NdArray & { readonly data: Float64Array };
  readonly scalars?: NdArray;
  readonly vectors?: NdArray;
  readonly condition?: NdArray;
  readonly sizes: readonly number[];
}

/**
 * Number of points of one input.
 * @throws Fault `model/missing-input`, `model/input-shape`, `model/input-value` when an input is not what the signature says.
 */
export function checkedSize(specification: RapidashSpecification, values: Values): number {
  const { inputs, fields } = specification;
  const size = values[inputs.positions.name]?.shape[0] ?? 0;
  const sizes: IndexSizes = { [inputs.index]: size };
  for (const field of fields) checkInput('Rapidash', field, values[field.name], sizes);
  if (size === 0) {
    throw new Fault({
      code: 'model/input-shape',
      message: `\`${inputs.positions.name}\` has no points`,
      expected: 'at least one point',
      found: 'none',
      advice: 'Leave empty clouds out of the data.',
    });
  }
  return size;
}

/** @param batch checked inputs; clouds may differ in size */
export function assemble(specification: RapidashSpecification, batch: readonly Values[]): HostClouds {
  const { config, inputs, scalars, vectors } = specification;
  const { dim } = config;
  const sizes = batch.map((values) => values[inputs.positions.name]!.shape[0]!);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const gather = (width: number, fill: (values: Values, size: number, put: Put) => void): NdArray => {
    const data = new Float64Array(total * width);
    let first = 0;
    batch.forEach((values, cloud) => {
      const start = first * width;
      fill(values, sizes[cloud]!, (point, channel, value) => {
        data[start + point * width + channel] = value;
      });
      first += sizes[cloud]!;
    });
    return real([total, width], data);
  };
  const channelWise = (channels: readonly Channel[], width: number): NdArray =>
    gather(width, (values, size, put) => {
      let from = 0;
      for (const channel of channels) {
        const start = from;
        from += putChannel(channel, dim, values, size, (point, c, value) => put(point, start + c, value));
      }
    });
  const positions = gather(dim, (values, size, put) => {
    putRows(values[inputs.positions.name]!, dim, size, put);
  });
  return {
    positions: positions as HostClouds['positions'],
    sizes,
    ...(scalars.length > 0 ? { scalars: channelWise(scalars, config.scalarInputs) } : {}),
    ...(vectors.length > 0
      ? {
          vectors: real(
            [total, config.vectorInputs, dim],
            channelWise(vectors, config.vectorInputs * dim).data,
          ),
        }
      : {}),
    ...(inputs.condition
      ? {
          condition: gather(1, (values, size, put) => putRows(values[inputs.condition!.name]!, 1, size, put)),
        }
      : {}),
  };
}

/** Numbers on the edges, [edges, A] in the order of the links; entry (receiver, sender) of each field. */
export function edgeAttributesOf(
  { inputs }: RapidashSpecification,
  batch: readonly Values[],
  { sizes }: HostClouds,
  topology: Topology,
): NdArray | undefined {
  const { route } = topology.within[0]!;
  if (inputs.edgeAttributes.length === 0 || route.kind !== 'links') return undefined;
  const cloudOf = sizes.flatMap((size, cloud) => Array<number>(size).fill(cloud));
  const first: number[] = [];
  let points = 0;
  for (const size of sizes) {
    first.push(points);
    points += size;
  }
  const { senders, receivers } = route.links;
  const width = inputs.edgeAttributes.length;
  const data = new Float64Array(senders.length * width);
  senders.forEach((sender, edge) => {
    const cloud = cloudOf[sender]!;
    const entry = (receivers[edge]! - first[cloud]!) * sizes[cloud]! + sender - first[cloud]!;
    inputs.edgeAttributes.forEach((field, a) => {
      data[edge * width + a] = batch[cloud]![field.name]!.data[entry]!;
    });
  });
  return real([senders.length, width], data);
}

type Put = (point: number, channel: number, value: number) => void;

/** @returns number of channels written for each point */
function putChannel(channel: Channel, dim: number, values: Values, size: number, put: Put): number {
  const { field } = channel;
  if (channel.kind === 'pose') {
    const frame = field ? values[field.name]!.data : identity(dim);
    for (let point = 0; point < size; point++) {
      for (let c = 0; c < dim * dim; c++) put(point, c, frame[c]!);
    }
    return dim * dim;
  }
  const { representation } = field!.type;
  const value = values[field!.name]!;
  if (representation.kind === 'category') {
    for (let point = 0; point < size; point++) put(point, value.data[point]!, 1);
    return representation.count;
  }
  const width = representation.kind === 'scalar' ? scalarChannels(field!) : vectorChannels(field!) * dim;
  putRows(value, width, size, put);
  return width;
}

/** A value for each point, or one for the whole cloud. */
function putRows({ data }: NdArray, width: number, size: number, put: Put): void {
  const perCloud = data.length === width && size > 1;
  for (let point = 0; point < size; point++) {
    for (let c = 0; c < width; c++) put(point, c, data[perCloud ? c : point * width + c]!);
  }
}

function identity(dim: number): number[] {
  return Array.from({ length: dim * dim }, (_, i) => (i % (dim + 1) === 0 ? 1 : 0));
}
