/** From named values to the arrays of one batch of events, on the host. */
import { Fault } from '../../fault.ts';
import { type NdArray, real, type Values } from '../../tensor/array.ts';
import { checkInput, scalarChannels } from '../fields.ts';
import type { LLoCaSpecification } from './config.ts';

/** Host arrays of a batch, particles one after the other. */
export interface HostEvents {
  /** [M, 4], divided by the scale, in double precision. */
  readonly momenta: NdArray;
  /** [M, S] */
  readonly scalars?: NdArray;
  readonly sizes: readonly number[];
}

/**
 * Number of particles of one input.
 * @throws Fault `model/missing-input`, `model/input-shape`, `model/input-value` when an input is not what the signature says.
 */
export function checkedSize({ momenta, index, scalars }: LLoCaSpecification, values: Values): number {
  const size = values[momenta.name]?.shape[0] ?? 0;
  for (const field of [momenta, ...scalars])
    checkInput('LLoCa', field, values[field.name], { [index]: size });
  if (size === 0) {
    throw new Fault({
      code: 'model/input-shape',
      message: `\`${momenta.name}\` has no particles`,
      expected: 'at least one particle',
      found: 'none',
      advice: 'Leave empty events out of the data.',
    });
  }
  return size;
}

/** @param batch checked inputs; events may differ in size */
export function assemble(specification: LLoCaSpecification, batch: readonly Values[]): HostEvents {
  const { momenta, scalars, scalarInputs, momentumScale } = specification;
  const sizes = batch.map((values) => values[momenta.name]!.shape[0]!);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const p = new Float64Array(total * 4);
  const numbers = new Float64Array(total * scalarInputs);
  let first = 0;
  batch.forEach((values, event) => {
    const size = sizes[event]!;
    values[momenta.name]!.data.forEach((component, i) => {
      p[first * 4 + i] = component / momentumScale;
    });
    let from = 0;
    for (const field of scalars) {
      const { data } = values[field.name]!;
      const width = scalarChannels(field);
      const category = field.type.representation.kind === 'category';
      const shared = !category && data.length === width && size > 1;
      for (let particle = 0; particle < size; particle++) {
        const row = (first + particle) * scalarInputs + from;
        if (category) numbers[row + data[particle]!] = 1;
        else for (let c = 0; c < width; c++) numbers[row + c] = data[(shared ? 0 : particle * width) + c]!;
      }
      from += width;
    }
    first += size;
  });
  return {
    momenta: real([total, 4], p),
    sizes,
    ...(scalarInputs > 0 ? { scalars: real([total, scalarInputs], numbers) } : {}),
  };
}
