/**
 * Builds engine/generated/tfjs-models-{float32,float64}.mjs: TensorFlow.js' readers of graph models and of layers models,
 * on the very instance of the core that is in tfjs-{float32,float64}.mjs.
 */

import { createRequire } from 'node:module';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { libraryBuild } from './library-build.ts';
import { root } from './root.ts';

const require = createRequire(join(root, 'engine', 'package.json'));

type Precision = 'float32' | 'float64';

const entry = `
  export { loadGraphModel } from '@tensorflow/tfjs-converter';
  export { loadLayersModel } from '@tensorflow/tfjs-layers';`;

export const modelDeclarations = `
export { loadGraphModel } from '@tensorflow/tfjs-converter';
export { loadLayersModel } from '@tensorflow/tfjs-layers';
`;

/** Versions of the packages that go in. */
export function modelReaderVersions(): string {
  return ['tfjs-converter', 'tfjs-layers']
    .map((name) => require(`@tensorflow/${name}/package.json`).version)
    .join(' ');
}

/** @param load reads a source file of TensorFlow.js for the precision */
export async function buildModelLibrary(precision: Precision, load: Plugin): Promise<string> {
  const result = await build({
    ...libraryBuild,
    stdin: { contents: entry, resolveDir: join(root, 'engine'), sourcefile: `models-${precision}.js` },
    banner: {
      js: '/* Built from TensorFlow.js (Apache-2.0) by scripts/tfjs-models-library.ts; do not edit. */',
    },
    plugins: [sharedCore(precision), load],
  });
  return result.outputFiles[0]!.text;
}

function sharedCore(precision: Precision): Plugin {
  return {
    name: 'shared-core',
    setup(context) {
      // The operations for the converter are those of the core under another path.
      context.onResolve({ filter: /^@tensorflow\/tfjs-core(\/dist\/ops\/ops_for_converter)?$/ }, () => ({
        path: `./tfjs-${precision}.mjs`,
        external: true,
      }));
      context.onResolve({ filter: /^@tensorflow\/tfjs-core\/dist\/io\/io_utils$/ }, () => ({
        path: 'io_utils',
        namespace: 'core-io',
      }));
      context.onLoad({ filter: /./, namespace: 'core-io' }, () => ({
        contents: `import { io } from '@tensorflow/tfjs-core'; export const { decodeWeightsStream } = io;`,
        resolveDir: root,
      }));
    },
  };
}
