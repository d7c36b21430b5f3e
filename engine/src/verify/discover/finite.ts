/**
 * Finite elements: mirrors and turns where no rotation holds, permutations by pairs, cyclic shifts and turns by their
 * divisors, signs one by one. What is implied by elements that hold is not tried again.
 */
import type { AmbientFactor, AmbientSpec } from '../../group/ambient.ts';
import type { GroupElement, GroupSpec } from '../../group/group.ts';
import { identityMatrix } from '../../group/matrix.ts';
import type { IndexSizes } from '../../signature.ts';
import type { FiniteElement } from './discovery.ts';
import { type ElementGap, worse } from './gaps.ts';
import { type Dimension, exponential, type GeneratorList } from './generators.ts';

/** Entries of an index set that are told apart. */
const mostEntries = 256;

/** Swaps that are tried in one index set before it is given up. */
const mostSwaps = 1500;

/** The element for a sample of these sizes; `undefined` where a sample is too small to have it. */
export type ElementFor = (sizes: IndexSizes) => GroupElement | undefined;

export interface FiniteContext {
  readonly ambient: AmbientSpec;
  readonly list: GeneratorList;
  /** Sizes of the samples that elements are tried on. */
  readonly sizes: readonly IndexSizes[];
  /** Whether a generator of this name is in the algebra that was found. */
  contains(generator: string): boolean;
  /** The worst gap of each element over the samples that have it; `undefined` where none has. */
  measure(elements: readonly ElementFor[]): Promise<(ElementGap | undefined)[]>;
}

export interface FiniteFindings {
  readonly elements: readonly FiniteElement[];
  /** Groups of the language that hold as a whole. */
  readonly groups: readonly GroupSpec[];
  /** What holds, in words: "inversion", "S(point)", "permutations of point among 1-9". */
  readonly names: readonly string[];
}

const nothing: FiniteFindings = { elements: [], groups: [], names: [] };

export async function finiteElements(context: FiniteContext): Promise<FiniteFindings> {
  const all: FiniteFindings[] = [await spatialElements(context)];
  for (const factor of context.ambient.factors) all.push(await factorElements(factor, context));
  return {
    elements: all.flatMap(({ elements }) => elements),
    groups: all.flatMap(({ groups }) => groups),
    names: all.flatMap(({ names }) => names),
  };
}

function factorElements(factor: AmbientFactor, context: FiniteContext): Promise<FiniteFindings> {
  switch (factor.kind) {
    case 'S':
      return permutations(factor.index, context);
    case 'shift':
      return shifts(factor.index, context);
    case 'C':
    case 'D':
      return turnsOf(factor.n, factor.kind === 'D', context);
    case 'Z2':
      return factor.index === undefined ? inversion(context) : signs(factor.index, context);
    default:
      return Promise.resolve(nothing);
  }
}

interface Named {
  readonly name: string;
  readonly element: ElementFor;
}

async function tried(
  named: readonly Named[],
  { measure }: FiniteContext,
): Promise<(FiniteElement | undefined)[]> {
  const gaps = await measure(named.map(({ element }) => element));
  return gaps.map((gap, i) => gap && { name: named[i]!.name, ...gap });
}

const holds = (element: FiniteElement | undefined): element is FiniteElement => element?.verdict === 'holds';

/** Mirrors of groups that have them, and turns about axes about which no rotation holds. */
async function spatialElements(context: FiniteContext): Promise<FiniteFindings> {
  const { ambient, list, contains } = context;
  const { dim, generators } = list;
  const mirrored = ambient.factors.some(({ kind }) => ['O', 'E', 'GL', 'affine'].includes(kind));
  const found: FiniteElement[] = [];
  if (mirrored) {
    const mirrors = mirrorsOf(
      dim,
      generators.filter(({ name }) => /^rotation/.test(name)).every(({ name }) => contains(name)),
    );
    found.push(...(await tried(mirrors, context)).filter((one) => one !== undefined));
  }
  for (const generator of generators) {
    if (!/^rotation/.test(generator.name) || contains(generator.name)) continue;
    const about = generator.name.slice('rotation'.length);
    const turns = [6, 4, 3, 2].map((n) => ({
      n,
      name: `turn by ${360 / n} degrees${about}`,
      element: () => exponential(generator, (2 * Math.PI) / n),
    }));
    const gaps = await tried(turns, context);
    turns.forEach(({ n }, i) => {
      // A half turn is in every group of quarter turns.
      const implied = turns.some((other, k) => other.n > n && other.n % n === 0 && holds(gaps[k]));
      if (gaps[i] && !implied) found.push(gaps[i]);
    });
  }
  return { elements: found, groups: [], names: found.filter(holds).map(({ name }) => name) };
}

