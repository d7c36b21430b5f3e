/** Callables that do what they should not, and interpreters that cannot: each ends as a fault with advice. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { Fault, type Finding } from '../../fault.ts';
import { closeSessions, openPython } from './index.ts';
import type { PythonOptions, PythonSpec } from './open.ts';
import { folder, points, pythonWith, specOf } from './test-support.ts';

const python = pythonWith('numpy');
const trouble = join(folder, 'trouble.py');
const scratch = mkdtempSync(join(tmpdir(), 'noether-python-'));
afterAll(async () => {
  await closeSessions();
  rmSync(scratch, { recursive: true, force: true });
});

async function finding(spec: PythonSpec, options: PythonOptions = {}): Promise<Finding> {
  try {
    const model = await openPython(spec, { example: { x: points(3) }, ...options });
    model.dispose();
  } catch (error) {
    if (error instanceof Fault) return error.finding;
    throw error;
  }
  throw new Error('no fault');
}

const bad = (name: string, rest: Partial<PythonSpec> = {}) =>
  finding(specOf(`trouble:${name}`, { python, ...rest }));

describe.skipIf(!python)('a callable', () => {
  it('that prints, to whatever it finds, is heard in the log and computes', async () => {
    const lines: string[] = [];
    const example = { x: points(3) };
    const model = await openPython(specOf('trouble:prints', { python }), {
      example,
      log: (line) => lines.push(line),
    });
    const [result] = await model.evaluate([example], model.precisions[0]!);
    const sum = (example.x.data as Float64Array).reduce((total, value) => total + value, 0);
    expect(result!.energy!.data[0]).toBeCloseTo(sum, 12);
    await expect.poll(() => lines.join('\n')).toMatch(/hello from the model[\s\S]*from a child/);
    expect(lines.join('\n')).toContain('straight to the descriptor');
    model.dispose();
  });

  it('that raises is a finding at the line of the user’s own that raised', async () => {
    expect(await bad('raises')).toMatchObject({
      code: 'model/python-error',
      message: expect.stringMatching(/^`trouble:raises` raised ValueError: matmul:/),
      place: { file: trouble, line: 22 },
    });
  });

  it('that exits, dies or crashes says how', async () => {
    expect(await bad('leaves')).toMatchObject({
      code: 'model/python-ended',
      message: '`trouble:leaves` called exit (3)',
      place: { file: trouble, line: 31 },
    });
    expect(await bad('vanishes')).toMatchObject({
      code: 'model/python-ended',
      message: 'The Python process of `trouble:vanishes` ended by itself (exit code 5)',
    });
    expect(await bad('crashes')).toMatchObject({ code: 'model/python-ended', found: 'signal SIGSEGV' });
  });

  it('that asks for input gets none, at once', async () => {
    expect(await bad('asks')).toMatchObject({
      code: 'model/python-error',
      message: '`trouble:asks` raised EOFError: EOF when reading a line',
      place: { file: trouble, line: 43 },
    });
  });

  it('that returns what is not declared is told what was expected', async () => {
    expect(await bad('wrong_shape')).toMatchObject({
      code: 'model/python-output-shape',
      expected: '[]',
      found: '[2, 5]',
      place: { file: trouble },
    });
    expect(await bad('nothing_named')).toMatchObject({
      code: 'model/python-output',
      found: 'dict(enrgy: float64[])',
      advice: expect.stringContaining('output NAME'),
    });
    expect(await bad('complex_numbers')).toMatchObject({
      code: 'model/python-output-type',
      found: 'complex128',
    });
    expect(await bad('objects')).toMatchObject({ code: 'model/python-output', found: 'object' });
    expect(await bad('large_integers')).toMatchObject({
      code: 'model/python-output-type',
      found: '1099511627776',
    });
  });

  it('that returns NaN hands it on: the verifier judges it', async () => {
    const model = await openPython(specOf('trouble:not_a_number', { python }));
    const [result] = await model.evaluate([{ x: points(3) }], model.precisions[0]!);
    expect(result!.energy!.data[0]).toBeNaN();
    model.dispose();
  });

  it('that returns 4 GB is stopped before they go anywhere', async () => {
    expect(await bad('four_gigabytes')).toMatchObject({
      code: 'model/python-too-large',
      message: 'The outputs take 4096 MB, more than the 1024 MB that one answer may take',
      found: '[536870912]',
    });
  });

  it('that takes more memory than it may is ended', async () => {
    process.env.NOETHER_WORKER_MEMORY = String(300 * 2 ** 20);
    try {
      // A folder of its own, so that no process is there already.
      cpSync(trouble, join(scratch, 'trouble.py'));
      expect(await bad('too_much_memory', { folder: scratch })).toMatchObject({
        code: 'model/python-memory',
        advice: expect.stringContaining('--memory-limit'),
      });
    } finally {
      delete process.env.NOETHER_WORKER_MEMORY;
    }
  });

  it('that cannot be built or called says why', async () => {
    expect(await bad('fails_to_build')).toMatchObject({
      code: 'model/python-build',
      message:
        '`trouble:fails_to_build` failed while it built the model: ValueError: no such hidden size: -1',
      place: { file: trouble, line: 80 },
    });
    expect(await bad('builds_nothing')).toMatchObject({ code: 'model/python-build', found: 'NoneType' });
    expect(await bad('needs_more')).toMatchObject({ code: 'model/python-build', found: 'width, depth' });
    expect(await bad('fails_to_build', { checkpoint: '/tmp/x.pt' })).toMatchObject({
      message: expect.stringContaining('nobody to give the checkpoint to'),
    });
    expect(await bad('takes_two')).toMatchObject({
      code: 'model/python-arguments',
      expected: 'x, y',
      found: 'x',
    });
    expect(await bad('ANSWER')).toMatchObject({ code: 'model/python-missing-callable', found: 'int' });
    expect(await bad('raisse')).toMatchObject({
      code: 'model/python-missing-callable',
      message: 'The module `trouble` has no `raisse`; did you mean `raises`?',
      place: { file: trouble },
    });
  });

  it('that hangs is ended with its process', async () => {
    const model = await openPython(specOf('trouble:hangs', { python }));
    const running = model.evaluate([{ x: points(3) }], 'float64').catch((error) => error);
    const first = await Promise.race([running, sleep(300).then(() => 'still running')]);
    expect(first).toBe('still running');
    // What the pool does at the time limit is to end the whole group; here only the child is ours to end.
    const { stdout } = spawnSync('ps', ['-o', 'pid=,args=', '--ppid', String(process.pid)], {
      encoding: 'utf8',
    });
    const hanging = stdout.split('\n').filter((line) => line.includes('worker.py'));
    for (const line of hanging) process.kill(Number(line.trim().split(/\s/)[0]), 'SIGKILL');
    expect((await running).finding).toMatchObject({ code: 'model/python-ended', found: 'signal SIGKILL' });
  });
});

describe.skipIf(!python)('a module', () => {
  it('that is not there, does not parse, or lacks a package says which and where', async () => {
    expect(await finding(specOf('nowhere.net:build', { python }))).toMatchObject({
      code: 'model/python-missing-module',
      expected: 'a file that Python imports as nowhere.net',
      advice: expect.stringContaining('folder: "…"'),
    });
    expect(await finding(specOf('unfinished:build', { python }))).toMatchObject({
      code: 'model/python-import',
      message: expect.stringContaining('SyntaxError'),
      place: { file: join(folder, 'unfinished.py'), line: 1 },
    });
    expect(await finding(specOf('missing_import:build', { python }))).toMatchObject({
      code: 'model/python-import',
      message: expect.stringContaining("No module named 'a_package_that_nobody_has'"),
      place: { file: join(folder, 'missing_import.py'), line: 1 },
    });
  });

  it('is written with a colon', async () => {
    expect(await finding(specOf('models/net.py', { python }))).toMatchObject({
      code: 'model/python-target',
      advice: expect.stringContaining('"models.net:build"'),
    });
  });

  it('that changes is loaded anew, and leaves nothing in the user’s folder', async () => {
    const own = join(scratch, 'changing');
    const write = (factor: number) =>
      writeFileSync(join(own, 'inner.py'), `FACTOR = ${factor}  # ${'x'.repeat(factor)}\n`);
    cpSync(folder, own, { recursive: true });
    write(2);
    writeFileSync(
      join(own, 'outer.py'),
      'from inner import FACTOR\n\n\ndef model(x):\n    return FACTOR * x.sum()\n',
    );
    const spec = specOf('outer:model', { python, folder: own });
    const example = { x: points(3) };
    const energyNow = async () => {
      const model = await openPython(spec);
      const [result] = await model.evaluate([example], 'float64');
      model.dispose();
      await sleep(20);
      return result!.energy!.data[0]!;
    };
    const first = await energyNow();
    expect(await energyNow()).toBe(first);
    write(6);
    expect(await energyNow()).toBeCloseTo(3 * first, 12);
    expect(readdirSync(own)).not.toContain('__pycache__');
  });
});

describe('an interpreter', () => {
  it('that is not there is a fault that says who asked for it', async () => {
    expect(await finding(specOf('trouble:prints', { python: '/nowhere/bin/python' }))).toMatchObject({
      code: 'model/python-no-interpreter',
      message: 'There is no Python at /nowhere/bin/python, which the model asks for',
    });
    expect(await finding(specOf('trouble:prints'), { setting: 'python-of-nobody' })).toMatchObject({
      code: 'model/python-no-interpreter',
      message: expect.stringContaining('the setting noether.python'),
    });
  });

  it('that is no Python says what became of it', async () => {
    const file = join(scratch, 'not-python');
    writeFileSync(file, '#!/bin/sh\necho this is no python >&2\nexit 4\n', { mode: 0o755 });
    expect(await finding(specOf('trouble:prints', { python: file }))).toMatchObject({
      code: 'model/python-ended',
      message: expect.stringContaining('(exit code 4): this is no python'),
    });
    const plain = join(scratch, 'plain-text');
    writeFileSync(plain, 'text', { mode: 0o644 });
    expect(await finding(specOf('trouble:prints', { python: plain }))).toMatchObject({
      code: 'model/python-interpreter',
      message: expect.stringContaining('EACCES'),
    });
  });

  it.skipIf(!python)('without numpy is told where to install it', async () => {
    const environment = join(scratch, '.venv');
    expect(spawnSync(python!, ['-m', 'venv', '--without-pip', environment]).status).toBe(0);
    cpSync(trouble, join(scratch, 'trouble.py'));
    // Nobody names it: it is the environment of the folder.
    expect(await finding(specOf('trouble:prints', { folder: scratch }))).toMatchObject({
      code: 'model/python-no-numpy',
      advice: expect.stringContaining(`${join(environment, 'bin', 'python')} -m pip install numpy`),
    });
  });
});
