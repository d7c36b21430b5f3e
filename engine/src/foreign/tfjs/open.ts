/** Opening a TensorFlow.js model as a model that can be verified. */
import { basename, dirname, join } from 'node:path';
import { Fault, type FindingCode } from '../../fault.ts';
import type { Model } from '../../model/model.ts';
import type { Values } from '../../tensor/array.ts';
import type { Precision, Runtime } from '../../tensor/runtime.ts';
import { type DeclaredPort, matchPorts } from '../onnx/match.ts';
import { describeTfjs, graphNodes } from './inspect.ts';
import { tfjsLayers } from './layers.ts';
import { loadNetwork, type Network } from './network.ts';
import { readShards, readTfjsJson, type TfjsFile } from './read.ts';
import { type NetworkRun, runNetwork } from './run.ts';
import { type Weights, widenedWeights } from './weights.ts';

export interface TfjsSpec {
  /** Absolute path of `model.json`. */
  readonly file: string;
  /** What the specification calls it. */
  readonly name?: string;
  readonly inputs: readonly DeclaredPort[];
  readonly outputs: readonly DeclaredPort[];
}

/**
 * Opens a graph model or a layers model in float32 and, with the same weights, in float64.
 * @throws Fault `model/tfjs-…` for files that cannot be read, a declaration that does not match, or a model that
 * TensorFlow.js does not take.
 */
export async function openTfjs(
  spec: TfjsSpec,
  runtimes: Readonly<Record<Precision, Runtime>>,
): Promise<Model> {
  const { file } = spec;
  const read = await readTfjsJson(file);
  const weights: Weights = {
    specs: read.json.weightsManifest.flatMap((group) => group.weights),
    bytes: await readShards(read),
  };
  rejectRandomness(read);
  const description = describeTfjs(read);
  const networks: Partial<Record<Precision, Network>> = {
    float32: await loadNetwork(read, weights, description, 'float32'),
  };
  const { float32 } = networks as { float32: Network };
  const matching = asTfjs(() => matchPorts(spec, float32, file));
  const run: Omit<NetworkRun, 'network' | 'runtime'> = { matching, ports: float32, file };
  let noTwin: string | undefined;
  try {
    networks.float64 = await loadNetwork(read, widenedWeights(weights), description, 'float64');
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    noTwin = error.finding.message;
  }
  let last: Promise<unknown> = Promise.resolve();
  const dispose = () => {
    for (const network of Object.values(networks)) network.dispose();
  };
  let disposed = false;
  return {
    title: spec.name ?? join(basename(dirname(file)), basename(file)),
    signature: { inputs: spec.inputs.map(plainField), outputs: spec.outputs.map(plainField) },
    parameterCount: float32.parameterCount ?? description.parameterCount,
    backend: runtimes.float32.backend.name,
    precisions: networks.float64 ? ['float32', 'float64'] : ['float32'],
    ...(noTwin === undefined ? {} : { noTwin }),
    evaluate(batch: readonly Values[], precision: Precision): Promise<Values[]> {
      const network = networks[precision];
      if (!network) return Promise.reject(new Error(`asked for ${precision}, which ${file} does not have`));
      const result = last.then(() =>
        asTfjs(() => runNetwork({ ...run, network, runtime: runtimes[precision] }, batch)),
      );
      last = result.catch(() => undefined);
      return result;
    },
    layers(batch) {
      const result = last.then(() =>
        asTfjs(() => tfjsLayers({ ...run, network: float32, runtime: runtimes.float32 }, batch)),
      );
      last = result.catch(() => undefined);
      return result;
    },
    dispose() {
      if (disposed) return;
      disposed = true;
      void last.then(dispose);
    },
  };
}

function plainField({ name, type }: DeclaredPort): DeclaredPort {
  return { name, type };
}

/** Operations that draw random numbers. */
const random = /^(Random\w*|Multinomial|TruncatedNormal|StatelessTruncatedNormal\w*|StatelessRandom\w*)$/;

function rejectRandomness(model: TfjsFile): void {
  if (model.kind !== 'graph') return;
  const node = graphNodes(model).find(({ op }) => random.test(op));
  if (!node) return;
  throw new Fault({
    code: 'model/tfjs-random',
    message: `The graph draws random numbers: node \`${node.name}\` is ${node.op}`,
    expected: 'a graph whose outputs depend on its inputs alone',
    found: node.op,
    place: { file: model.file, member: node.name },
    advice: 'Export the network for inference, or make the random numbers an input.',
  });
}

/** Declarations are matched as with ONNX graphs; what is wrong with them is told under a code of its own. */
const codes: Partial<Record<FindingCode, FindingCode>> = {
  'model/onnx-unknown-input': 'model/tfjs-unknown-input',
  'model/onnx-unknown-output': 'model/tfjs-unknown-output',
  'model/onnx-undeclared-input': 'model/tfjs-undeclared-input',
  'model/onnx-rank': 'model/tfjs-rank',
  'model/onnx-size': 'model/tfjs-size',
  'model/onnx-dtype': 'model/tfjs-dtype',
  'model/onnx-sizes': 'model/tfjs-sizes',
  'model/onnx-fixed-size': 'model/tfjs-fixed-size',
};

function renamed(error: unknown): unknown {
  const code = error instanceof Fault && codes[error.finding.code];
  return code ? new Fault({ ...(error as Fault).finding, code }) : error;
}

/** Runs `compute`; its faults get the codes of TensorFlow.js. */
function asTfjs<T>(compute: () => T): T {
  try {
    const value = compute();
    if (value instanceof Promise) {
      return value.catch((error: unknown) => {
        throw renamed(error);
      }) as T;
    }
    return value;
  } catch (error) {
    throw renamed(error);
  }
}