function mirrorsOf(dim: Dimension, allRotations: boolean): Named[] {
  const flip = (name: string, ...flipped: number[]): Named => ({
    name,
    element: () => {
      const matrix = identityMatrix(dim);
      for (const i of flipped) matrix[i * dim + i] = -1;
      return { kind: 'affine', dim, matrix, translation: new Array<number>(dim).fill(0) };
    },
  });
  if (dim === 4) return [flip('inversion of space', 1, 2, 3), flip('reversal of time', 0)];
  if (dim === 2) return [flip('mirror along x', 0), ...(allRotations ? [] : [flip('mirror along y', 1)])];
  const inversionOfSpace = flip('inversion', 0, 1, 2);
  if (allRotations) return [inversionOfSpace];
  return [inversionOfSpace, flip('mirror along x', 0), flip('mirror along y', 1), flip('mirror along z', 2)];
}

async function inversion(context: FiniteContext): Promise<FiniteFindings> {
  const element: GroupElement = { kind: 'sign', signs: [-1] };
  const found = (await tried([{ name: 'inversion', element: () => element }], context)).filter(
    (one) => one !== undefined,
  );
  const all = found.every(holds);
  return { elements: found, groups: all ? [{ kind: 'Z2' }] : [], names: all ? ['inversion'] : [] };
}

/** Swaps that hold are an equivalence relation, so each entry is tried against one entry of each class. */
async function permutations(index: string, context: FiniteContext): Promise<FiniteFindings> {
  const largest = Math.max(...context.sizes.map((sizes) => sizes[index] ?? 0));
  const n = Math.min(largest, mostEntries);
  if (n < 2) return nothing;
  const swap = (i: number, j: number): Named => ({
    name: `swap of ${index} ${Math.min(i, j)} and ${Math.max(i, j)}`,
    element: (sizes) => {
      const size = sizes[index] ?? 0;
      if (size <= Math.max(i, j)) return undefined;
      const order = Array.from({ length: size }, (_, k) => (k === i ? j : k === j ? i : k));
      return { kind: 'permutation', index, order };
    },
  });
  const classes: { readonly members: number[]; worst?: FiniteElement }[] = [];
  const broken: FiniteElement[] = [];
  let swaps = 0;
  for (let i = 0; i < n && swaps <= mostSwaps; i++) {
    const gaps = await tried(
      classes.map(({ members }) => swap(i, members[0]!)),
      context,
    );
    swaps += gaps.length;
    const at = gaps.findIndex(holds);
    broken.push(...gaps.filter((one) => one !== undefined && one.verdict !== 'holds').map((one) => one!));
    if (at < 0) classes.push({ members: [i] });
    else {
      const own = classes[at]!;
      own.members.push(i);
      own.worst = own.worst ? { ...own.worst, ...worse(own.worst, gaps[at]!) } : gaps[at]!;
    }
  }
  const blocks = classes.filter(({ members }) => members.length > 1);
  const whole = classes.length === 1 && n === largest;
  const elements = blocks.map(({ members, worst }) => ({
    ...worst!,
    name: whole ? `all permutations of ${index}` : `permutations of ${index} among ${rangesText(members)}`,
  }));
  const largestBreak = broken.reduce<FiniteElement | undefined>(
    (most, one) =>
      most ? { ...one, ...worse(one, most), name: worse(one, most) === one ? one.name : most.name } : one,
    undefined,
  );
  const cycles = blocks.length === 0 ? await shifts(index, context, 'permutation') : nothing;
  return {
    elements: [...elements, ...(largestBreak ? [largestBreak] : []), ...cycles.elements],
    groups: whole ? [{ kind: 'S', index }] : cycles.groups,
    names: [...(whole ? [`S(${index})`] : elements.map(({ name }) => name)), ...cycles.names],
  };
}

/** "0, 2-5". */
function rangesText(members: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const member of members) {
    const last = ranges.at(-1);
    if (last && member === last[1] + 1) last[1] = member;
    else ranges.push([member, member]);
  }
  return ranges.map(([a, b]) => (a === b ? String(a) : `${a}-${b}`)).join(', ');
}

