/**
 * Weights that a model keeps in other files. They are read into the model, so that what runs is one sequence of bytes
 * whichever runtime takes it. A file must lie in the model's own folder or below: a model from somewhere else must not
 * be able to name any file of the user's disk.
 */
import { open, realpath } from 'node:fs/promises';
import { dirname, isAbsolute, resolve, sep } from 'node:path';
import { Fault } from '../../fault.ts';
import { isGraph, scopesOf } from './graph-walk.ts';
import type { ModelProto, SparseTensorProto, TensorProto } from './proto.ts';
import { damaged, maxModelBytes, tooLarge } from './read-model.ts';
import { entryCount, rawByteCount } from './tensor-data.ts';

/** All arrays in a model: initialisers and those in attributes. */
export function* tensorsOf(model: ModelProto): Generator<TensorProto> {
  for (const scope of scopesOf(model)) {
    if (isGraph(scope)) {
      yield* scope.initializer;
      for (const sparse of scope.sparseInitializer) yield* partsOf(sparse);
    }
    for (const { attribute } of scope.node) {
      for (const { t, tensors, sparseTensor } of attribute) {
        if (t) yield t;
        yield* tensors;
        if (sparseTensor) yield* partsOf(sparseTensor);
      }
    }
  }
}

function* partsOf({ values, indices }: SparseTensorProto): Generator<TensorProto> {
  if (values) yield values;
  if (indices) yield indices;
}

/**
 * Reads all external arrays into `model`. Sizes are checked against the array's dims and the file before anything is
 * allocated.
 * @param path absolute path of the model; @param size bytes that the model's own file has.
 * @returns whether there were any: then the model's own bytes are no longer all of it.
 * @throws Fault `model/onnx-external-missing`, `-external-outside`, `-external-damaged`, `-damaged` or `-too-large`.
 */
export async function inlineExternalData(model: ModelProto, path: string, size: number): Promise<boolean> {
  const external = [...tensorsOf(model)].filter((tensor) => tensor.dataLocation === 1);
  const sizes = external.map((tensor) => expectedBytes(tensor, path));
  const total = sizes.reduce((sum, bytes) => sum + bytes, size);
  if (total > maxModelBytes) throw tooLarge(path, total);
  for (const [i, tensor] of external.entries()) {
    tensor.rawData = await readPart(tensor, sizes[i]!, path);
    tensor.externalData = [];
    tensor.dataLocation = 0;
  }
  return external.length > 0;
}

function expectedBytes(tensor: TensorProto, path: string): number {
  const bytes = rawByteCount(tensor);
  if (bytes === undefined || Number.isNaN(bytes)) {
    const shape = `[${tensor.dims.map(String).join(', ')}]`;
    throw damaged(
      path,
      `the array \`${tensor.name}\` has an impossible shape or type: ${shape}`,
      tensor.name,
    );
  }
  const length = entryOf(tensor, 'length');
  if (length !== undefined && Number(length) !== bytes) {
    const found = `the array \`${tensor.name}\` has ${entryCount(tensor)} entries (${bytes} bytes)`;
    throw damaged(path, `${found}, but says that ${length} bytes are stored`, tensor.name);
  }
  return bytes;
}

async function readPart(tensor: TensorProto, bytes: number, path: string): Promise<Uint8Array> {
  const location = entryOf(tensor, 'location') ?? '';
  const offset = Number(entryOf(tensor, 'offset') ?? 0);
  const target = await insideFolder(tensor, location, path);
  const file = await open(target, 'r').catch(() => undefined);
  if (!file) throw missing(tensor, location, path);
  try {
    const stat = await file.stat();
    if (!stat.isFile()) throw missing(tensor, location, path);
    if (!(Number.isSafeInteger(offset) && offset >= 0 && offset + bytes <= stat.size)) {
      throw new Fault({
        code: 'model/onnx-external-damaged',
        message: `the weight file \`${location}\` is too short for the array \`${tensor.name}\``,
        expected: `${bytes} bytes from byte ${offset} on`,
        found: `a file of ${stat.size} bytes`,
        place: { file: path, member: tensor.name },
        advice: 'Export the model again, and copy the .onnx file and its weight files together.',
      });
    }
    const data = Buffer.alloc(bytes);
    for (let done = 0; done < bytes; ) {
      const { bytesRead } = await file.read(data, done, bytes - done, offset + done);
      if (bytesRead === 0) throw missing(tensor, location, path);
      done += bytesRead;
    }
    return data;
  } finally {
    await file.close();
  }
}

/** The real path, links followed. */
async function insideFolder(tensor: TensorProto, location: string, path: string): Promise<string> {
  const folder = await realpath(dirname(path));
  const written = resolve(folder, location);
  const target = await realpath(written).catch(() => written);
  if (location !== '' && !isAbsolute(location) && target.startsWith(folder + sep)) return target;
  throw new Fault({
    code: 'model/onnx-external-outside',
    message: `the array \`${tensor.name}\` is kept in \`${location}\`, which is not inside the model's folder`,
    expected: 'a path relative to the model, inside its folder',
    found: location || 'an empty path',
    place: { file: path, member: tensor.name },
    advice: 'Put the weight file beside the model and export it with a relative path.',
  });
}

function missing(tensor: TensorProto, location: string, path: string): Fault {
  return new Fault({
    code: 'model/onnx-external-missing',
    message: `the weight file \`${location}\`, which holds the array \`${tensor.name}\`, cannot be read`,
    expected: `a file ${location} in the model's folder`,
    found: 'no such file',
    place: { file: path, member: tensor.name },
    advice: 'Copy the .onnx file together with its weight files.',
  });
}

function entryOf(tensor: TensorProto, key: string): string | undefined {
  return tensor.externalData.find((entry) => entry.key === key)?.value;
}
