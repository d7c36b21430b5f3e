/**
 * Builds engine/generated/tfjs-webgpu.mjs: TensorFlow.js' webgpu backend and its kernels, on the very instance of the
 * core that is in tfjs-float32.mjs. Its package brings a core of its own, which would know none of our tensors.
 */

import { createRequire } from 'node:module';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { libraryBuild } from './library-build.ts';
import { root } from './root.ts';

const require = createRequire(join(root, 'package.json'));

/** The backend's class and flags; the module that registers it by itself asks a browser for its adapter. */
const entry = `
  import '@tensorflow/tfjs-backend-webgpu/dist/register_all_kernels';
  export { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu/dist/backend_webgpu';`;

const absent =
  '/* @tensorflow/tfjs-backend-webgpu was not installed. */\nexport const WebGPUBackend = undefined;\n';

export const webgpuDeclarations = `
export const WebGPUBackend: (new (device: unknown, info: unknown) => object) | undefined;
`;

/** The version of the installed package, or undefined: it is optional. */
export function webgpuVersion(): string | undefined {
  try {
    return require('@tensorflow/tfjs-backend-webgpu/package.json').version;
  } catch {
    return undefined;
  }
}

/** The module's text; where the package is not installed, one that says so. */
export async function buildWebgpuLibrary(): Promise<string> {
  if (!webgpuVersion()) return absent;
  const result = await build({
    ...libraryBuild,
    stdin: { contents: entry, resolveDir: root, sourcefile: 'webgpu.js' },
    banner: { js: '/* Built from TensorFlow.js (Apache-2.0) by scripts/webgpu-library.ts; do not edit. */' },
    plugins: [sharedCore],
  });
  return result.outputFiles[0]!.text;
}

const sharedCore: Plugin = {
  name: 'shared-core',
  setup(context) {
    context.onResolve({ filter: /^@tensorflow\/tfjs-core$/ }, () => ({
      path: './tfjs-float32.mjs',
      external: true,
    }));
  },
};