/** Subgroups of a cyclic group are those of the multiples of a divisor: the smallest one that holds is all of it. */
async function shifts(
  index: string,
  context: FiniteContext,
  as: 'shift' | 'permutation' = 'shift',
): Promise<FiniteFindings> {
  const size = context.sizes[0]?.[index] ?? 0;
  const named = divisors(size).map((by): Named & { readonly by: number } => ({
    by,
    name: `cyclic shift by ${by} along ${index}`,
    element: (sizes) => {
      if (sizes[index] !== size) return undefined;
      return as === 'shift'
        ? { kind: 'shift', index, by, size }
        : {
            kind: 'permutation',
            index,
            order: Array.from({ length: size }, (_, i) => (i - by + size) % size),
          };
    },
  }));
  const { least, elements } = await smallest(named, context);
  const names =
    least === undefined
      ? []
      : [least === 1 ? `shift(${index})` : `shifts along ${index} by multiples of ${least}`];
  return { elements, groups: least === 1 ? [{ kind: 'shift', index }] : [], names };
}

function divisors(n: number): number[] {
  return Array.from({ length: Math.max(0, n - 1) }, (_, i) => i + 1).filter((d) => n % d === 0);
}

/** Tries multiples from the smallest on until one holds. */
async function smallest(
  named: readonly (Named & { readonly by: number })[],
  context: FiniteContext,
): Promise<{ readonly least?: number; readonly elements: readonly FiniteElement[] }> {
  const elements: FiniteElement[] = [];
  for (const one of named) {
    const [gap] = await tried([one], context);
    if (!gap) continue;
    elements.push(gap);
    if (holds(gap)) return { least: one.by, elements };
  }
  return { elements };
}

async function turnsOf(n: number, mirrors: boolean, context: FiniteContext): Promise<FiniteFindings> {
  const turn =
    (turns: number, mirrored: boolean): ElementFor =>
    () => ({ kind: 'dihedral', n, turns, mirrored });
  const degrees = (k: number) => Number(((360 * k) / n).toFixed(2));
  const { least, elements } = await smallest(
    divisors(n).map((by) => ({ by, name: `turn by ${degrees(by)} degrees`, element: turn(by, false) })),
    context,
  );
  const step = least ?? n;
  const mirrored = mirrors
    ? await tried(
        Array.from({ length: step }, (_, k) => ({
          name: k === 0 ? 'mirror along x' : `mirror along x and turn by ${degrees(k)} degrees`,
          element: turn(k, true),
        })),
        context,
      )
    : [];
  const some = mirrored.filter((one) => one !== undefined);
  const order = n / step;
  const groups: GroupSpec[] = [];
  if (holds(some[0])) groups.push({ kind: 'D', n: order });
  else if (order > 1) groups.push({ kind: 'C', n: order });
  const names = [...(order > 1 ? [`C(${order})`] : []), ...some.filter(holds).map(({ name }) => name)];
  return {
    elements: [...elements, ...some],
    groups,
    names: holds(some[0]) && order > 1 && step === some.filter(holds).length ? [`D(${order})`] : names,
  };
}

/** Signs of single entries, and of all entries together where some do not hold alone. */
async function signs(index: string, context: FiniteContext): Promise<FiniteFindings> {
  const n = Math.min(Math.max(...context.sizes.map((sizes) => sizes[index] ?? 0)), mostEntries);
  const flip = (name: string, flipped: (i: number) => boolean, least: number): Named => ({
    name,
    element: (sizes) => {
      const size = sizes[index] ?? 0;
      if (size <= least) return undefined;
      const own = Array.from({ length: size }, (_, i) => (flipped(i) ? -1 : 1) as 1 | -1);
      return { kind: 'sign', index, signs: own };
    },
  });
  const single = await tried(
    Array.from({ length: n }, (_, k) => flip(`sign of ${index} ${k}`, (i) => i === k, k)),
    context,
  );
  const some = single.filter((one) => one !== undefined);
  if (some.length > 0 && some.every(holds)) {
    const worst = some.reduce<ElementGap>(worse, some[0]!);
    return {
      elements: [{ ...worst, name: `signs of ${index}` }],
      groups: [{ kind: 'Z2', index }],
      names: [`Z2(${index})`],
    };
  }
  const all = (await tried([flip(`all signs of ${index}`, () => true, 0)], context)).filter(
    (one) => one !== undefined,
  );
  const elements = [...some, ...all];
  return { elements, groups: [], names: elements.filter(holds).map(({ name }) => name) };
}
