/**
 * Looking into the files that a specification names: headers only, no tensors. A service, so that tests and hosts
 * without files can replace it.
 */
import type { inspectDataFile, inspectOnnx, pythonSources } from '@noether/engine/inspect';

export interface Inspection {
  /** @param path absolute. @throws Fault when the file cannot be opened or is not in the format of its name. */
  dataFile(path: string): ReturnType<typeof inspectDataFile>;
  onnx(path: string): ReturnType<typeof inspectOnnx>;
  /** @param folder absolute; @param module dotted. Files only; Python is not started. */
  python(folder: string, module: string): ReturnType<typeof pythonSources>;
}

/** The engine's readers, loaded when first needed: editing a file with no data never pays for them. */
export const engineInspection: Inspection = {
  async dataFile(path) {
    return (await import('@noether/engine/inspect')).inspectDataFile(path);
  },
  async onnx(path) {
    return (await import('@noether/engine/inspect')).inspectOnnx(path);
  },
  async python(folder, module) {
    return (await import('@noether/engine/inspect')).pythonSources(folder, module);
  },
};
