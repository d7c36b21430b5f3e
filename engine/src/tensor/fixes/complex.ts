/**
 * Complex numbers: their gradients, which the library has nowhere, and their kernels on wasm, which has none. A gradient is
 * the complex number of the derivatives by the real and by the imaginary part. (The library's tape refused such; see
 * scripts/tensor-libraries.ts.)
 */
import type { GradConfig, Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import type { TensorLibrary } from '../runtime.ts';
import { fourier } from './fourier.ts';

/** Registers the gradients of what makes complex numbers, takes them apart, multiplies and transforms them. */
export function fixComplexGradients(tf: TensorLibrary): void {
  const zerosLike = (x: Tensor): Tensor => tf.zeros(x.shape);
  const scaled = (x: Tensor, factor: number): Tensor =>
    tf.complex(tf.mul(tf.real(x), factor), tf.mul(tf.imag(x), factor));
  const conjugate = (x: Tensor): Tensor =>
    x.dtype === 'complex64' ? tf.complex(tf.real(x), tf.neg(tf.imag(x))) : x;
  const register = (kernelName: string, gradFunc: GradConfig['gradFunc'], inputsToSave: string[] = []) =>
    tf.registerGradient({ kernelName, inputsToSave, gradFunc });
  register('Complex', (dy) => ({ real: () => tf.real(dy as Tensor), imag: () => tf.imag(dy as Tensor) }));
  register('Real', (dy) => ({ input: () => tf.complex(dy as Tensor, zerosLike(dy as Tensor)) }));
  register('Imag', (dy) => ({ input: () => tf.complex(zerosLike(dy as Tensor), dy as Tensor) }));
  register('Identity', (dy) => ({ x: () => tf.clone(dy as Tensor) }));
  register(
    'Cast',
    (dy, [x]) => ({
      x: () => {
        const isComplex = x!.dtype === 'complex64';
        if ((dy as Tensor).dtype === 'complex64')
          return isComplex ? tf.clone(dy as Tensor) : tf.real(dy as Tensor);
        return isComplex ? tf.complex(dy as Tensor, zerosLike(dy as Tensor)) : tf.clone(dy as Tensor);
      },
    }),
    ['x'],
  );
  register('FFT', (dy) => {
    const d = dy as Tensor;
    return { input: () => scaled(tf.ifft(d), d.shape.at(-1)!) };
  });
  register('IFFT', (dy) => {
    const d = dy as Tensor;
    return { input: () => scaled(tf.fft(d), 1 / d.shape.at(-1)!) };
  });
  const absolute: GradConfig['gradFunc'] = (dy, [x]) => ({
    x: () => {
      const size = tf.abs(x!);
      // At zero there is no direction.
      const factor = tf.where(tf.greater(size, 0), tf.div(dy as Tensor, size), tf.zerosLike(size));
      return tf.complex(tf.mul(tf.real(x!), factor), tf.mul(tf.imag(x!), factor));
    },
  });
  register('ComplexAbs', absolute, ['x']);
  const minus = (x: Tensor): Tensor => tf.complex(tf.neg(tf.real(x)), tf.neg(tf.imag(x)));
  fixBinary(tf, 'Add', (dy) => [dy, dy]);
  fixBinary(tf, 'Sub', (dy) => [dy, minus(dy)]);
  fixBinary(tf, 'Multiply', (dy, a, b) => [tf.mul(dy, conjugate(b)), tf.mul(dy, conjugate(a))]);
}

/** Leaves real numbers to the library, whose gradients of complex ones lack the conjugate or fail. */
function fixBinary(
  tf: TensorLibrary,
  name: string,
  parts: (dy: Tensor, a: Tensor, b: Tensor) => [Tensor, Tensor],
): void {
  const present = tf.getGradient(name) as GradConfig & { upstream?: GradConfig };
  const upstream = present.upstream ?? present;
  const gradient: GradConfig & { upstream: GradConfig } = {
    ...upstream,
    upstream,
    gradFunc: (dy, saved, attrs) => {
      const [a, b] = saved as [Tensor, Tensor];
      if (a.dtype !== 'complex64') return upstream.gradFunc(dy, saved, attrs);
      const summed = (x: Tensor, part: Tensor) => () => {
        const axes = tf.broadcast_util.getReductionAxes(x.shape, part.shape);
        const sum = (t: Tensor): Tensor => tf.reshape(axes.length > 0 ? tf.sum(t, axes) : t, x.shape);
        return tf.complex(sum(tf.real(part)), sum(tf.imag(part)));
      };
      const [ofA, ofB] = parts(dy as Tensor, a, b);
      return { a: summed(a, ofA), b: summed(b, ofB) };
    },
  };
  tf.registerGradient(gradient);
}

interface Wasm {
  makeOutput(shape: number[], dtype: string): TensorInfo;
  typedArrayFromHeap(info: TensorInfo): Float32Array;
}

type Kernel = (out: Float32Array, inputs: Float32Array[], shapes: readonly (readonly number[])[]) => void;

/** Registers kernels on wasm. A complex tensor lies on the heap as pairs (real, imaginary). */
export function fillWasmComplex(tf: TensorLibrary): void {
  const sizeOf = tf.util.sizeFromShape;
  /** All floats of a tensor, pairs one after the other. */
  const floats = (wasm: Wasm, info: TensorInfo): Float32Array =>
    wasm.typedArrayFromHeap({
      ...info,
      dtype: 'float32',
      shape: [sizeOf(info.shape) * (info.dtype === 'complex64' ? 2 : 1)],
    });
  const register = (kernelName: string, dtype: 'complex64' | 'float32' | 'asked', kernel: Kernel) => {
    const present = tf.getKernel(kernelName, 'wasm') as { complex?: true } | undefined;
    if (present?.complex) return;
    const config = {
      ...tf.getKernel(kernelName, 'wasm'),
      kernelName,
      backendName: 'wasm',
      complex: true,
      kernelFunc: (call: {
        inputs: Record<string, TensorInfo>;
        backend: Wasm;
        attrs?: { dtype?: string };
      }) => {
        const inputs = Object.values(call.inputs);
        const isComplex = [...inputs, { dtype: call.attrs?.dtype }].some(
          (info) => info.dtype === 'complex64',
        );
        if (present && !isComplex)
          return (present as unknown as { kernelFunc(c: unknown): unknown }).kernelFunc(call);
        const shape = tf.broadcast_util.assertAndGetBroadcastShape(inputs[0]!.shape, inputs.at(-1)!.shape);
        // Views come after the allocation, which may move the heap.
        const out = call.backend.makeOutput(shape, dtype === 'asked' ? call.attrs!.dtype! : dtype);
        kernel(
          floats(call.backend, out),
          inputs.map((info) => floats(call.backend, info)),
          [shape, ...inputs.map((info) => info.shape)],
        );
        return out;
      },
    };
    tf.registerKernel(config as never);
  };
  const transform =
    (inverse: boolean): Kernel =>
    (out, [x], [shape]) => {
      const n = shape!.at(-1)!;
      const [re, im] = [new Float64Array(n), new Float64Array(n)];
      for (let row = 0; row < out.length; row += 2 * n) {
        for (let i = 0; i < n; i++) {
          re[i] = x![row + 2 * i]!;
          im[i] = x![row + 2 * i + 1]!;
        }
        fourier(re, im, inverse);
        for (let i = 0; i < n; i++) {
          out[row + 2 * i] = re[i]!;
          out[row + 2 * i + 1] = im[i]!;
        }
      }
    };
  register('Complex', 'complex64', (out, [re, im]) => {
    for (let i = 0; i < re!.length; i++) {
      out[2 * i] = re![i]!;
      out[2 * i + 1] = im![i]!;
    }
  });
  register('Real', 'float32', (out, [x]) => {
    for (let i = 0; i < out.length; i++) out[i] = x![2 * i]!;
  });
  register('Imag', 'float32', (out, [x]) => {
    for (let i = 0; i < out.length; i++) out[i] = x![2 * i + 1]!;
  });
  register('ComplexAbs', 'float32', (out, [x]) => {
    for (let i = 0; i < out.length; i++) out[i] = Math.hypot(x![2 * i]!, x![2 * i + 1]!);
  });
  register('FFT', 'complex64', transform(false));
  register('IFFT', 'complex64', transform(true));
  register('Cast', 'asked', (out, [x], [shape]) => {
    const [from, to] = [x!.length / sizeOf([...shape!]), out.length / sizeOf([...shape!])];
    for (let i = 0; i < out.length; i++)
      out[i] = i % to < from ? x![Math.floor(i / to) * from + (i % to)]! : 0;
  });
  register('Identity', 'complex64', (out, [x]) => {
    out.set(x!);
  });
  register('ZerosLike', 'complex64', (out) => {
    out.fill(0);
  });
  const binary = (name: string, f: (ar: number, ai: number, br: number, bi: number) => [number, number]) =>
    register(name, 'complex64', (out, [a, b], [shape, shapeA, shapeB]) => {
      const [atA, atB] = [places(shape!, shapeA!), places(shape!, shapeB!)];
      for (let i = 0; 2 * i < out.length; i++) {
        const [p, q] = [2 * atA[i]!, 2 * atB[i]!];
        [out[2 * i], out[2 * i + 1]] = f(a![p]!, a![p + 1]!, b![q]!, b![q + 1]!);
      }
    });
  binary('Add', (ar, ai, br, bi) => [ar + br, ai + bi]);
  binary('Sub', (ar, ai, br, bi) => [ar - br, ai - bi]);
  binary('Multiply', (ar, ai, br, bi) => [ar * br - ai * bi, ar * bi + ai * br]);
}

/** Which entry of an operand of this shape belongs to each entry of the result. */
function places(shape: readonly number[], own: readonly number[]): Int32Array {
  const size = shape.reduce((product, n) => product * n, 1);
  const result = new Int32Array(size);
  let step = 1;
  let inner = 1;
  for (let back = 1; back <= shape.length; back++) {
    const [n, ownN] = [shape[shape.length - back]!, own[own.length - back] ?? 1];
    if (ownN > 1) for (let i = 0; i < size; i++) result[i]! += (Math.floor(i / inner) % n) * step;
    inner *= n;
    step *= ownN;
  }
  return result;
}
