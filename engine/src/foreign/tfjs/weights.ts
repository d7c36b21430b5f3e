/** Weights for the float64 twin: the same numbers, as doubles. */
import { Fault } from '../../fault.ts';
import { sizeOf } from '../../tensor/array.ts';
import { fromFloat16Bits } from '../onnx/half.ts';
import { bytesOf, type WeightSpec } from './read.ts';

export interface Weights {
  readonly specs: readonly WeightSpec[];
  readonly bytes: Uint8Array;
}

/**
 * Every float weight with 8 bytes a number, dequantised in float32 first as TensorFlow.js does; the others stay.
 * @throws Fault `model/tfjs-no-twin` for weights whose bytes cannot be told apart without reading texts, or are complex.
 */
export function widenedWeights({ specs, bytes }: Weights): Weights {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: Uint8Array[] = [];
  let at = 0;
  const widened = specs.map((spec): WeightSpec => {
    if (spec.dtype === 'string' || spec.dtype === 'complex64') {
      throw new Fault({
        code: 'model/tfjs-no-twin',
        message: `the weight \`${spec.name}\` is ${spec.dtype}`,
      });
    }
    const length = bytesOf(spec);
    if (spec.dtype === 'float32') parts.push(doubles(view, at, spec));
    else parts.push(bytes.subarray(at, at + length));
    at += length;
    if (spec.dtype !== 'float32') return spec;
    const { quantization: _, ...plain } = spec;
    return plain;
  });
  return { specs: widened, bytes: Buffer.concat(parts) };
}

function doubles(view: DataView, at: number, { shape, quantization }: WeightSpec): Uint8Array {
  const values = new Float64Array(sizeOf(shape));
  const { scale = 1, min = 0 } = quantization ?? {};
  for (let i = 0; i < values.length; i++) {
    switch (quantization?.dtype) {
      case undefined:
        values[i] = view.getFloat32(at + 4 * i, true);
        break;
      case 'float16':
        values[i] = fromFloat16Bits(view.getUint16(at + 2 * i, true));
        break;
      case 'uint8':
        values[i] = Math.fround(view.getUint8(at + i) * scale + min);
        break;
      case 'uint16':
        values[i] = Math.fround(view.getUint16(at + 2 * i, true) * scale + min);
        break;
    }
  }
  return new Uint8Array(values.buffer);
}
