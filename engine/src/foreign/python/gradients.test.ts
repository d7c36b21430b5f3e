/** Gradients by the inputs of live Python models, against formulas; and what is said where there are none. */
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Fault, type Finding } from '../../fault.ts';
import type { Model } from '../../model/model.ts';
import type { Field, FieldType } from '../../signature.ts';
import { integer, real, type Values } from '../../tensor/array.ts';
import { closeSessions, openPython } from './index.ts';
import type { PythonSpec } from './open.ts';
import { folder, points, position, pythonWith, scalar, specOf, vector } from './test-support.ts';

afterAll(closeSessions);

const lone: FieldType = { representation: { kind: 'vector', dim: 3 }, axes: [] };
const v: Field[] = [{ name: 'v', type: lone }];
const direction = { v: real([3], [0.9, -0.3, 1.1]) };
const axis = [0.48, 0.6, 0.64];
/** d/dv of 1 + exp(8 (v.a / |v| - 1)), and the model itself is `peak` of the fixtures. */
function peakSlope({ data }: { data: ArrayLike<number> }): number[] {
  const own = Array.from(data);
  const length = Math.hypot(...own);
  const along = own.reduce((sum, x, i) => sum + x * axis[i]!, 0) / length;
  const outer = 8 * Math.exp(8 * (along - 1));
  return own.map((x, i) => outer * (axis[i]! / length - (along * x) / length ** 2));
}

const energy = (value: number): Values => ({ energy: real([], [value]) });
function close(a: ArrayLike<number>, b: ArrayLike<number>, digits: number): void {
  expect(a.length).toBe(b.length);
  for (let i = 0; i < a.length; i++) expect(a[i]).toBeCloseTo(b[i]!, digits);
}

async function failure(model: Model): Promise<Finding> {
  try {
    await model.gradient!([direction], [energy(1)], model.precisions[0]!);
  } catch (error) {
    if (error instanceof Fault) return error.finding;
    throw error;
  }
  throw new Error('no fault');
}

const torch = pythonWith('torch');
describe.skipIf(!torch)('a PyTorch model', () => {
  const open = (target: string, rest: Partial<PythonSpec> = {}, example: Values = direction) =>
    openPython({ ...specOf(`gradients:${target}`, { python: torch }), inputs: v, ...rest }, { example });

  it('sums over outputs, leaves integers alone, drops nothing out, in both precisions', async () => {
    const kind: FieldType = { representation: { kind: 'category', count: 3 }, axes: [{ index: 'atom' }] };
    const example = { x: points(4), kind: integer([4], [0, 2, 1, 2]) };
    const model = await open(
      'mixed',
      {
        inputs: [
          { name: 'x', type: position },
          { name: 'kind', type: kind },
        ],
        outputs: [
          { name: 'energy', type: scalar },
          { name: 'field', type: vector },
          { name: 'kinds', type: kind, source: 'kind' },
        ],
      },
      example,
    );
    expect(model.precisions).toEqual(['float32', 'float64']);
    const field = points(4, 1);
    const other = { x: points(2, 3), kind: integer([2], [1, 0]) };
    const cotangents = [
      { energy: real([], [0.5]), field, kinds: integer([4], [9, 9, 9, 9]) },
      { energy: real([], [-2]), field: points(2, 5), kinds: integer([2], [9, 9]) },
    ];
    for (const [precision, digits] of [
      ['float32', 4],
      ['float64', 12],
    ] as const) {
      const gradients = await model.gradient!([example, other], cotangents, precision);
      for (const [i, sample] of [example, other].entries()) {
        const { energy: outer, field } = cotangents[i]!;
        expect(Object.keys(gradients[i]!)).toEqual(['x']);
        expect(gradients[i]!.x!.shape).toEqual(sample.x.shape);
        const expected = Array.from(sample.x.data, (x, k) => {
          const weight = [1, 2, 4][sample.kind.data[Math.floor(k / 3)]!]!;
          return outer.data[0]! * 2 * weight * x + 3 * field.data[k]!;
        });
        close(gradients[i]!.x!.data, expected, digits);
      }
    }
    model.dispose();
  });

  it('behind a batch axis: each sample by itself', async () => {
    const model = await open(
      'batched',
      { inputs: [{ name: 'x', type: position }], batch: true },
      { x: points(3) },
    );
    const batch = [points(3), points(5, 2)].map((x) => ({ x }));
    const gradients = await model.gradient!(batch, [energy(1), energy(-0.5)], 'float64');
    for (const [i, outer] of [1, -0.5].entries()) {
      expect(gradients[i]!.x!.shape).toEqual(batch[i]!.x.shape);
      close(
        gradients[i]!.x!.data,
        Array.from(batch[i]!.x.data, (x) => outer * 3 * x * x),
        12,
      );
    }
    model.dispose();
  });

  it('that cannot be differentiated says so at the user’s line, and still computes', async () => {
    const model = await open('broken_backward');
    expect(await failure(model)).toMatchObject({
      code: 'model/python-gradient',
      message: 'The gradient of `gradients:broken_backward` raised ValueError: no backward for this kernel',
      place: { file: join(folder, 'gradients.py'), line: 44 },
    });
    const [result] = await model.evaluate([direction], 'float64');
    expect(result!.energy!.data[0]).toBeGreaterThan(1);
    model.dispose();
  });

  it('that differentiates inside itself without keeping the graph is told so', async () => {
    const kind: FieldType = { representation: { kind: 'category', count: 10 }, axes: [{ index: 'atom' }] };
    const example = { positions: points(4), species: integer([4], [0, 2, 1, 2]) };
    const inputs = [
      { name: 'positions', type: position },
      { name: 'species', type: kind },
    ];
    const outputs = [
      { name: 'energy', type: scalar },
      { name: 'forces', type: vector },
    ];
    const spec = { ...specOf('nets:forces', { python: torch }), inputs, outputs };
    const model = await openPython(spec, { example });
    const none = real([4, 3], new Array<number>(12).fill(0));
    await expect(
      model.gradient!([example], [{ ...energy(1), forces: none }], 'float32'),
    ).rejects.toMatchObject({
      finding: {
        code: 'model/python-no-gradient',
        severity: 'information',
        found: 'it differentiates inside itself and does not keep its graph (create_graph=True would)',
      },
    });
    await expect(
      model.gradient!([example], [{ ...energy(0), forces: points(4) }], 'float32'),
    ).rejects.toMatchObject({
      finding: { found: "the output `forces` is not on torch's tape" },
    });
    model.dispose();
  });

  it('that leaves the tape is told what to look for', async () => {
    const model = await open('detached');
    expect(await failure(model)).toMatchObject({
      code: 'model/python-no-gradient',
      message:
        "`gradients:detached` has no gradient by its inputs: the output `energy` is not on torch's tape",

      place: { file: join(folder, 'gradients.py') },
    });
    model.dispose();
  });
});

