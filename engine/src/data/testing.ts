/** Short ways to write declarations, files and expectations in the tests of this folder. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect } from 'vitest';
import { type NpyParts, npzBytes } from '../../../scripts/fixtures/write-npz.ts';
import type { Finding } from '../fault.ts';
import type { FieldType, Representation } from '../signature.ts';
import type { DataField, DataSpec } from './dataset.ts';
import { loadDataset } from './index.ts';

export const fixtures = join(import.meta.dirname, '../../../test-fixtures');
export const limits = { maxBytes: 2 ** 26 };

export const scalar = { kind: 'scalar' } as const;
export const position = { kind: 'position', dim: 3 } as const;
export const vector = { kind: 'vector', dim: 3 } as const;
export const category = (count: number) => ({ kind: 'category', count }) as const;

/** `type(position, 'atom')` is position[atom]; a number is a fixed axis. */
export function type(representation: Representation, ...axes: (string | number)[]): FieldType {
  return {
    representation,
    axes: axes.map((axis) => (typeof axis === 'string' ? { index: axis } : { size: axis })),
  };
}

export function field(name: string, fieldType: FieldType, source?: string): DataField {
  return { name, type: fieldType, ...(source === undefined ? {} : { source }) };
}

export function spec(file: string, fields: DataField[], rest: Partial<DataSpec> = {}): DataSpec {
  return { file, fields, samples: 64, skip: 0, sizes: {}, ...rest };
}

/** 0, 1, … n - 1, or from another start. */
export const range = (n: number, from = 0) => Array.from({ length: n }, (_, i) => from + i);

/** A temporary folder that goes when the tests of the file are done. */
export function scratch() {
  const folder = mkdtempSync(join(tmpdir(), 'noether-data-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  let count = 0;
  const write = (name: string, content: string | Uint8Array): string => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
  return {
    write,
    /** case0.npz, case1.npz, … */
    writeNpz: (arrays: Record<string, NpyParts>) => write(`case${count++}.npz`, npzBytes(arrays)),
  };
}

/** The Fault that loading gives; any other error fails the test. */
export async function faultOf(request: DataSpec, ofLimits = limits): Promise<Finding> {
  const error = await loadDataset(request, ofLimits).then(
    () => undefined,
    (thrown) => thrown,
  );
  expect(error?.name, String(error?.stack)).toBe('Fault');
  return error.finding;
}
