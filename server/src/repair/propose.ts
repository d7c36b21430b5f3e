/**
 * Which wrappers give a model the symmetry that it lacks. Frames for motions and boosts, the mean over a finite group, sorting
 * for permutations, or the mean where there are few.
 */
import {
  type DirectionGap,
  directionNames,
  flatten,
  type GroupSpec,
  groupText,
  normaliseGroup,
  type WrapKind,
} from '@noether/engine/catalog';
import { listText } from '../language/closest.ts';

/** One wrapper around what is inside of it. */
export interface WrapStep {
  readonly wrapper: WrapKind;
  /** As the language writes it; absent where the wrapper takes none. */
  readonly group?: string;
  /** Options that differ from their defaults. */
  readonly options: Readonly<Record<string, string | number>>;
  /** Evaluations of what is inside, for one of the whole. */
  readonly evaluations: number;
  /** "frames of SE(3)", after "with". */
  readonly title: string;
}

/** Wrappers from the inside to the outside. */
export interface Proposal {
  readonly steps: readonly WrapStep[];
  /** Evaluations of the model for one of the wrapped one. */
  readonly evaluations: number;
  /** "sorting along point and frames of SE(3)". */
  readonly title: string;
}

export interface Proposals {
  /** The one to try first comes first. */
  readonly proposals: readonly Proposal[];
  /** Why a part of the group has no wrapper. */
  readonly without: readonly string[];
}

/** Largest size of each index set in the data; what is not known is not proposed. */
export type LargestSizes = Readonly<Record<string, number>>;

type Factor = ReturnType<typeof flatten>[number];

/** The largest group that is averaged over: each element is one evaluation. */
const mostElements = 1024;

/** Permutations are few up to here. */
const mostPermutations = 24;

/** The factors that a check's table of directions finds broken; all of them where no direction is broken by itself. */
export function brokenFactors(group: GroupSpec, directions: readonly DirectionGap[] = []): Factor[] {
  const factors = flatten(normaliseGroup(group));
  const broken = new Set(directions.filter(({ holds }) => !holds).map(({ direction }) => direction));
  const own = factors.filter((factor) => directionNames(factor).some((name) => broken.has(name)));
  return own.length > 0 ? own : factors;
}

/**
 * @param group of the check, all of it: the order of coordinates is another one in each frame, so frames go around what is
 * sorted even where the motions hold by themselves.
 * @param broken the factors of it that do not hold
 */
export function propose(group: GroupSpec, broken: readonly Factor[], sizes: LargestSizes): Proposals {
  const without: string[] = [];
  const choices = broken.map((factor) => {
    const steps = stepsFor(factor, sizes);
    if (typeof steps !== 'string') return steps;
    without.push(steps);
    return [];
  });
  if (without.length > 0) return { proposals: [], without };
  const frames = flatten(normaliseGroup(group))
    .filter((factor) => !broken.includes(factor) && moves(factor))
    .flatMap((factor) => {
      const steps = stepsFor(factor, sizes);
      return typeof steps === 'string' ? [] : steps.slice(0, 1);
    });
  const chains = variants(choices).map((steps) =>
    steps.some(({ wrapper }) => wrapper === 'sorted') ? [...steps, ...frames] : steps,
  );
  return { proposals: chains.filter((steps) => steps.length > 0).map(proposalOf), without };
}

/** The first choice of each, then with another choice in one place. */
function variants(choices: readonly (readonly WrapStep[])[]): WrapStep[][] {
  const first = choices.flatMap((own) => own.slice(0, 1));
  const others = choices.flatMap((own, at) => own.slice(1).map((step) => first.with(at, step)));
  return [first, ...others];
}

/** What has to be inside comes first: the order, then the means, then the frames. */
const ranks: Readonly<Record<WrapKind, number>> = { sorted: 0, averaged: 1, framed: 2, lloca: 2 };

function proposalOf(chosen: readonly WrapStep[]): Proposal {
  const steps = chosen.toSorted((a, b) => ranks[a.wrapper] - ranks[b.wrapper]);
  return {
    steps,
    evaluations: steps.reduce((product, { evaluations }) => product * evaluations, 1),
    title: listText(
      steps.map(({ title }) => title),
      'and',
    ),
  };
}

function moves({ kind }: Factor): boolean {
  return ['SO', 'O', 'SE', 'E', 'T', 'Lorentz'].includes(kind);
}

/** The wrappers for one factor, the one to try first in front; a sentence where there is none. */
function stepsFor(factor: Factor, sizes: LargestSizes): WrapStep[] | string {
  switch (factor.kind) {
    case 'trivial':
      return [];
    case 'T':
      return [framed(`T(${factor.dim})`, 1)];
    case 'SO':
    case 'SE':
    case 'O':
    case 'E': {
      const group = `${factor.kind}(${factor.dim})`;
      // Every choice of the axes' signs; without mirrors, half of them.
      const choices = 2 ** factor.dim;
      const mirrors = factor.kind === 'O' || factor.kind === 'E';
      return [framed(group, mirrors ? choices : choices / 2), oneFrame(group)];
    }
    case 'Lorentz':
      return [{ wrapper: 'lloca', options: {}, evaluations: 1, title: 'Lorentz frames' }];
    case 'S': {
      const sorted: WrapStep = {
        wrapper: 'sorted',
        group: groupText(factor),
        options: {},
        evaluations: 1,
        title: `sorting along ${factor.index}`,
      };
      const order = permutations(sizes[factor.index]);
      return order <= mostPermutations ? [sorted, averaged(factor, order)] : [sorted];
    }
    case 'C':
      return [averaged(factor, factor.n)];
    case 'D':
      return [averaged(factor, 2 * factor.n)];
    case 'Z2':
    case 'shift': {
      const size = factor.index === undefined ? 1 : (sizes[factor.index] ?? Number.POSITIVE_INFINITY);
      const order = factor.kind === 'Z2' ? 2 ** size : size;
      if (order <= mostElements) return [averaged(factor, order)];
      return `${groupText(factor)} has ${Number.isFinite(order) ? order.toLocaleString('en-US') : 'an unknown number of'} elements on this data: too many to average over, and there is no frame for it`;
    }
  }
}

function framed(group: string, evaluations: number): WrapStep {
  return { wrapper: 'framed', group, options: {}, evaluations, title: `frames of ${group}` };
}

function oneFrame(group: string): WrapStep {
  return {
    wrapper: 'framed',
    group,
    options: { signs: 'one' },
    evaluations: 1,
    title: `one frame of ${group}`,
  };
}

/** What `averaged` takes all elements of without being told. */
const defaultDraws = 64;

function averaged(factor: Factor, order: number): WrapStep {
  return {
    wrapper: 'averaged',
    group: groupText(factor),
    options: order > defaultDraws ? { draws: order } : {},
    evaluations: order,
    title: `the mean over ${groupText(factor)}`,
  };
}

function permutations(size = Number.POSITIVE_INFINITY): number {
  if (size > 4) return Number.POSITIVE_INFINITY;
  return [1, 1, 2, 6, 24][size]!;
}
