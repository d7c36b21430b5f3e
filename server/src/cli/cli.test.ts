import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../report/index.ts';
import { reportIn } from './testing/report.ts';
import { createWorkspace, noether, run, start, type Workspace } from './testing/run-noether.ts';

/** Small enough for a test: one sample, a few elements, a few channels. */
const specification = `
data objects from "objects.npz" { positions: position[point]  samples: 1 }
model steady is Rapidash { space: R3  hidden: 4  layers: 1  basis: 2 }
model leaky is Rapidash { space: R3  hidden: 4  layers: 1  basis: 2  features: coordinates }
check steady on objects under E(3) { elements: 2 }
`;
const leaky = 'check leaky on objects under SE(3) as leak { elements: 2 }\n';
/** Long enough to be interrupted on any machine. */
const endless = 'check steady on objects under SE(3) as endless { elements: 1000000 }\n';

let workspace: Workspace;
beforeAll(() => {
  workspace = createWorkspace();
  workspace.copy('quickstart/data/objects.npz', 'objects.npz');
  workspace.write('good.equi', specification);
  workspace.write('leaky.equi', specification + leaky);
  workspace.write('known.equi', specification + leaky.replace('{', '{ expect: violated '));
  workspace.write('endless.equi', specification + endless);
});
afterAll(() => workspace.remove());