const numpy = pythonWith('numpy');
describe.skipIf(!numpy)('a numpy model', () => {
  const open = (target: string) =>
    openPython(
      { ...specOf(`own_gradients:${target}`, { python: numpy }), inputs: v },
      { example: direction },
    );

  it('has the gradients of its own vjp', async () => {
    const model = await open('known');
    const [gradient] = await model.gradient!([direction], [energy(-3)], 'float64');
    close(
      gradient!.v!.data,
      peakSlope(direction.v).map((x) => -3 * x),
      12,
    );
    model.dispose();
  });

  it('without one has none', async () => {
    const model = await open('without');
    expect(model.gradient).toBeUndefined();
    model.dispose();
  });

  it('whose vjp raises, or returns what fits nothing, says where or what', async () => {
    const failing = await open('failing');
    expect(await failure(failing)).toMatchObject({
      code: 'model/python-gradient',
      message: 'The gradient of `own_gradients:failing` raised RuntimeError: not written yet',
      place: { file: join(folder, 'own_gradients.py'), line: 25 },
    });
    failing.dispose();
    const misshapen = await open('misshapen');
    expect(await failure(misshapen)).toMatchObject({
      code: 'model/python-gradient',
      message:
        'The gradient of `own_gradients:misshapen` by the input `v` is float64[7], not of the input’s size',
    });
    misshapen.dispose();
  });
});

const jax = pythonWith('jax');
describe.skipIf(!jax)('a JAX model', () => {
  it('has the gradients of jax.vjp, in both precisions', async () => {
    const spec = { ...specOf('functional:peaked', { python: jax }), inputs: v };
    const model = await openPython(spec, { example: direction });
    expect(model.precisions).toEqual(['float32', 'float64']);
    for (const [precision, digits] of [
      ['float32', 4],
      ['float64', 12],
    ] as const) {
      const [gradient] = await model.gradient!([direction], [energy(1)], precision);
      close(gradient!.v!.data, peakSlope(direction.v), digits);
    }
    model.dispose();
  });
});
