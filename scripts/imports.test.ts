/** The house's rule: imports run downwards only (ARCHITECTURE.md, "Imports"). */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { build } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { root } from './root.ts';

/** Folder of the engine -> the folders that it may import from. Files beside the folders (fault, signature) serve all. */
const engineMayImport: Record<string, readonly string[]> = {
  tensor: [],
  kernel: ['tensor'],
  group: ['tensor'],
  representation: ['group', 'tensor'],
  data: ['tensor'],
  diffusion: ['tensor'],
  layer: ['kernel', 'representation', 'group', 'tensor'],
  model: ['layer', 'diffusion', 'kernel', 'representation', 'group', 'data', 'tensor'],
  foreign: ['model', 'data', 'tensor'],
  export: ['foreign', 'model', 'data', 'tensor'],
  verify: ['model', 'representation', 'group', 'data', 'tensor'],
  predict: ['model', 'data', 'tensor'],
  train: ['model', 'diffusion', 'representation', 'group', 'data', 'tensor', 'kernel'],
  generate: ['model', 'diffusion', 'data', 'tensor'],
  bench: ['model', 'data', 'tensor'],
  claim: [],
  parity: ['train', 'model', 'layer', 'kernel', 'representation', 'group', 'data', 'tensor'],
};

/** Only the worker's side of the server may reach tensors. */
const reachTensors = [
  'execute',
  'execute-benchmark',
  'execute-claim',
  'execute-clouds',
  'execute-compare',
  'execute-discover',
  'execute-evaluation',
  'execute-export',
  'execute-train',
  'facts',
  'measure',
  'on-model',
  'open-model',
  'trained-weights',
  'worker',
].map((name) => `server/src/jobs/${name}.ts`);

const files = ['engine', 'server', 'client']
  .flatMap((workspace) =>
    readdirSync(join(root, workspace, 'src'), { recursive: true, encoding: 'utf8' }).map((file) =>
      posix.join(workspace, 'src', file.replaceAll('\\', '/')),
    ),
  )
  .filter((file) => file.endsWith('.ts') && !file.includes('/generated/'));

const imports = files.flatMap((file) =>
  [...readFileSync(join(root, file), 'utf8').matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => ({
    file,
    imported: match[1]!,
  })),
);

/** Tests and what only they use may look anywhere. */
const isForTests = (file: string) => /\.test\.ts$|\/testing(\.ts$|\/)|\/test-support\.ts$/.test(file);

describe('imports', () => {
  test('there is something to look at', () => {
    expect(files.length).toBeGreaterThan(50);
    expect(imports.length).toBeGreaterThan(100);
  });

  test('run downwards inside the engine', () => {
    const folderOf = (path: string) => /^engine\/src\/([^/]+)\//.exec(path)?.[1];
    const upwards = imports.flatMap(({ file, imported }) => {
      const from = folderOf(file);
      if (!from || !imported.startsWith('.') || isForTests(file)) return [];
      const target = posix.join(dirname(file), imported);
      const to = folderOf(target);
      const allowed = to
        ? from === to || engineMayImport[from]?.includes(to)
        : /\/(fault|signature|edit-distance)\.ts$|^engine\/generated\//.test(target);
      return allowed ? [] : [`${file} imports ${target}`];
    });
    expect(upwards).toEqual([]);
  });

  test('the engine knows nothing of the server, the server nothing of the client', () => {
    const wrong = imports.filter(({ file, imported }) =>
      file.startsWith('engine/')
        ? /^@noether\/|vscode|langium/.test(imported)
        : file.startsWith('server/') && /^@noether\/client|^vscode$|\/client\//.test(imported),
    );
    expect(wrong).toEqual([]);
  });

  test('the client knows only the protocol', () => {
    const wrong = imports.filter(
      ({ file, imported }) =>
        file.startsWith('client/') &&
        imported.startsWith('@noether/') &&
        imported !== '@noether/server/protocol',
    );
    expect(wrong).toEqual([]);
  });

  test('in the server only the worker reaches tensors', () => {
    const wrong = imports.filter(
      ({ file, imported }) =>
        file.startsWith('server/') &&
        !isForTests(file) &&
        !reachTensors.includes(file) &&
        (imported === '@noether/engine' || /@tensorflow|onnxruntime/.test(imported)),
    );
    expect(wrong).toEqual([]);
  });

  test.each(['engine/src/catalog.ts', 'engine/src/inspect.ts', 'server/src/lsp.ts'])(
    'nothing reachable from %s loads a tensor library',
    async (entry) => {
      const { metafile } = await build({
        entryPoints: [join(root, entry)],
        absWorkingDir: root,
        bundle: true,
        write: false,
        metafile: true,
        platform: 'node',
        format: 'esm',
        logLevel: 'error',
      });
      const tensors = Object.keys(metafile.inputs).filter((file) =>
        /@tensorflow|onnxruntime|tfjs-float64/.test(file),
      );
      expect(tensors).toEqual([]);
    },
  );
});
