/** One forward pass written down: every operation of the tensor library in order, and what came in from outside. */
import type { NdArray } from '../tensor/array.ts';
import type { Runtime, Tensor, TensorLibrary } from '../tensor/runtime.ts';

/** `leaf:3`, or `step:5.0`: the first result of step 5. */
export type Ref = `leaf:${number}` | `step:${number}.${number}`;

export interface Step {
  /** The library's name of the operation: `BatchMatMul`. */
  readonly kernel: string;
  readonly inputs: readonly Ref[];
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly shapes: readonly (readonly number[])[];
  readonly dtypes: readonly string[];
}

/** A tensor that no recorded operation made: a weight, a constant, or something the host made of the inputs. */
export interface Leaf extends NdArray {
  readonly dtype: string;
}

export interface Trace {
  readonly steps: readonly Step[];
  readonly leaves: readonly Leaf[];
  /** What was read back to the host, in order. */
  readonly downloads: readonly { readonly ref: Ref; readonly array: NdArray }[];
}

export interface Recorder {
  /** Hand this one to the model. */
  readonly runtime: Runtime;
  /** Records what `run` computes. One at a time. */
  record(run: () => Promise<unknown>): Promise<Trace>;
}

interface KernelRunner {
  runKernel(name: string, inputs: object, attributes?: object): Tensor | Tensor[];
}

/** @param inner whose results can be read at once: the float64 twin */
export function createRecorder(inner: Runtime): Recorder {
  let tape: ReturnType<typeof createTape> | undefined;
  const runtime: Runtime = {
    ...inner,
    async array(tensor) {
      const array = await inner.array(tensor);
      tape?.download(tensor, array);
      return array;
    },
  };
  return {
    runtime,
    async record(run) {
      const own = createTape();
      const restore = interceptKernels(inner.tf, own.kernel);
      tape = own;
      try {
        await run();
      } finally {
        tape = undefined;
        restore();
      }
      return own.trace;
    },
  };
}

/** All operations of the library end in this one method of its engine. */
function interceptKernels(
  tf: TensorLibrary,
  see: (name: string, inputs: object, attributes: object, results: readonly Tensor[]) => void,
): () => void {
  const engine = tf.engine() as unknown as KernelRunner;
  const original = engine.runKernel;
  engine.runKernel = (name, inputs, attributes) => {
    const results = original.call(engine, name, inputs, attributes);
    see(name, inputs, attributes ?? {}, Array.isArray(results) ? results : [results]);
    return results;
  };
  return () => {
    engine.runKernel = original;
  };
}

function createTape() {
  const steps: Step[] = [];
  const leaves: Leaf[] = [];
  const downloads: { ref: Ref; array: NdArray }[] = [];
  const known = new Map<number, Ref>();
  const refOf = (tensor: Tensor): Ref => {
    const found = known.get(tensor.id);
    if (found) return found;
    const data = tensor.dataSync();
    const copy = tensor.dtype === 'float32' ? Float64Array.from(data) : Int32Array.from(data);
    const ref: Ref = `leaf:${leaves.length}`;
    leaves.push({ shape: [...tensor.shape], dtype: tensor.dtype, data: copy });
    known.set(tensor.id, ref);
    return ref;
  };
  return {
    trace: { steps, leaves, downloads } as Trace,
    kernel(name: string, inputs: object, attributes: object, results: readonly Tensor[]): void {
      const given = Object.values(inputs)
        .flat()
        .filter((input): input is Tensor => input !== null && input !== undefined);
      const refs = given.map(refOf);
      const step = steps.length;
      steps.push({
        kernel: name,
        inputs: refs,
        attributes: { ...attributes },
        shapes: results.map(({ shape }) => [...shape]),
        dtypes: results.map(({ dtype }) => dtype),
      });
      // The library hands a tensor back unchanged where there is nothing to do.
      results.forEach((result, i) => {
        if (!known.has(result.id)) known.set(result.id, `step:${step}.${i}`);
      });
    },
    download(tensor: Tensor, array: NdArray): void {
      downloads.push({ ref: refOf(tensor), array });
    },
  };
}
