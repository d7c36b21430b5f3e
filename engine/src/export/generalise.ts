/** Several recordings of one network as one graph: the same operations, sizes that follow those of the inputs. */
import type { Field, IndexSizes } from '../signature.ts';
import { type LeafSource, sourceOf } from './leaves.ts';
import { fitted, monomials, type Polynomial } from './polynomial.ts';
import type { Probe } from './probes.ts';
import type { Leaf, Ref, Step, Trace } from './record.ts';

export type Size = number | Polynomial;

export interface GeneralStep {
  readonly step: Step;
  /** Its number in the recordings. */
  readonly place: number;
  readonly shapes: readonly (readonly Size[])[];
  /** Attributes that are lists of sizes. */
  readonly lists: Readonly<Record<string, readonly Size[]>>;
}

export interface General {
  /** Only what the outputs need, in order. */
  readonly steps: readonly GeneralStep[];
  readonly leaves: ReadonlyMap<
    Ref,
    { readonly source: LeafSource; readonly shape: readonly Size[]; readonly dtype: string }
  >;
  readonly outputs: Readonly<Record<string, Ref>>;
}

/** Why the recordings are not one graph. */
export type Obstacle =
  /** Other inputs make another computation: the model decides something on the host. */
  | { readonly kind: 'structure' }
  /** An array that the host computes from the inputs. */
  | {
      readonly kind: 'host';
      readonly shape: readonly number[];
      readonly dtype: string;
      readonly feeds: string;
    }
  /** A size that does not follow from the inputs' sizes. */
  | { readonly kind: 'size'; readonly kernel: string }
  | { readonly kind: 'output'; readonly name: string };

/** Attributes that hold sizes, by operation. */
const sizeLists: Readonly<Record<string, readonly string[]>> = {
  Slice: ['begin'],
  Tile: ['reps'],
  SplitV: ['numOrSizeSplits'],
};

/** Operations whose result's shape, not their attribute, is what is written. */
const shapeAttributes = new Set(['shape', 'size', 'dim']);

/** @param outputs of each recording, by name: where the model's results are */
export function generalise(
  traces: readonly Trace[],
  outputs: readonly Readonly<Record<string, Ref>>[],
  probes: readonly Probe[],
  inputs: readonly Field[],
  names: readonly string[],
): General | Obstacle {
  const [trace] = traces as [Trace, ...Trace[]];
  if (!traces.every((other) => alike(trace, other)) || !outputs.every((one) => sameRefs(one, outputs[0]!))) {
    return { kind: 'structure' };
  }
  const sizes: readonly IndexSizes[] = probes.map((probe) => probe.sizes);
  const terms = monomials(names);
  const generalSize = (values: readonly number[]): Size | undefined => {
    const polynomial = fitted(values, sizes, terms);
    if (!polynomial) return undefined;
    const [only, more] = polynomial;
    if (!only) return 0;
    return !more && only.monomial.length === 0 ? only.coefficient : polynomial;
  };
  const generalList = (lists: readonly (readonly number[])[]): Size[] | undefined => {
    const result = lists[0]!.map((_, i) => generalSize(lists.map((list) => list[i]!)));
    return result.every((size) => size !== undefined) ? (result as Size[]) : undefined;
  };

  const live = liveSteps(trace, Object.values(outputs[0]!));
  const steps: GeneralStep[] = [];
  const needed = new Map<Ref, string>();
  for (const place of live) {
    const step = trace.steps[place]!;
    for (const ref of step.inputs)
      if (ref.startsWith('leaf')) needed.set(ref, needed.get(ref) ?? step.kernel);
    const shapes = step.shapes.map((_, i) => generalList(traces.map((one) => one.steps[place]!.shapes[i]!)));
    const lists = Object.fromEntries(
      (sizeLists[step.kernel] ?? []).map((name) => {
        const given = traces.map((one) => listOf(one.steps[place]!.attributes[name], step.shapes[0]!.length));
        return [name, generalList(given)];
      }),
    );
    if ([...shapes, ...Object.values(lists)].includes(undefined))
      return { kind: 'size', kernel: step.kernel };
    if (step.kernel === 'SplitV' && lists.numOrSizeSplits!.some((size) => typeof size !== 'number')) {
      return { kind: 'size', kernel: step.kernel };
    }
    steps.push({ step, place, shapes: shapes as Size[][], lists: lists as Record<string, Size[]> });
  }
  for (const ref of Object.values(outputs[0]!)) if (ref.startsWith('leaf')) needed.set(ref, 'an output');
  const leaves = new Map<Ref, { source: LeafSource; shape: readonly Size[]; dtype: string }>();
  for (const [ref, feeds] of needed) {
    const own = traces.map((one) => one.leaves[Number(ref.slice(5))] as Leaf);
    const source = sourceOf(own, probes, inputs, terms);
    const { shape, dtype } = own[0]!;
    if (!source) return { kind: 'host', shape, dtype, feeds };
    const general = generalList(own.map((leaf) => leaf.shape));
    if (!general) return { kind: 'size', kernel: feeds };
    leaves.set(ref, { source, shape: general, dtype });
  }
  return { steps, leaves, outputs: outputs[0]! };
}

/** A single number stands for a list of it. */
function listOf(value: unknown, length: number): number[] {
  return typeof value === 'number' ? Array(length).fill(value) : [...(value as number[])];
}

function alike(a: Trace, b: Trace): boolean {
  if (a.steps.length !== b.steps.length || a.leaves.length !== b.leaves.length) return false;
  return a.steps.every((step, i) => {
    const other = b.steps[i]!;
    return (
      step.kernel === other.kernel &&
      String(step.inputs) === String(other.inputs) &&
      step.shapes.every((shape, k) => shape.length === other.shapes[k]?.length) &&
      otherAttributes(step) === otherAttributes(other)
    );
  });
}

function otherAttributes({ kernel, attributes }: Step): string {
  const sized = sizeLists[kernel] ?? [];
  const rest = Object.entries(attributes).filter(
    ([name]) => !sized.includes(name) && !shapeAttributes.has(name) && name !== 'numSegments',
  );
  return JSON.stringify(rest);
}

function sameRefs(a: Readonly<Record<string, Ref>>, b: Readonly<Record<string, Ref>>): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** The steps that these values are computed from. */
function liveSteps({ steps }: Trace, outputs: readonly Ref[]): number[] {
  const live = new Set<number>();
  const waiting = [...outputs];
  for (let ref = waiting.pop(); ref; ref = waiting.pop()) {
    if (!ref.startsWith('step')) continue;
    const place = Number(ref.slice(5).split('.')[0]);
    if (live.has(place)) continue;
    live.add(place);
    waiting.push(...steps[place]!.inputs);
  }
  return [...live].sort((a, b) => a - b);
}
