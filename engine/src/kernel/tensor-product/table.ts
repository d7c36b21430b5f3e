/** The table of a sparse tensor product that the wasm kernel reads. */
import type { Coupling } from './reference.ts';

export interface CouplingTable {
  /** As engine/assembly/tensor-product.ts says; values are the bits of floats. */
  readonly words: Int32Array;
  readonly links: number;
}

type Kept = Partial<Record<'forward' | 'left', CouplingTable>>;

/** By the array of values: couplings are constants of a model, and their tables too. */
const kept = new WeakMap<readonly number[], Kept>();

/** The table of z from x; `left` exchanges the two, for the gradient of x. */
export function tableOf(coupling: Coupling, kind: keyof Kept): CouplingTable {
  const tables = kept.get(coupling.value) ?? {};
  kept.set(coupling.value, tables);
  tables[kind] ??= build(kind === 'left' ? { ...coupling, i: coupling.k, k: coupling.i } : coupling);
  return tables[kind];
}

function build({ i, j, k, value }: Coupling): CouplingTable {
  const order = value.map((_, p) => p).sort((p, q) => k[p]! - k[q]! || i[p]! - i[q]! || j[p]! - j[q]!);
  const groups: { target: number; links: number }[] = [];
  const links: { source: number; entries: number }[] = [];
  const entries: number[] = [];
  for (const p of order) {
    let isNew = groups.at(-1)?.target !== k[p];
    if (isNew) groups.push({ target: k[p]!, links: 0 });
    isNew ||= links.at(-1)!.source !== i[p];
    if (isNew) {
      links.push({ source: i[p]!, entries: 0 });
      groups.at(-1)!.links++;
    }
    links.at(-1)!.entries++;
    entries.push(j[p]!, bitsOf(value[p]!));
  }
  const words = [
    groups.length,
    links.length,
    ...groups.flatMap((group) => [group.target, group.links]),
    ...links.flatMap((link) => [link.source, link.entries]),
    ...entries,
  ];
  return { words: Int32Array.from(words), links: links.length };
}

function bitsOf(x: number): number {
  return new Int32Array(Float32Array.of(x).buffer)[0]!;
}
