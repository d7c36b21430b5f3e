import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Fault, type Finding } from '../../fault.ts';
import type { Field, FieldType } from '../../signature.ts';
import { integer, real, type Values } from '../../tensor/array.ts';
import { openRuntime } from '../../tensor/index.ts';
import type { Precision, Runtime } from '../../tensor/runtime.ts';
import { inspectTfjs, openTfjs, type TfjsSpec, tfjsShards } from './index.ts';

const fixtures = fileURLToPath(new URL('../../../../test-fixtures/tfjs', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'noether-tfjs-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

let runtimes: Record<Precision, Runtime>;
beforeAll(async () => {
  runtimes = {
    float32: await openRuntime({ precision: 'float32', backend: 'wasm' }),
    float64: await openRuntime({ precision: 'float64' }),
  };
});

const perAtom = (kind: 'position' | 'vector'): FieldType => ({
  representation: { kind, dim: 3 },
  axes: [{ index: 'atom' }],
});
const positions: Field = { name: 'positions', type: perAtom('position') };
const species: Field = {
  name: 'species',
  type: { representation: { kind: 'category', count: 10 }, axes: [{ index: 'atom' }] },
};
const energy: Field = { name: 'energy', type: { representation: { kind: 'scalar' }, axes: [] } };
const field: Field = { name: 'field', type: perAtom('vector') };

const file = (name: string) => join(fixtures, name, 'model.json');
const graphSpec = (name = 'graph'): TfjsSpec => ({
  file: file(name),
  inputs: [positions, species],
  outputs: [energy, field],
});
const layersSpec: TfjsSpec = { file: file('layers'), inputs: [positions], outputs: [energy] };

function sample(atoms: number, shift = 0): Values {
  return {
    positions: real(
      [atoms, 3],
      Array.from({ length: 3 * atoms }, (_, i) => Math.sin(1.7 * i + shift)),
    ),
    species: integer(
      [atoms],
      Array.from({ length: atoms }, (_, i) => (i * 3) % 10),
    ),
  };
}

/** What the script that wrote the fixtures fills weights with. */
const numbers = (count: number, shift: number) =>
  Float32Array.from({ length: count }, (_, i) => Math.sin(2.3 * i + shift) / 2);

/** The graph's formula in float64, with a table in float32. */
function formula({ positions: x, species: z }: Values, table: ArrayLike<number>): number {
  let total = 0;
  for (const [atom, kind] of z!.data.entries()) {
    const squared = [0, 1, 2].reduce((sum, k) => sum + x!.data[3 * atom + k]! ** 2, 0);
    for (let channel = 0; channel < 4; channel++) total += Math.tanh(table[4 * kind + channel]! * squared);
  }
  return total;
}

async function finding(spec: TfjsSpec, run?: Values): Promise<Finding> {
  try {
    const model = await openTfjs(spec, runtimes);
    if (run) await model.evaluate([run], 'float32');
    model.dispose();
  } catch (error) {
    if (error instanceof Fault) return error.finding;
    throw error;
  }
  throw new Error('no fault');
}

describe('a graph model', () => {
  it('computes what its formula says in both precisions, samples of one size together', async () => {
    const model = await openTfjs(graphSpec(), runtimes);
    expect(model).toMatchObject({
      title: 'graph/model.json',
      parameterCount: 40,
      precisions: ['float32', 'float64'],
    });
    const batch = [sample(4), sample(7, 1), sample(4, 2)];
    const narrow = await model.evaluate(batch, 'float32');
    const wide = await model.evaluate(batch, 'float64');
    for (const [i, one] of batch.entries()) {
      const wanted = formula(one, numbers(40, 1));
      expect(wide[i]!.energy!.shape).toEqual([]);
      expect(wide[i]!.energy!.data[0]).toBeCloseTo(wanted, 12);
      expect(narrow[i]!.energy!.data[0]).toBeCloseTo(wanted, 5);
      expect(narrow[i]!.energy!.data[0]).not.toBe(wide[i]!.energy!.data[0]);
      expect(wide[i]!.field!.shape).toEqual([one.positions!.shape[0], 3]);
    }
    model.dispose();
  });

  it('with quantised weights has the same ones in its twin', async () => {
    const bytes = readFileSync(join(fixtures, 'quantized', 'shard1of1.bin'));
    const table = Array.from(bytes.subarray(0, 40), (value) => Math.fround(value / 255 - 0.5));
    const model = await openTfjs(graphSpec('quantized'), runtimes);
    const [wide] = await model.evaluate([sample(5)], 'float64');
    // TensorFlow.js multiplies by the scale: the last bit of a weight may differ from the quotient.
    expect(wide!.energy!.data[0]).toBeCloseTo(formula(sample(5), table), 6);
    const [narrow] = await model.evaluate([sample(5)], 'float32');
    expect(Math.abs(narrow!.energy!.data[0]! - wide!.energy!.data[0]!)).toBeLessThan(2e-6);
    model.dispose();
  });

  it('leaves no tensors behind', async () => {
    const before = runtimes.float32.tf.memory().numTensors;
    const model = await openTfjs(graphSpec(), runtimes);
    const open = runtimes.float32.tf.memory().numTensors;
    await model.evaluate([sample(4), sample(6)], 'float32');
    expect(runtimes.float32.tf.memory().numTensors).toBe(open);
    model.dispose();
    await Promise.resolve();
    expect(runtimes.float32.tf.memory().numTensors).toBe(before);
  });

  it('that draws random numbers is refused', async () => {
    expect(await finding(graphSpec('random'))).toMatchObject({
      code: 'model/tfjs-random',
      found: 'RandomStandardNormal',
      place: { member: 'noise' },
    });
  });
});

describe('a layers model', () => {
  it('runs without dropout in both precisions', async () => {
    const model = await openTfjs(layersSpec, runtimes);
    expect(model).toMatchObject({ parameterCount: 3 * 8 + 8 + 8 + 1, precisions: ['float32', 'float64'] });
    const x = sample(6);
    const [kernel, bias, out, last] = [numbers(24, 0), numbers(8, 1), numbers(8, 2), numbers(1, 3)];
    let wanted = last[0]!;
    for (let unit = 0; unit < 8; unit++) {
      for (let atom = 0; atom < 6; atom++) {
        let sum = bias[unit]!;
        for (let k = 0; k < 3; k++) sum += x.positions!.data[3 * atom + k]! * kernel[8 * k + unit]!;
        wanted += (Math.tanh(sum) * out[unit]!) / 6;
      }
    }
    const [wide] = await model.evaluate([x], 'float64');
    expect(wide!.energy!.data[0]).toBeCloseTo(wanted, 12);
    const [narrow, again] = await model.evaluate([x, x], 'float32');
    expect(narrow!.energy!.data[0]).toBeCloseTo(wanted, 5);
    expect(again).toEqual(narrow);
    model.dispose();
  });
});

describe('a layers model as Keras writes it', () => {
  it('is wrapped once more, and is the same', async () => {
    const json = JSON.parse(readFileSync(file('layers'), 'utf8'));
    const { config } = json.modelTopology;
    const modelTopology = {
      keras_version: '2.15.0',
      backend: 'tensorflow',
      model_config: { class_name: 'Functional', config },
    };
    const folder = join(scratch, 'keras');
    cpSync(join(fixtures, 'layers'), folder, { recursive: true });
    writeFileSync(join(folder, 'model.json'), JSON.stringify({ ...json, modelTopology }));
    const [keras, own] = await Promise.all([
      openTfjs({ ...layersSpec, file: join(folder, 'model.json') }, runtimes),
      openTfjs(layersSpec, runtimes),
    ]);
    expect(await keras.evaluate([sample(5)], 'float64')).toEqual(await own.evaluate([sample(5)], 'float64'));
    keras.dispose();
    own.dispose();
  });
});

describe('inspection', () => {
  it('reads inputs and outputs without running anything', async () => {
    expect(await inspectTfjs(file('graph'))).toEqual({
      kind: 'graph',
      inputs: [
        { name: 'positions', node: 'in_x', dtype: 'float32', dims: [undefined, undefined, 3] },
        { name: 'species', node: 'in_z', dtype: 'int32', dims: [undefined, undefined] },
      ],
      outputs: [
        { name: 'energy', node: 'out_energy', dtype: 'float32', dims: [undefined] },
        { name: 'field', node: 'out_field', dtype: 'float32', dims: [undefined, undefined, 3] },
      ],
      parameterCount: 40,
      operators: ['Const', 'GatherV2', 'Mul', 'Placeholder', 'Sum', 'Tanh'],
    });
    expect(await inspectTfjs(file('layers'))).toMatchObject({
      kind: 'layers',
      inputs: [{ name: 'positions', dtype: 'float32', dims: [undefined, undefined, 3] }],
      outputs: [{ name: 'energy', dims: undefined }],
      parameterCount: 41,
    });
    expect(await tfjsShards(file('graph'))).toEqual(
      ['shard1of2.bin', 'shard2of2.bin'].map((name) => join(fixtures, 'graph', name)),
    );
  });
});

describe('a model that is wrong', () => {
  /** A copy of the graph model with another model.json. */
  function changed(name: string, change: (json: Record<string, never>) => unknown): TfjsSpec {
    const folder = join(scratch, name);
    cpSync(join(fixtures, 'graph'), folder, { recursive: true });
    const json = change(JSON.parse(readFileSync(file('graph'), 'utf8')));
    writeFileSync(join(folder, 'model.json'), typeof json === 'string' ? json : JSON.stringify(json));
    return { ...graphSpec(), file: join(folder, 'model.json') };
  }

  it('says which file is missing, cut off, outside, or no model', async () => {
    expect(await finding({ ...graphSpec(), file: join(scratch, 'no.json') })).toMatchObject({
      code: 'model/tfjs-missing-file',
    });
    expect(await finding({ ...graphSpec(), file: fixtures })).toMatchObject({
      code: 'model/tfjs-unreadable',
      advice: 'Name the model.json inside the folder.',
    });
    const missing = changed('missing', (json) => json);
    const shard = join(scratch, 'missing', 'shard2of2.bin');
    rmSync(shard);
    expect(await finding(missing)).toMatchObject({
      code: 'model/tfjs-missing-shard',
      place: { file: shard },
    });
    const cut = changed('cut', (json) => json);
    writeFileSync(join(scratch, 'cut', 'shard2of2.bin'), new Uint8Array(3));
    expect(await finding(cut)).toMatchObject({
      code: 'model/tfjs-damaged',
      expected: '176 bytes',
      found: '103 bytes',
    });
    const outside = changed('outside', (json) => ({
      ...json,
      weightsManifest: [{ paths: ['../../secret.bin'], weights: [] }],
    }));
    expect(await finding(outside)).toMatchObject({ code: 'model/tfjs-outside', found: '../../secret.bin' });
    expect(await finding(changed('text', () => 'no json'))).toMatchObject({ code: 'model/tfjs-not-a-model' });
    expect(await finding(changed('other', () => ({ a: 1 })))).toMatchObject({
      code: 'model/tfjs-not-a-model',
      found: 'JSON without modelTopology and weightsManifest',
    });
  });

  it('names the operation that TensorFlow.js lacks', async () => {
    const spec = changed('unknown', ({ modelTopology, ...json }) => {
      const { node, ...rest } = modelTopology as unknown as { node: { name: string; op: string }[] };
      const other = node.map((one) => (one.op === 'Tanh' ? { ...one, op: 'Bessel' } : one));
      return { ...json, modelTopology: { ...rest, node: other } };
    });
    expect(await finding(spec, sample(3))).toMatchObject({
      code: 'model/tfjs-unsupported-operator',
      found: 'Bessel',
    });
  });

  it('is held against what is declared', async () => {
    const spec = graphSpec();
    expect(await finding({ ...spec, inputs: [{ ...positions, name: 'position' }, species] })).toMatchObject({
      code: 'model/tfjs-unknown-input',
      message: expect.stringContaining('did you mean `positions`?'),
    });
    expect(await finding({ ...spec, inputs: [positions] })).toMatchObject({
      code: 'model/tfjs-undeclared-input',
      place: { member: 'species' },
    });
    expect(await finding({ ...spec, outputs: [{ ...energy, name: 'enrgy' }] })).toMatchObject({
      code: 'model/tfjs-unknown-output',
    });
    const wrong: Field = { name: 'energy', type: perAtom('vector') };
    expect(await finding({ ...spec, outputs: [wrong] })).toMatchObject({ code: 'model/tfjs-rank' });
    expect(await finding(spec, { ...sample(3), species: integer([4], [0, 1, 2, 3]) })).toMatchObject({
      code: 'model/tfjs-sizes',
    });
  });
});