describe('noether check', () => {
  it('prints a table and ends with 0 when all is as expected, from the cache the second time', async () => {
    const first = await run(workspace, 'check', 'known.equi', '--json', 'report.json');
    expect(first).toMatchObject({ code: 0 });
    expect(first.stdout).toMatch(/^check +verdict +gap +floor +tolerance +confidence/);
    expect(first.stdout).toMatch(/steady on objects under E\(3\) +holds/);
    expect(first.stdout).toMatch(/leak +violated, as expected/);
    expect(first.stdout).toMatch(/2 checks: 2 as expected; /);
    expect(first.stdout + first.stderr).not.toContain('\x1b');
    expect(first.stderr.split('\n').sort()).toEqual([
      '',
      'checking leak',
      'checking steady on objects under E(3)',
      'leak: violated',
      'steady on objects under E(3): holds',
    ]);
    const report = reportIn(readFileSync(join(workspace.folder, 'report.json'), 'utf8'));
    expect(report.checks.map(({ cached }) => cached)).toEqual([false, false]);

    const again = await run(workspace, 'check', 'known.equi', '--json', '-');
    expect(again.code).toBe(0);
    const cached = reportIn(again.stdout);
    expect(cached.checks.map((check) => check.cached)).toEqual([true, true]);
    const verifications = (of: Report) => of.checks.map(({ verification }) => verification);
    expect(verifications(cached)).toEqual(verifications(report));
    expect(cached.checks.map(({ inputsHash }) => inputsHash)).toEqual(
      report.checks.map(({ inputsHash }) => inputsHash),
    );
  });

  it('ends with 1 when a check is not as expected, and says how to replay it, which works', async () => {
    const { code, stdout } = await run(workspace, 'check', 'leaky.equi', '--json', '-');
    expect(code).toBe(1);
    const report = reportIn(stdout);
    expect(report.summary).toEqual({ checks: 2, asExpected: 1, notAsExpected: 1, notRun: 0 });
    const check = report.checks.find(({ id }) => id === 'leak')!;
    expect(check.replay).toMatch(/ --only leak --seed 0 --replay 0:[01]$/);
    const [output] = check.verification!.outputs;

    // As a person would: the printed line in a shell, only that `noether` is not installed here.
    const words = noether.map((word) => `'${word}'`).join(' ');
    const line = `${check.replay.replace(/^noether/, words)} --json -`;
    const replayed = reportIn((await start(workspace, ['sh', '-c', line]).ended).stdout);
    expect(replayed.checks).toHaveLength(1);
    const [again] = replayed.checks[0]!.verification!.outputs;
    expect(again!.worst!.element).toEqual(output!.worst!.element);
    expect(again!.gap).toBeCloseTo(output!.gap, 4);
    expect(replayed.checks[0]!.replayed).toEqual({
      sample: output!.worst!.sample,
      draw: output!.worst!.draw,
    });
  });

  it('gives the same verification for the same seed in another process, another one for another seed', async () => {
    const gaps = async (...flags: string[]) => {
      const { stdout, stderr } = await run(
        workspace,
        ...['check', 'good.equi', '--no-cache', '--json', '-', ...flags],
      );
      expect(stderr).toContain('holds');
      return reportIn(stdout).checks[0]!.verification!.outputs.map(({ gap, worst }) => ({ gap, worst }));
    };
    const [one, same, other] = [await gaps(), await gaps('--seed', '0'), await gaps('--seed', '1')];
    expect(same).toEqual(one);
    expect(other).not.toEqual(one);
  });

  it('takes folders, --only, --elements and --backend', async () => {
    const { code, stdout } = await run(
      workspace,
      ...['check', '.', '--only', 'leak', '--elements', '3', '--backend', 'cpu', '--json', '-'],
    );
    expect(code).toBe(1);
    const { checks } = reportIn(stdout);
    expect(checks.map(({ file }) => file.replace(/.*\//, '')).sort()).toEqual(['known.equi', 'leaky.equi']);
    for (const { verification, backend, replay } of checks) {
      expect(verification!.elements).toBe(3);
      expect(backend!.name).toBe('cpu');
      expect(replay).toContain('--backend cpu');
    }
  });

  it.skipIf(process.platform === 'win32')('shows colours and a progress line on a terminal', async () => {
    const probe = await start(workspace, ['sh', '-c', 'command -v script']).ended;
    if (probe.code !== 0) return;
    const words = [...noether, 'check', 'leaky.equi', '--no-cache'].map((word) => `'${word}'`).join(' ');
    const { stdout } = await start(workspace, ['script', '-qec', `stty cols 80; ${words}`, '/dev/null'])
      .ended;
    expect(stdout).toContain('\x1b[31mviolated\x1b[39m');
    expect(stdout).toContain('\x1b[2K[');
    const table = stdout.slice(stdout.lastIndexOf('\x1b[2K') + 4).split('\r\n');
    const widths = table
      .filter((line) => !line.includes('replay'))
      .map((line) => stripVTControlCharacters(line).length);
    expect(Math.max(...widths)).toBeLessThanOrEqual(80);
  });

  it('ends quietly when its reader does', async () => {
    const words = [...noether, 'check', 'good.equi'].map((word) => `'${word}'`).join(' ');
    const { stderr } = await start(workspace, ['sh', '-c', `${words} | true`]).ended;
    expect(stderr).not.toMatch(/EPIPE|^ +at /m);
  });
});

describe('what is wrong', () => {
  /** Exit code, and what the output must contain; never a stack. */
  async function fails(code: number, args: string[], ...texts: string[]): Promise<string> {
    const ended = await run(workspace, ...args);
    const text = `${ended.stdout}${ended.stderr}`;
    expect.soft(ended.code, text).toBe(code);
    for (const part of texts) expect.soft(text).toContain(part);
    expect.soft(text).not.toMatch(/^\s+at .*[:)]/m);
    return text;
  }

  it('in the command line: 2', async () => {
    await fails(2, [], 'Usage: noether');
    await fails(2, ['chekc'], "unknown command 'chekc'", 'Did you mean check?');
    await fails(2, ['check'], "missing required argument 'files'");
    await fails(2, ['check', 'good.equi', '--sed', '1'], "unknown option '--sed'", 'Did you mean --seed?');
    await fails(
      2,
      ['check', 'good.equi', '--elements', 'many'],
      'It must be a whole number from 1 to 1000000.',
    );
    await fails(2, ['check', 'good.equi', '--backend', 'gpu'], 'Allowed choices are auto');
    await fails(
      2,
      ['check', 'good.equi', '--only', 'stedy'],
      'no check or model named "stedy"',
      'Did you mean "steady"?',
    );
    await fails(2, ['check', 'known.equi', '--replay', '0:1'], 'exactly one check');
    await fails(2, ['check', 'good.equi', '--json', 'no/such/folder.json'], 'its folder does not exist');
    await fails(2, ['lsp'], "required option '--stdio'");
  });

  it('with a specification: 2', async () => {
    workspace.write('syntax.equi', 'check steady under\n');
    workspace.write('names.equi', `${specification}check stedy on objects under SE(3)\n`);
    workspace.write('latin1.equi', Buffer.from([0x2f, 0x2f, 0xe4, 0x0a]));
    workspace.write('missing.equi', specification.replace('objects.npz', 'nothing.npz'));
    await fails(2, ['check', 'syntax.equi'], 'syntax.equi:1', 'error');
    const names = await fails(2, ['check', 'names.equi'], 'stedy', 'steady');
    // What is sound is run all the same.
    expect(names).toMatch(/1 check: 1 as expected/);
    await fails(2, ['check', 'latin1.equi'], 'spec/not-utf-8');
    await fails(2, ['check', 'nowhere.equi'], 'spec/unreadable-file', 'nothing of this name');
    await fails(2, ['check', 'objects.npz'], 'spec/not-a-specification');
    await fails(2, ['check', 'cache'], 'spec/empty-folder');
    await fails(2, ['check', 'missing.equi'], 'nothing.npz');
  });

  it('only in the run: 3', async () => {
    workspace.copy('bad/nan.npz', 'nan.npz');
    workspace.write('nan.equi', specification.replace('objects.npz', 'nan.npz'));
    await fails(3, ['check', 'nan.equi'], 'not run', 'nan.npz', '1 check: 1 not run');
    await fails(
      3,
      ['check', 'endless.equi', '--only', 'endless', '--time-limit', '0.01'],
      'job/time-limit',
      'The time limit of 0.01 s was reached',
    );
    await fails(3, ['check', 'good.equi', '--no-cache', '--memory-limit', '60'], 'job/memory-limit');
  });
});

describe('interruption and watching', () => {
  it('Ctrl-C cancels, ends the workers and gives 130', async () => {
    const running = start(workspace, [
      ...noether,
      'check',
      'endless.equi',
      '--only',
      'endless',
      '--no-cache',
    ]);
    await running.printed('checking endless');
    running.child.kill('SIGINT');
    const { code, stdout, stderr } = await running.ended;
    expect(code).toBe(130);
    expect(stdout).toContain('cancelled');
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('--watch runs again after an edit, what has not changed from the cache', async () => {
    workspace.write('watched.equi', specification);
    const running = start(workspace, [...noether, 'check', 'watched.equi', '--watch']);
    await running.printed('Watching for changes');
    workspace.write('watched.equi', specification + leaky.replace('2 }', '5 }'));
    await running.printed('Watching for changes', 2);
    running.child.kill('SIGINT');
    const { code, stdout } = await running.ended;
    expect(code).toBe(130);
    const [first, second] = stdout.split(/^check +verdict/m).slice(1);
    expect(first).toContain('1 check: 1 as expected');
    expect(second).toMatch(/2 checks: 1 as expected, 1 not as expected; .*, 1 from the cache/);
  });
});

describe('noether describe, backends, lsp', () => {
  it('describes families, specifications, data and models', async () => {
    const family = await run(workspace, 'describe', 'Rapidash');
    expect(family.code).toBe(0);
    expect(family.stdout).toMatch(/Vadgama.*\(2025\)/s);
    expect(family.stdout).toMatch(/^hidden +32 +one or several whole numbers from 1 to 4096 +channels$/m);
    expect((await run(workspace, 'describe')).stdout).toMatch(/^Rapidash +\S/m);

    const data = await run(workspace, 'describe', 'objects.npz');
    expect(data.stdout).toMatch(/^positions +float32 +\[12, 128, 3\]$/m);

    const text = await run(workspace, 'describe', 'leaky.equi');
    expect(text.code).toBe(0);
    expect(text.stdout).toMatch(
      /^objects +objects.npz +positions: position\[point\] float32 \[12, 128, 3\]$/m,
    );
    expect(text.stdout).toMatch(/^leaky +Rapidash +\d+$/m);
    expect(text.stdout).toMatch(/^leak +holds +auto +2 +0 +60 s$/m);
  });

  it('says what it cannot describe', async () => {
    workspace.copy('bad/truncated.npz', 'truncated.npz');
    const unknown = await run(workspace, 'describe', 'Rapidish');
    expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('Did you mean Rapidash?') });
    const truncated = await run(workspace, 'describe', 'truncated.npz');
    expect(truncated).toMatchObject({ code: 3, stderr: expect.stringContaining('data/truncated') });
  });

  it('lists the backends with their state', async () => {
    const { code, stdout } = await run(workspace, 'backends');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^cpu +(available|taken by auto) +\S/m);
    expect(stdout.match(/taken by auto/g)).toHaveLength(1);
  });

  it('prints version and help', async () => {
    expect(await run(workspace, '--version')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
    const help = await run(workspace, 'check', '--help');
    expect(help.code).toBe(0);
    for (const option of [
      '--json',
      '--only',
      '--seed',
      '--backend',
      '--elements',
      '--watch',
      '--replay',
      '--no-cache',
    ]) {
      expect(help.stdout).toContain(option);
    }
  });
});
