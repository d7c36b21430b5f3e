/** From a path to a decoded model, with a plain sentence for everything that can be wrong with the file. */
import { open } from 'node:fs/promises';
import { Fault } from '../../fault.ts';
import { decodeModel, decodeModelHeaders, type GraphProto, type ModelProto } from './proto.ts';

/** Protocol buffers end at 2 GiB; so do the buffers that both runtimes take. */
export const maxModelBytes = 2 ** 31 - 1;

/** A model that has a graph. */
export type OnnxModel = ModelProto & { graph: GraphProto };

export interface ModelFile {
  readonly bytes: Uint8Array;
  readonly model: OnnxModel;
}

/**
 * Reads an ONNX file. The size is looked at before anything is allocated.
 * @param path absolute path.
 * @param part 'headers' skips the numbers in arrays; 'everything' keeps views of them.
 * @throws Fault `model/onnx-missing-file`, `-not-a-file`, `-unreadable`, `-too-large`, `-empty-file`, `-not-onnx` or
 * `-damaged`.
 */
export async function readModel(path: string, part: 'headers' | 'everything'): Promise<ModelFile> {
  const bytes = await readBytes(path);
  const format = otherFormat(bytes);
  if (format) throw notOnnx(path, format);
  let model: ModelProto;
  try {
    model = part === 'headers' ? decodeModelHeaders(bytes) : decodeModel(bytes);
  } catch {
    if (!looksLikeOnnx(bytes)) throw notOnnx(path, 'bytes of another format');
    throw damaged(path, `the ONNX file ends too early or is damaged (${bytes.length} bytes)`);
  }
  if (!hasGraph(model)) throw notOnnx(path, 'a protocol buffer without a graph');
  // Writers put the operator versions behind the graph, so a file cut off between the two reads without an error.
  if (model.opsetImport.length === 0) throw damaged(path, 'the ONNX file ends before its operator versions');
  return { bytes, model };
}

/** Also for arrays that are not as long as they say. */
export function damaged(path: string, message: string, member?: string): Fault {
  return new Fault({
    code: 'model/onnx-damaged',
    message,
    expected: 'a complete ONNX model',
    found: 'a damaged one',
    place: member === undefined ? { file: path } : { file: path, member },
    advice: 'Export the model again, or copy the file again: it may have been cut off on the way.',
  });
}

function hasGraph(model: ModelProto): model is OnnxModel {
  return model.graph !== null && model.graph !== undefined && model.graph.output.length > 0;
}

async function readBytes(path: string): Promise<Uint8Array> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    throw cannotOpen(path, error);
  });
  try {
    const stat = await file.stat();
    if (!stat.isFile()) throw notAFile(path, stat.isDirectory() ? 'a directory' : 'not a regular file');
    if (stat.size > maxModelBytes) throw tooLarge(path, stat.size);
    if (stat.size === 0) {
      throw new Fault({
        code: 'model/onnx-empty-file',
        message: 'the ONNX file is empty',
        expected: 'an ONNX model',
        found: '0 bytes',
        place: { file: path },
        advice: 'Export the model again.',
      });
    }
    return await file.readFile();
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw cannotOpen(path, error as NodeJS.ErrnoException);
  } finally {
    await file.close();
  }
}

/** Also for external data: too much to hold in one protocol buffer. */
export function tooLarge(path: string, size: number): Fault {
  return new Fault({
    code: 'model/onnx-too-large',
    message: `the ONNX model takes ${gibibytes(size)}`,
    expected: `at most ${gibibytes(maxModelBytes)}, weights in other files included`,
    found: `${size} bytes`,
    place: { file: path },
    advice: 'Verify a smaller configuration of the network: the symmetry does not depend on its width.',
  });
}

function cannotOpen(path: string, error: NodeJS.ErrnoException): Fault {
  if (error.code === 'EISDIR') return notAFile(path, 'a directory');
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') {
    return new Fault({
      code: 'model/onnx-missing-file',
      message: 'the ONNX file does not exist',
      expected: 'an ONNX model',
      found: 'no such file',
      place: { file: path },
      advice: 'Correct the path; it is relative to the specification file.',
    });
  }
  const found = error.code === 'ELOOP' ? 'a loop of symbolic links' : (error.code ?? error.message);
  return new Fault({
    code: 'model/onnx-unreadable',
    message: `the ONNX file cannot be read: ${found}`,
    expected: 'a readable file',
    found,
    place: { file: path },
    advice: 'Look at the permissions of the file and at the links that lead to it.',
  });
}

function notAFile(path: string, found: string): Fault {
  return new Fault({
    code: 'model/onnx-not-a-file',
    message: `the path of the ONNX model is ${found}`,
    expected: 'an ONNX file',
    found,
    place: { file: path },
    advice: 'Name the .onnx file itself.',
  });
}

function notOnnx(path: string, found: string): Fault {
  return new Fault({
    code: 'model/onnx-not-onnx',
    message: `this is not an ONNX model: ${found}`,
    expected: 'an ONNX model',
    found,
    place: { file: path },
    advice: 'Export the network to ONNX, for instance with torch.onnx.export, and name that file.',
  });
}

/** Files that people put in the place of an ONNX model, told by their first bytes. */
const magic: readonly (readonly [bytes: readonly number[], format: string])[] = [
  [[0x50, 0x4b, 0x03, 0x04], 'a zip archive (a PyTorch checkpoint or a Keras model?)'],
  [[0x89, 0x48, 0x44, 0x46], 'an HDF5 file (Keras weights?)'],
  [[0x80, 0x02], 'a Python pickle (an old PyTorch checkpoint?)'],
  [[0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59], 'a NumPy array'],
  [[0x1f, 0x8b], 'a gzip archive'],
  [[0x7b], 'a JSON text'],
];

function otherFormat(bytes: Uint8Array): string | undefined {
  return magic.find(([start]) => start.every((byte, i) => bytes[i] === byte))?.[1];
}

/** A model's file begins with one of ModelProto's fields 1 to 14; writers put ir_version (0x08, a small number) first. */
function looksLikeOnnx(bytes: Uint8Array): boolean {
  return bytes[0] === 0x08 && bytes[1]! > 0 && bytes[1]! < 0x80;
}

function gibibytes(size: number): string {
  return `${(size / 2 ** 30).toFixed(1)} GiB`;
}
