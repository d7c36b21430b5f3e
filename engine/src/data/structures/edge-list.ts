/**
 * Edge lists, static or timed: "source target [weight]" a line, or named columns. The whole file is one sample.
 * Without a header line columns are source, target and weight; with one they may stand in any order, and `time` (or t)
 * makes a list of snapshots. Lines that start with # or % are comments. Words are separated by commas, blanks or tabs.
 */
import { Fault } from '../../fault.ts';
import { integer, type NdArray, real, type TextArray } from '../../tensor/array.ts';
import type { ByteSource } from '../bytes.ts';
import type { Frame, FrameFile } from '../frames.ts';
import type { Budget } from '../limits.ts';
import { readLines } from '../lines.ts';
import { parseReal } from '../text-values.ts';
import { badLine } from './syntax.ts';

const names = {
  source: ['source', 'src', 'from', 'u', 'i'],
  target: ['target', 'dst', 'to', 'v', 'j'],
  time: ['time', 't', 'timestamp', 'ts'],
  weight: ['weight', 'w'],
} as const;

/**
 * Opens a file of one sample. Values: node [node], the names sorted (numbers by value), as text; edges [edge, 2], places
 * in that list; weight [edge], 1 where there is none; where there are times: time [edge], times [snapshot], and
 * adjacency [snapshot, node, node], else adjacency [node, node]. adjacency[i, j] is the sum of weights from i to j.
 * Other columns of numbers are values of the edges under their own names.
 */
export function openEdgeList(bytes: ByteSource, budget: Budget): FrameFile {
  let given = false;
  return {
    kind: 'frames',
    next() {
      if (given) return undefined;
      given = true;
      return readGraph(bytes, budget);
    },
    skip() {
      const more = !given;
      given = true;
      return more;
    },
    close: () => bytes.close(),
  };
}

function readGraph(bytes: ByteSource, budget: Budget): Frame | undefined {
  const { columns, first, lines } = readColumns(bytes, budget);
  const [sources, targets] = [columns.get('source')!, columns.get('target')!];
  const count = sources.length;
  if (count === 0) return undefined;
  const node = sortedNames([...sources, ...targets]);
  const places = new Map(node.map((name, i) => [name, i]));
  const edges = Int32Array.from(
    { length: 2 * count },
    (_, k) => places.get((k % 2 === 0 ? sources : targets)[k >> 1]!)!,
  );
  const values = new Map<string, NdArray | TextArray>([
    ['node', { shape: [node.length], text: node }],
    ['edges', integer([count, 2], edges)],
    ['weight', real([count], new Float64Array(count).fill(1))],
  ]);
  for (const [name, cells] of columns) {
    if (name === 'source' || name === 'target') continue;
    const numbers = cells.map(parseReal);
    const wrong = numbers.indexOf(undefined);
    if (wrong < 0) values.set(name, real([count], numbers as number[]));
    else if (name === 'weight' || name === 'time') {
      const at = { file: bytes.file, line: lines[wrong]! };
      throw badLine('an edge list', at, `${name} is a number`, 'a number', cells[wrong]!);
    }
  }
  const varying = new Set(values.keys());
  addAdjacency(values, edges, node.length, bytes, budget);
  return { index: 0, line: first, atoms: node.length, varying, values, bytes: 0 };
}

/** Names for the words of a first line that is no header; undefined where it cannot be told what they are. */
function unnamed(words: readonly string[]): string[] | undefined {
  return words.length === 2 || words.length === 3
    ? ['source', 'target', 'weight'].slice(0, words.length)
    : undefined;
}

/**
 * The words of a list, by column, with the line of each row. A first line that is no header is named by `names`.
 * Throws a Fault `data/syntax`, with `expected` for a first line that `names` does not know.
 */
export function readColumns(
  bytes: ByteSource,
  budget: Budget,
  names: (words: readonly string[]) => string[] | undefined = unnamed,
  expected = 'source and target, or source, target and weight',
) {
  const reader = readLines(bytes);
  const at = () => ({ file: bytes.file, line: reader.line });
  let header: string[] | undefined;
  let rows: string[][] = [];
  let first = 0;
  const lines: number[] = [];
  for (let text = reader.next(); text !== undefined; text = reader.next()) {
    const trimmed = text.trim();
    if (trimmed === '' || trimmed.startsWith('#') || trimmed.startsWith('%')) continue;
    const words = trimmed.includes(',')
      ? trimmed.split(',').map((word) => word.trim())
      : trimmed.split(/\s+/);
    if (!header) {
      first = reader.line;
      header = headerOf(words);
      if (header) continue;
      header = names(words);
      if (!header) {
        throw badLine('an edge list', at(), 'a line without a header above it is an edge', expected, trimmed);
      }
    }
    if (words.length !== header.length) {
      throw badLine(
        'an edge list',
        at(),
        'all lines have the same columns',
        `${header.length} words`,
        trimmed,
      );
    }
    budget.reserve(48 * words.length, at());
    lines.push(reader.line);
    rows.push(words);
  }
  const columns = new Map(
    (header ?? ['source', 'target']).map((name, i) => [name, rows.map((row) => row[i]!)]),
  );
  rows = [];
  return { columns, first, lines };
}

/** Names of the columns, where the line names source and target. */
function headerOf(words: readonly string[]): string[] | undefined {
  const known = words.map((word) => {
    const match = Object.entries(names).find(([, all]) =>
      (all as readonly string[]).includes(word.toLowerCase()),
    );
    return match ? match[0] : word;
  });
  return known.includes('source') && known.includes('target') ? known : undefined;
}

/** Distinct names in order: by value where all are numbers. */
export function sortedNames(all: readonly string[]): string[] {
  const distinct = [...new Set(all)];
  const numeric = distinct.every((name) => parseReal(name) !== undefined);
  return numeric ? distinct.sort((a, b) => parseReal(a)! - parseReal(b)!) : distinct.sort();
}

/** Dense, because that is what models of whole graphs take. A list too long for it keeps its edges and has no adjacency. */
function addAdjacency(
  values: Map<string, NdArray | TextArray>,
  edges: Int32Array,
  nodes: number,
  bytes: ByteSource,
  budget: Budget,
): void {
  const weight = (values.get('weight') as NdArray).data;
  const time = (values.get('time') as NdArray | undefined)?.data;
  const times = time ? [...new Set(time)].sort((a, b) => a - b) : undefined;
  const snapshots = new Map(times?.map((value, i) => [value, i]));
  const size = (times?.length ?? 1) * nodes * nodes;
  try {
    budget.reserve(8 * size, { file: bytes.file, member: 'adjacency' });
  } catch (error) {
    if (error instanceof Fault) return;
    throw error;
  }
  const data = new Float64Array(size);
  for (let k = 0; k < weight.length; k++) {
    const snapshot = time ? snapshots.get(time[k]!)! : 0;
    data[(snapshot * nodes + edges[2 * k]!) * nodes + edges[2 * k + 1]!]! += weight[k]!;
  }
  if (times) values.set('times', real([times.length], times));
  values.set('adjacency', real(times ? [times.length, nodes, nodes] : [nodes, nodes], data));
}
