/** Which other files an ONNX file keeps arrays in: they are as much part of the model as the file itself. */
import { dirname, isAbsolute, join, normalize } from 'node:path';
import { tensorsOf } from './external-data.ts';
import { readModel } from './read-model.ts';

/**
 * Paths of the files, each once, beside or below `path`. One that lies elsewhere is left out, as it is never read.
 * @param path absolute path of the ONNX file; the weights are skipped.
 * @throws Fault `model/onnx-…` as {@link readModel} does.
 */
export async function onnxWeightFiles(path: string): Promise<string[]> {
  const { model } = await readModel(path, 'headers');
  const files = new Set<string>();
  for (const { dataLocation, externalData } of tensorsOf(model)) {
    const location = externalData.find(({ key }) => key === 'location')?.value;
    if (dataLocation !== 1 || !location || isAbsolute(location)) continue;
    if (!normalize(location).startsWith('..')) files.add(join(dirname(path), location));
  }
  return [...files];
}
