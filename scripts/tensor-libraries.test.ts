import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { buildTensorLibraries } from './tensor-libraries.ts';

const library = (precision: string) =>
  readFile(new URL(`../engine/generated/tfjs-${precision}.mjs`, import.meta.url), 'utf8');

test('what is up to date is not built again', async () => {
  await buildTensorLibraries();
  expect(await buildTensorLibraries()).toBe(false);
});

test('the twin holds no single-precision array and shares no registry', async () => {
  const [single, double] = [await library('float32'), await library('float64')];
  // One place recognises arrays that come from outside; it must know both widths.
  expect(double.match(/\bFloat32Array\b/g)).toHaveLength(1);
  expect(single.match(/\bFloat32Array\b/g)!.length).toBeGreaterThan(30);
  expect(double).toContain('_tfengineFloat64');
  expect(double).toContain('_tfGlobalsFloat64');
  expect(double).not.toMatch(/_tfengine\b|_tfGlobals\b/);
});
