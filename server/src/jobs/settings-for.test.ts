import { families } from '@noether/engine/catalog';
import { expect, test } from 'vitest';
import type { ModelPlan, Task } from '../plan/plan.ts';
import { settingsFor } from './settings-for.ts';

const settings = { backend: 'auto', maxDataBytes: 1 };
const family = (name: string) =>
  ({ kind: 'family', family: name, name, options: {} }) as unknown as ModelPlan;
const [rapidash, lloca] = [family('Rapidash'), family('LLoCa')];
const onnx = { kind: 'onnx', name: 'x', file: '/x.onnx' } as unknown as ModelPlan;

const backendOf = (task: object, backend = 'auto') =>
  settingsFor(task as Task, { ...settings, backend }).backend;

test('LLoCa reads halfway, Rapidash does not', () => {
  const names = families.filter(({ readsHalfway }) => readsHalfway).map(({ name }) => name);
  expect(names).toContain('LLoCa');
  expect(names).not.toContain('Rapidash');
});

test.each([
  ['a check', { kind: 'check', model: lloca }],
  ['a training', { kind: 'train', model: lloca }],
  ['a description', { kind: 'describe', model: lloca }],
  ['a benchmark with another', { kind: 'benchmark', models: [rapidash, lloca] }],
  ['a claim about one', { kind: 'claim', measures: [{ model: rapidash }, { model: lloca }] }],
])('%s of a model that reads halfway runs where that can be', (_case, task) => {
  expect(backendOf(task)).toBe('auto-host');
});

test.each([
  ['others', { kind: 'benchmark', models: [rapidash, onnx] }],
  ['data alone', { kind: 'describe', data: {} }],
])('%s take any backend', (_case, task) => {
  expect(backendOf(task)).toBe('auto');
});

test('a backend that was asked for stays', () => {
  expect(backendOf({ kind: 'check', model: lloca }, 'webgpu')).toBe('webgpu');
});
