/** A TensorFlow.js model on disk: `model.json` and the shards beside it. Nothing is run. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { Fault } from '../../fault.ts';
import { sizeOf } from '../../tensor/array.ts';

export type TfjsDtype = 'float32' | 'int32' | 'bool' | 'string' | 'complex64';

/** One array of the weights, as the manifest names it. */
export interface WeightSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: TfjsDtype;
  readonly quantization?: {
    readonly dtype: 'uint8' | 'uint16' | 'float16';
    readonly scale?: number;
    readonly min?: number;
  };
}

/** `model.json`, as far as it is looked at. */
export interface TfjsJson {
  readonly format?: string;
  readonly generatedBy?: string | null;
  readonly modelTopology: Readonly<Record<string, unknown>>;
  readonly weightsManifest: readonly {
    readonly paths: readonly string[];
    readonly weights: readonly WeightSpec[];
  }[];
  readonly signature?: unknown;
  readonly userDefinedMetadata?: unknown;
}

export interface TfjsFile {
  /** Absolute path of `model.json`. */
  readonly file: string;
  readonly kind: 'graph' | 'layers';
  readonly json: TfjsJson;
}

/** Reads `model.json` alone. @throws Fault `model/tfjs-missing-file`, `-unreadable`, `-saved-model` or `-not-a-model`. */
export async function readTfjsJson(file: string): Promise<TfjsFile> {
  if (isSavedModel(file)) throw savedModel(file);
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw unreadable(file, error);
  });
  let json: TfjsJson;
  try {
    json = JSON.parse(text) as TfjsJson;
  } catch (error) {
    throw notAModel(file, `text that is no JSON: ${(error as Error).message}`);
  }
  const topology = json?.modelTopology;
  if (typeof topology !== 'object' || topology === null || !Array.isArray(json.weightsManifest)) {
    throw notAModel(file, 'JSON without modelTopology and weightsManifest');
  }
  const kind = Array.isArray(topology.node) ? 'graph' : layersOf(topology) ? 'layers' : undefined;
  if (!kind) throw notAModel(file, 'a topology that is neither a graph nor layers');
  return { file, kind, json };
}

/** What Keras writes is wrapped once more than what TensorFlow.js itself saves. */
export function layersOf(topology: TfjsJson['modelTopology']): object | undefined {
  const config = topology.model_config ?? topology;
  return typeof config === 'object' && config !== null && 'class_name' in config ? config : undefined;
}

/** Absolute paths of the shards that a model names, `model.json` left out. @throws Fault as `readTfjsJson` does. */
export async function tfjsShards(file: string): Promise<string[]> {
  return (await readTfjsJson(file)).json.weightsManifest.flatMap(({ paths }) =>
    paths.map((path) => shardPath(file, path)),
  );
}

/**
 * The bytes of all weights, one after the other.
 * @throws Fault `model/tfjs-missing-shard`, `-outside` or `-damaged`.
 */
export async function readShards({ file, json }: TfjsFile): Promise<Uint8Array> {
  const groups: Buffer[] = [];
  for (const { paths, weights } of json.weightsManifest) {
    const parts: Buffer[] = [];
    for (const path of paths) {
      const shard = shardPath(file, path);
      parts.push(
        await readFile(shard).catch((error: NodeJS.ErrnoException) => {
          throw missingShard(file, shard, error);
        }),
      );
    }
    const bytes = Buffer.concat(parts);
    // Texts carry their lengths inside; all else has a size that the manifest tells.
    if (weights.every(({ dtype }) => dtype !== 'string')) {
      const wanted = weights.reduce((sum, spec) => sum + bytesOf(spec), 0);
      if (wanted !== bytes.length) throw damaged(file, paths, wanted, bytes.length);
    }
    groups.push(bytes);
  }
  return Buffer.concat(groups);
}

/** Bytes that a weight takes in its shard. */
export function bytesOf({ dtype, shape, quantization }: WeightSpec): number {
  const each = { float32: 4, int32: 4, bool: 1, complex64: 8, string: 0, uint8: 1, uint16: 2, float16: 2 };
  return sizeOf(shape) * each[quantization?.dtype ?? dtype];
}

function shardPath(file: string, path: string): string {
  const folder = dirname(file);
  const shard = resolve(folder, path);
  const inside = relative(folder, shard);
  if (!inside.startsWith('..') && !isAbsolute(inside) && !isAbsolute(path)) return shard;
  throw new Fault({
    code: 'model/tfjs-outside',
    message: `The model names a shard outside of its folder: ${path}`,
    expected: 'shards beside model.json',
    found: path,
    place: { file },
    advice: 'Convert the model again, or move the shards beside model.json and correct weightsManifest.',
  });
}

/** TensorFlow's own format: a folder with this file in it, or the file itself. */
const savedModelFile = 'saved_model.pb';

function isSavedModel(file: string): boolean {
  return basename(file) === savedModelFile || existsSync(join(file, savedModelFile));
}

function savedModel(file: string): Fault {
  return new Fault({
    code: 'model/tfjs-saved-model',
    message: 'This is a SavedModel of TensorFlow, which has to be converted first',
    expected: 'the model.json of a graph model or a layers model',
    found: savedModelFile,
    place: { file },
    advice:
      'pip install tensorflowjs, then: tensorflowjs_converter --input_format=tf_saved_model FOLDER web; and name "web/model.json".',
  });
}

const reasons: Record<string, string> = {
  ENOENT: 'nothing of this name',
  EISDIR: 'a folder',
  EACCES: 'a file that may not be read',
};

function unreadable(file: string, { code = '' }: NodeJS.ErrnoException): Fault {
  return new Fault({
    code: code === 'ENOENT' ? 'model/tfjs-missing-file' : 'model/tfjs-unreadable',
    message: 'The TensorFlow.js model cannot be read',
    expected: 'the model.json of a graph model or a layers model',
    found: reasons[code] ?? code,
    place: { file },
    advice:
      code === 'EISDIR'
        ? 'Name the model.json inside the folder.'
        : 'Check the path; it is relative to the specification.',
  });
}

function notAModel(file: string, found: string): Fault {
  return new Fault({
    code: 'model/tfjs-not-a-model',
    message: `This is no TensorFlow.js model: ${found}`,
    expected: 'a model.json with modelTopology and weightsManifest',
    found,
    place: { file },
    advice: 'Convert the model with tensorflowjs_converter, or save it with model.save.',
  });
}

function missingShard(file: string, shard: string, { code = '' }: NodeJS.ErrnoException): Fault {
  return new Fault({
    code: 'model/tfjs-missing-shard',
    message: `A shard with weights of the model cannot be read: ${shard}`,
    expected: 'the shards that model.json names, beside it',
    found: reasons[code] ?? code,
    place: { file: shard },
    advice: `Copy the whole folder of the model: ${file} names the shards.`,
  });
}

function damaged(file: string, paths: readonly string[], wanted: number, found: number): Fault {
  return new Fault({
    code: 'model/tfjs-damaged',
    message: `The shards ${paths.join(', ')} hold ${found} bytes, and the weights that they should hold take ${wanted}`,
    expected: `${wanted} bytes`,
    found: `${found} bytes`,
    place: { file },
    advice: 'A copy was cut off, or shards of two models are mixed: copy or convert the model again.',
  });
}
