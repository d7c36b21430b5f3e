/** One text for each value, whatever the order of its keys: for printing, comparing and hashing. */
import { createHash } from 'node:crypto';
import type { Plan, Task } from './plan.ts';

/**
 * JSON with sorted keys and without absent values. Numbers are written as JavaScript does, which is exact for float64.
 * @param indent spaces for each level; none gives one line.
 */
export function canonicalJson(value: unknown, indent = 0): string {
  return JSON.stringify(sorted(value), undefined, indent);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([key, item]) => [key, sorted(item)]),
  );
}

/**
 * SHA-256, in hex, of what a plan or a task says. Comments, format and the order of options are not in it, nor is an
 * option that is written with its default value.
 */
export function planHash(plan: Plan | Task): string {
  return createHash('sha256').update(canonicalJson(plan)).digest('hex');
}

/** A plan as text for people and files: the same plan always gives the same text. */
export function planText(plan: Plan): string {
  return `${canonicalJson(plan, 2)}\n`;
}
