/**
 * TensorFlow's own library through tfjs-node, on a GPU or not. It is an optional dependency with a binary that is
 * fetched when it is installed, so it may be absent, incomplete, or made for another machine.
 */
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import type { Attempt, Rung } from '../ladder.ts';
import { firstLine } from '../ladder.ts';
import type { TensorLibrary } from '../runtime.ts';
import { selfTest } from '../self-test.ts';

export type NativePackage = 'tfjs-node-gpu' | 'tfjs-node';

/** What a process that loaded the package tells, or the reason why it could not. */
export type Probe = { readonly gpu: boolean; readonly version: string } | { readonly reason: string };

/** The outside world, so that tests can put another in its place. */
export interface NativeLoader {
  /** The package's main file, or undefined when it is not installed. */
  find(name: NativePackage): string | undefined;
  /** Loads it in a process of its own: a binary for another processor kills whoever loads it. */
  probe(path: string): Promise<Probe>;
  /** Loads it here, where it registers the backend 'tensorflow' with the shared engine. */
  load(path: string): void;
  /** What it computes wrongly here, once loaded; undefined for nothing. */
  selfTest(tf: TensorLibrary): Promise<string | undefined>;
}

/** The name under which both packages register with TensorFlow.js. */
export const nativeBackend = 'tensorflow';

/** Opens one of the two packages. `onLoad` runs after its kernels and gradients were registered. */
export function nativeRung(
  tf: TensorLibrary,
  name: NativePackage,
  onLoad: () => void,
  loader: NativeLoader = nodeLoader,
): Rung {
  return {
    name,
    async open(): Promise<Attempt> {
      const path = loader.find(name);
      if (path === undefined) return { reason: 'it is not installed' };
      const probe = await loader.probe(path);
      if ('reason' in probe) return probe;
      if (name === 'tfjs-node-gpu' && !probe.gpu) return { reason: 'it loads, but sees no GPU' };
      // Both packages carry the same library under the same name: a process can hold one of them.
      if (!tf.findBackend(nativeBackend)) {
        // The package brings a platform of its own, which takes no Float64Array for an array of numbers.
        const platform = tf.env().platform;
        loader.load(path);
        tf.env().setPlatform(tf.env().platformName, platform);
        onLoad();
      }
      const wrong = await loader.selfTest(tf);
      if (wrong) return { reason: wrong };
      const device = probe.gpu ? 'GPU' : 'CPU';
      return { description: `${name} (${device}), TensorFlow ${probe.version}, tfjs ${tf.version_core}` };
    },
  };
}

const requireHere = createRequire(import.meta.url);

/**
 * tfjs-node calls a function that Node 23 removed (upstream has the cure, but never released it), and another that
 * warns on the console that it will go.
 */
const polyfill =
  "const u = require('util'); u.isNullOrUndefined ??= (x) => x === null || x === undefined;" +
  ' u.isArray = Array.isArray;';

/** Before the answer, among whatever else the package prints. */
const mark = 'noether-probe ';

const answer = `const backend = tf.backend();
const version = backend.binding.TF_Version ?? tf.version['tfjs-node'] ?? '';
console.log('\\n${mark}' + JSON.stringify({ gpu: Boolean(backend.isUsingGpuDevice), version }));`;

/** Finds packages as Node does, from here. */
export const nodeLoader: NativeLoader = {
  find(name) {
    try {
      return requireHere.resolve(`@tensorflow/${name}`);
    } catch {
      return undefined;
    }
  },
  probe: (path) =>
    new Promise((resolve) => {
      // In VS Code the executable is Electron, which is Node only when told so.
      const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1', TF_CPP_MIN_LOG_LEVEL: '3' };
      const script = [polyfill, `const tf = require(${JSON.stringify(path)});`, answer].join('\n');
      execFile(process.execPath, ['-e', script], { env, timeout: 60_000 }, (error, stdout, stderr) => {
        const line = stdout.split('\n').find((text) => text.startsWith(mark));
        if (error || !line) resolve({ reason: whyNot(error ?? {}, stderr) });
        else resolve(JSON.parse(line.slice(mark.length)) as Probe);
      });
    }),
  load(path) {
    const util = requireHere('node:util') as Record<string, unknown>;
    util.isNullOrUndefined ??= (x: unknown) => x === null || x === undefined;
    util.isArray = Array.isArray;
    process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
    requireHere(path);
  },
  selfTest: (tf) => selfTest(tf, nativeBackend),
};

/** Why the probing process ended. */
export function whyNot(error: { signal?: NodeJS.Signals | null; killed?: boolean }, stderr: string): string {
  if (error.killed) return 'it does not load within a minute';
  if (error.signal) return `its binary crashes while it loads (${error.signal})`;
  const line = stderr.split('\n').find((text) => /^\S*Error\b.*: /.test(text.trim()));
  if (line && /native addon module|cannot find module|MODULE_NOT_FOUND/i.test(line)) {
    return 'it is installed without its binary';
  }
  return line ? `it fails to load: ${firstLine(line)}` : 'it loads, but gives no answer';
}
