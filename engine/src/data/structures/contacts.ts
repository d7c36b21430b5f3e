/**
 * Contacts in time, as SocioPatterns publishes them: "t i j" a line, perhaps with a weight or with the groups of i and j,
 * or named columns as in edge lists. Contacts are mutual. The time from the first contact to the last is cut into graphs of
 * equal duration; a sample is some graphs in a row, with the contacts of the graph after them as what can be predicted.
 */
import { Fault } from '../../fault.ts';
import { integer, type NdArray, real, type TextArray } from '../../tensor/array.ts';
import type { ByteSource } from '../bytes.ts';
import type { ContactWindows } from '../dataset.ts';
import type { Frame, FrameFile } from '../frames.ts';
import type { Budget } from '../limits.ts';
import { parseReal } from '../text-values.ts';
import { readColumns, sortedNames } from './edge-list.ts';
import { badLine } from './syntax.ts';

/** All contacts of a file, and the graphs that they fall into. */
interface Contacts {
  readonly node: readonly string[];
  /** Nodes of contact k. */
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly weight: Float64Array;
  /** Contacts of each graph. */
  readonly graphs: readonly (readonly number[])[];
  readonly first: number;
  readonly windows: ContactWindows;
  readonly line: number;
}

/** Without `windows` the time is cut into four graphs, of which three make one sample: enough to see names and shapes. */
const shown = { graphs: 4, window: 3 };

/**
 * Opens a file of contacts. Values of a sample: node [node], names as text; adjacency [time, node, node], the sums of
 * weights, symmetric; times [time], 0, 1, 2, ... in durations of one graph; asked [1], the time of the graph after them;
 * contact [node, node], int32, 1 where that graph has a contact; begin, when the sample begins, in the file's unit.
 * All samples have all nodes of the file. Graphs without a contact are kept: nights are part of the data.
 */
export function openContacts(bytes: ByteSource, budget: Budget, windows?: ContactWindows): FrameFile {
  let contacts: Contacts | undefined;
  let given = 0;
  const more = (): boolean => {
    contacts ??= readContacts(bytes, budget, windows);
    const { window, stride } = contacts.windows;
    return given * stride + window < contacts.graphs.length;
  };
  return {
    kind: 'frames',
    next() {
      if (!more()) return undefined;
      return frameOf(contacts!, given++, bytes, budget);
    },
    skip() {
      if (!more()) return false;
      given++;
      return true;
    },
    close: () => bytes.close(),
  };
}

/** t i j, t i j weight, t i j group group: the groups are not read. */
function columnsOf(words: readonly string[]): string[] | undefined {
  const names = ['time', 'source', 'target'];
  if (words.length === 3) return names;
  if (words.length === 4) return [...names, 'weight'];
  return words.length === 5 ? [...names, 'group_i', 'group_j'] : undefined;
}

function readContacts(bytes: ByteSource, budget: Budget, asked: ContactWindows | undefined): Contacts {
  const expected = 'time, i and j, perhaps with a weight or two groups';
  const { columns, first: line, lines } = readColumns(bytes, budget, columnsOf, expected);
  const [sources, targets] = [columns.get('source')!, columns.get('target')!];
  const at = (row: number) => ({ file: bytes.file, line: lines[row] ?? line });
  if (sources.length > 0 && !columns.has('time')) {
    throw badLine(
      'a list of contacts',
      { ...at(0), line },
      'it says when each contact was',
      'a column t',
      [...columns.keys()].join(' '),
    );
  }
  const numbers = (name: string, missing: number): Float64Array => {
    const cells = columns.get(name);
    return Float64Array.from({ length: sources.length }, (_, row) => {
      const value = cells ? parseReal(cells[row]!) : missing;
      if (value !== undefined && Number.isFinite(value)) return value;
      throw badLine('a list of contacts', at(row), `${name} is a number`, 'a number', cells![row]!);
    });
  };
  const [time, weight] = [numbers('time', 0), numbers('weight', 1)];
  const node = sortedNames([...sources, ...targets]);
  const places = new Map(node.map((name, i) => [name, i]));
  const first = time.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const last = time.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const windows = asked ?? {
    // A little more than a fourth, so that the last contact falls into the fourth graph.
    snapshot: last > first ? ((last - first) * 1.001) / shown.graphs : 1,
    window: shown.window,
    stride: shown.window,
  };
  const count = sources.length === 0 ? 0 : Math.floor((last - first) / windows.snapshot) + 1;
  if (asked && count > 0) checkDuration(count, windows, bytes.file);
  budget.reserve(64 * count, { file: bytes.file });
  // Contacts of one moment are all in the first graph, and shown as such.
  const least = asked || count === 0 ? 0 : shown.graphs;
  const graphs: number[][] = Array.from({ length: Math.max(count, least) }, () => []);
  time.forEach((t, k) => {
    graphs[Math.floor((t - first) / windows.snapshot)]!.push(k);
  });
  const place = (names: readonly string[]) => Int32Array.from(names, (name) => places.get(name)!);
  return { node, from: place(sources), to: place(targets), weight, graphs, first, windows, line };
}

function checkDuration(count: number, { snapshot, window }: ContactWindows, file: string | undefined): void {
  if (count > window) return;
  throw new Fault({
    code: 'data/snapshots',
    message: `The contacts last ${count} ${count === 1 ? 'graph' : 'graphs'} of ${snapshot}, and one sample takes ${window} and the one after them`,
    expected: `at least ${window + 1} graphs`,
    found: String(count),
    place: { file },
    advice: 'Take a shorter `snapshot` or a smaller `window`.',
  });
}

function frameOf(contacts: Contacts, index: number, bytes: ByteSource, budget: Budget): Frame {
  const { node, graphs, first, windows, line } = contacts;
  const { snapshot, window, stride } = windows;
  const [nodes, start] = [node.length, index * stride];
  const size = 8 * window * nodes * nodes + 4 * nodes * nodes;
  budget.reserve(size, { file: bytes.file, member: 'adjacency' });
  const adjacency = new Float64Array(window * nodes * nodes);
  for (let step = 0; step < window; step++) {
    const graph = adjacency.subarray(step * nodes * nodes, (step + 1) * nodes * nodes);
    addContacts(contacts, graphs[start + step]!, graph);
  }
  const after = addContacts(contacts, graphs[start + window]!, new Float64Array(nodes * nodes));
  const values = new Map<string, NdArray | TextArray>([
    ['node', { shape: [nodes], text: [...node] }],
    ['adjacency', real([window, nodes, nodes], adjacency)],
    [
      'times',
      real(
        [window],
        Float64Array.from({ length: window }, (_, k) => k),
      ),
    ],
    ['asked', real([1], [window])],
    [
      'contact',
      integer(
        [nodes, nodes],
        Int32Array.from(after, (sum) => (sum === 0 ? 0 : 1)),
      ),
    ],
    ['begin', real([], [first + start * snapshot])],
  ]);
  const varying = new Set(['adjacency', 'times']);
  return { index, line, atoms: nodes, varying, values, bytes: size };
}

/** Adds the weights of these contacts to a graph [node, node], in both directions. */
function addContacts(
  { node, from, to, weight }: Contacts,
  which: readonly number[],
  graph: Float64Array,
): Float64Array {
  for (const k of which) {
    const [i, j] = [from[k]!, to[k]!];
    graph[i * node.length + j]! += weight[k]!;
    if (i !== j) graph[j * node.length + i]! += weight[k]!;
  }
  return graph;
}
