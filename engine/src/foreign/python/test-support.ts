/** What the tests of Python models share: interpreters of this machine, fixtures, samples. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Field, FieldType } from '../../signature.ts';
import { integer, type NdArray, real, type Values } from '../../tensor/array.ts';
import type { PythonSpec } from './open.ts';

/** Folder of the Python fixtures. */
export const folder = fileURLToPath(new URL('../../../../test-fixtures/python', import.meta.url));

const candidates = ['python3', '/usr/bin/python3', '/usr/local/bin/python3', 'python'];

/** The first interpreter of this machine that can import the package; `undefined` without one. */
export function pythonWith(packageName: string): string | undefined {
  for (const command of candidates) {
    const code = `import sys, ${packageName}; print(sys.executable)`;
    const { status, stdout } = spawnSync(command, ['-c', code], { encoding: 'utf8' });
    if (status === 0) return stdout.trim();
  }
  return undefined;
}

export const position: FieldType = {
  representation: { kind: 'position', dim: 3 },
  axes: [{ index: 'atom' }],
};
export const vector: FieldType = { representation: { kind: 'vector', dim: 3 }, axes: [{ index: 'atom' }] };
export const scalar: FieldType = { representation: { kind: 'scalar' }, axes: [] };
export const perAtom: FieldType = { representation: { kind: 'scalar' }, axes: [{ index: 'atom' }] };
export const species: FieldType = {
  representation: { kind: 'category', count: 10 },
  axes: [{ index: 'atom' }],
};

/** Points that lie nowhere in particular. */
export function points(atoms: number, shift = 0): NdArray {
  return real(
    [atoms, 3],
    Array.from({ length: 3 * atoms }, (_, i) => 2 * Math.sin(1.7 * i + shift)),
  );
}

export function molecule(atoms: number, shift = 0): Values {
  return {
    positions: points(atoms, shift),
    species: integer(
      [atoms],
      Array.from({ length: atoms }, (_, i) => (i * 3) % 7),
    ),
  };
}

/** A model of trouble.py and the like: one input `x`, one scalar output. */
export function specOf(target: string, rest: Partial<PythonSpec> = {}): PythonSpec {
  const inputs: Field[] = [{ name: 'x', type: position }];
  return { target, folder, inputs, outputs: [{ name: 'energy', type: scalar }], ...rest };
}
