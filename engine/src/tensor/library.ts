/** Loads the two TensorFlow.js builds (scripts/tensor-libraries.ts), each one instance in a process. */
import { fileURLToPath } from 'node:url';
import type { Precision, TensorLibrary } from './runtime.ts';

export interface Float32Library extends TensorLibrary {
  setWasmPaths(folder: string): void;
  /** The library's own file; its wasm binaries lie next to it. */
  readonly location: string;
}

/**
 * The float32 library with the cpu and wasm backends registered and none selected yet.
 * Throws an Error that names the build command when it was not built.
 */
export async function loadFloat32(): Promise<Float32Library> {
  const library = await import('../../generated/tfjs-float32.mjs').catch(notBuilt('float32'));
  quiet(library);
  // Emscripten would look in the folder of the process that runs, not in that of the library.
  library.setWasmPaths(fileURLToPath(new URL('./', library.location)));
  // Threads do not work in Node, and probing for them costs time.
  library.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  return library;
}

/** The float64 twin: the same functions, every real number a double, its own engine. Throws as `loadFloat32`. */
export async function loadFloat64(): Promise<TensorLibrary> {
  const library = await import('../../generated/tfjs-float64.mjs').catch(notBuilt('float64'));
  quiet(library);
  await library.setBackend('cpu');
  return library;
}

/** Without production mode TensorFlow.js prints advice about other packages on the console. */
function quiet(library: TensorLibrary): void {
  library.enableProdMode();
}

function notBuilt(precision: Precision) {
  return (error: unknown): never => {
    const code = (error as { code?: string }).code;
    if (code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new Error(`the ${precision} tensor library is not built: run "node scripts/tensor-libraries.ts"`, {
      cause: error,
    });
  };
}
