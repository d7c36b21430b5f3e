/** docs/export.md as it is written, and what `noether export` refuses. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { npzBytes } from '../../../scripts/fixtures/write-npz.ts';
import { createWorkspace, run, type Workspace } from './testing/run-noether.ts';

const page = readFileSync(fileURLToPath(new URL('../../../docs/export.md', import.meta.url)), 'utf8');
const parts = [
  ...page.matchAll(
    /<!-- file: (?<file>\S+) -->\n```\w+\n(?<text>[\s\S]*?)```|```console\n(?<commands>[\s\S]*?)```/g,
  ),
].map(({ groups }) => groups as Record<string, string | undefined>);

/** Comparisons run each backend in a process of its own; on a busy machine that takes its time. */
const slow = 240_000;

let workspace: Workspace;
beforeAll(() => {
  workspace = createWorkspace();
  const positions = Float32Array.from({ length: 4 * 14 * 3 }, (_, i) => Math.sin(1.7 * i + i * i));
  const data = new Uint8Array(positions.buffer);
  workspace.write(
    'objects.npz',
    npzBytes({
      positions: { descr: '<f4', shape: [4, 14, 3], data },
      heights: { descr: '<f4', shape: [4], data: data.slice(0, 16) },
    }),
  );
});
afterAll(() => workspace.remove());

describe('docs/export.md', () => {
  for (const { file, text, commands } of parts) {
    if (file) {
      it(`file ${file}`, () => {
        workspace.write(file, text!);
      });
    }
    for (const line of commands?.split('\n') ?? []) {
      if (!line.startsWith('$ noether ')) continue;
      it(
        line,
        async () => {
          const { code, stdout, stderr } = await run(workspace, ...line.slice(10).split(' '));
          expect(code, `${stdout}${stderr}`).toBe(0);
          if (line.includes('--onnx')) {
            expect(stdout).toMatch(/Any size: point\.\nRun in onnxruntime-web .* on 7 samples/);
            expect(stdout).toMatch(/ {2}vectors: agree; difference \S+, floor \S+, tolerance \S+/);
            // What it prints is what the page says to write.
            for (const own of stdout
              .split('\n')
              .filter((each) => /^(model|compare| {2}(in|out)put)/.test(each)))
              expect(page.replaceAll('  positions', ' positions')).toContain(own);
          }
          if (line.includes('compare')) expect(stdout).toMatch(/agree/);
        },
        slow,
      );
    }
  }
  it('has files and commands', () => {
    expect(parts.filter(({ file }) => file).length).toBe(3);
    expect(parts.filter(({ commands }) => commands).length).toBe(4);
  });
});

describe('an export that cannot be made', () => {
  const cases = [
    {
      why: 'a file that is there',
      args: ['net', '--onnx', 'net.onnx'],
      says: /export\/file-exists[\s\S]*--force/,
    },
    { why: 'no format', args: ['net'], says: /export\/nothing-wanted/ },
    {
      why: 'a name that is not there',
      args: ['ned', '--onnx', 'a.onnx'],
      says: /export\/unknown-model[\s\S]*Did you mean net\?/,
    },
    { why: 'a file of one’s own', args: ['exported', '--onnx', 'a.onnx'], says: /export\/not-built-in/ },
    {
      why: 'a folder that is not there',
      args: ['net', '--safetensors', 'no/a.safetensors'],
      says: /export\/not-written[\s\S]*ENOENT/,
    },
    {
      why: 'a graph of neighbours',
      args: ['near', '--onnx', 'a.onnx'],
      says: /export\/host-computed[\s\S]*int32/,
    },
  ];
  it.each(cases)('$why', async ({ args, says }) => {
    workspace.write(
      'near.equi',
      'use "net.equi"\nmodel near is Rapidash { space: R3  hidden: 8  layers: 1  graph: knn(3) }\ncheck near on objects under E(3)\n',
    );
    const before = readdirSync(workspace.folder);
    const { code, stderr } = await run(workspace, 'export', ...args);
    expect(code).not.toBe(0);
    expect(stderr).toMatch(says);
    expect(readdirSync(workspace.folder)).toEqual(before);
  });

  it('two models of one name in a folder', async () => {
    workspace.write(
      'other.equi',
      'data own from "objects.npz" { positions: position[point] }\nmodel net is Rapidash { hidden: 8 }\ncheck net on own under T(3)\n',
    );
    const { code, stderr } = await run(workspace, 'export', 'net', '--onnx', 'a.onnx');
    expect(code).toBe(2);
    expect(stderr).toMatch(/export\/ambiguous-model[\s\S]*--in /);
  });

  it('a wrapped model', async () => {
    workspace.write(
      'wrapped.equi',
      'use "net.equi"\nmodel safe = averaged(net, C(4))\ncheck safe on objects under C(4)\n',
    );
    const { code, stderr } = await run(
      workspace,
      'export',
      'safe',
      '--onnx',
      'a.onnx',
      '--in',
      'wrapped.equi',
    );
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/export\/wrapped[\s\S]*Export the model inside/);
  });

  it(
    'a trained model before its training; then its trained weights',
    async () => {
      workspace.write(
        'trained.equi',
        `data labelled from "objects.npz" { positions: position[point]  heights: scalar }
       model pupil is Rapidash { orientations: 12  hidden: 8  layers: 1 }
       check pupil on labelled under T(3)
       train pupil on labelled { loss: mse(heights)  steps: 3  batch: 2 }`,
      );
      const args = ['export', 'pupil', '--in', 'trained.equi', '--safetensors'];
      const early = await run(workspace, ...args, 'early.safetensors');
      expect(early.stderr).toMatch(/train\/not-trained/);
      const trained = await run(workspace, 'train', 'trained.equi');
      expect(trained.code, trained.stderr).toBe(0);
      const late = await run(workspace, ...args, 'late.safetensors', '--onnx', 'late.onnx');
      expect(late.code, late.stderr).toBe(0);
      workspace.write(
        'untrained.equi',
        `data labelled from "objects.npz" { positions: position[point] }
       model fresh is Rapidash { orientations: 12  hidden: 8  layers: 1 }
       check fresh on labelled under T(3)`,
      );
      const fresh = await run(
        workspace,
        'export',
        'fresh',
        '--in',
        'untrained.equi',
        '--safetensors',
        'fresh.safetensors',
      );
      expect(fresh.code, fresh.stderr).toBe(0);
      const bytes = (name: string) => readFileSync(`${workspace.folder}/${name}`);
      expect(bytes('late.safetensors').equals(bytes('fresh.safetensors'))).toBe(false);
    },
    slow,
  );

  it('--force replaces, and nothing is left beside it', async () => {
    const { code, stderr } = await run(
      workspace,
      'export',
      'net',
      '--onnx',
      'net.onnx',
      '--in',
      'net.equi',
      '--force',
    );
    expect(code, stderr).toBe(0);
    expect(readdirSync(workspace.folder).filter((name) => name.includes('.part'))).toEqual([]);
    expect(existsSync(`${workspace.folder}/net.onnx`)).toBe(true);
  });
});
