/** Dynamics on graphs that change: what the network is trained on. A seed gives everything. Pure. */
import type { Random } from '../../../tensor/random.ts';
import { changed, type GraphFamily, graphOf } from './graphs.ts';
import { gene, heat, mutualistic, type System, sir } from './systems.ts';
import { trajectory } from './trajectory.ts';

export const systemNames = ['heat', 'gene', 'mutualistic', 'sir'] as const;
export type SystemName = (typeof systemNames)[number];

export interface Simulation {
  readonly system: SystemName;
  readonly graph: GraphFamily;
  readonly nodes: number;
  /** Observations, at irregular times from 0; the first is 0. */
  readonly times: number;
  /** The end of the time from which observations are drawn. */
  readonly horizon: number;
  /** How often the graph changes. */
  readonly events: number;
}

/** As the paper simulates: 20 x 20 nodes there. */
export const paperSimulation: Omit<Simulation, 'system' | 'graph'> = {
  nodes: 400,
  times: 120,
  horizon: 5,
  events: 12,
};

export interface SimulatedGraph {
  /** [times] */
  readonly times: Float64Array;
  /** [times, n, n]: the graph at each observation. */
  readonly adjacency: Float64Array;
  /** [times, n], of SIR [times, n, 3]. */
  readonly states: Float64Array;
}

const probabilities = { drop: 0.02, add: 0.001 };

/**
 * Observation times are drawn without repetition from 1000 equispaced ones. Events lie on observations, each graph has its own; the
 * trajectory goes on through an event without a gap. The official generator leaves that gap out of the time, gives all graphs of a
 * batch the last one's event times, and makes undirected graphs directed.
 */
export function simulate(
  { system, graph, nodes, times: count, horizon, events }: Simulation,
  random: Random,
): SimulatedGraph {
  const draws = random
    .stream('times')
    .permutation(999)
    .slice(0, count - 1);
  const times = Float64Array.from([0, ...draws.map((i) => ((i + 1) * horizon) / 999)].sort((a, b) => a - b));
  const eventRandom = random.stream('events');
  const eventKnots = new Set(
    eventRandom
      .permutation(count - 1)
      .slice(0, events)
      .map((knot) => knot + 1),
  );
  const adjacency = new Float64Array(count * nodes * nodes);
  let current = graphOf(graph, nodes, random.stream('graph'));
  let state = startOf(system, nodes, random.stream('start'));
  const right = systemOf(system);
  const states = new Float64Array(count * state.length);
  for (let knot = 0; knot < count; knot++) {
    if (knot > 0) {
      // The graph that held up to now moves the state to now; then it changes.
      const mesh = stepsBetween(times[knot - 1]!, times[knot]!);
      const held = current;
      state = trajectory((_t, x) => right(held, x), state, mesh, [times[knot]!])[0]!;
      if (eventKnots.has(knot))
        current = changed(current, nodes, probabilities.drop, probabilities.add, eventRandom);
    }
    adjacency.set(current, knot * nodes * nodes);
    states.set(state, knot * state.length);
  }
  return { times, adjacency, states };
}

function stepsBetween(from: number, to: number): number[] {
  const count = Math.max(1, Math.ceil((to - from) / 0.01));
  return Array.from({ length: count + 1 }, (_, i) => (i === count ? to : from + ((to - from) * i) / count));
}

function systemOf(name: SystemName): System {
  if (name === 'heat') return heat();
  if (name === 'gene') return gene();
  return name === 'mutualistic' ? mutualistic() : sir({ beta: 0.3, gamma: 0.3 });
}

/**
 * Three rectangles of value 1 on the square of nodes, somewhere without touching: 20 % x 20 %, 30 % x 30 % and 20 % x 30 % of the side, as
 * in the paper. SIR: one node in twenty is infected.
 */
function startOf(system: SystemName, n: number, random: Random): Float64Array {
  if (system === 'sir') {
    const infected = new Set(random.permutation(n).slice(0, Math.max(1, Math.round(n / 20))));
    return Float64Array.from({ length: 3 * n }, (_, i) => {
      const share = infected.has(Math.floor(i / 3)) ? 1 : 0;
      return [1 - share, share, 0][i % 3]!;
    });
  }
  const side = Math.ceil(Math.sqrt(n));
  const start = new Float64Array(n);
  for (const [high, wide] of [
    [0.2, 0.2],
    [0.3, 0.3],
    [0.2, 0.3],
  ] as const) {
    const [rows, columns] = [Math.max(1, Math.round(high * side)), Math.max(1, Math.round(wide * side))];
    // A corner that fits; after many tries one that overlaps is good enough.
    for (let attempt = 0; attempt < 100; attempt++) {
      const top = random.integer(side - rows + 1);
      const left = random.integer(side - columns + 1);
      const cells = Array.from(
        { length: rows * columns },
        (_, i) => (top + Math.floor(i / columns)) * side + left + (i % columns),
      ).filter((i) => i < n);
      if (attempt < 99 && cells.some((i) => start[i] === 1)) continue;
      for (const i of cells) start[i] = 1;
      break;
    }
  }
  return start;
}
