/** What the runners of EquiTabPFN share: the axes of the cases, the host's part of the encoders, the loss that the cases store. */
import { withoutMissing } from '../../model/equitabpfn/missing.ts';
import { type NdArray, real } from '../../tensor/array.ts';
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import type { ParityCase } from '../case.ts';
import type { Tensors } from '../runner.ts';

export const system = 'equitabpfn';

/** The cases have rows first and data sets second. @param x [rows, B, ...rest] @returns [B, rows, ...rest], or back */
export function swapped({ tf }: Runtime, x: Tensor): Tensor {
  return tf.transpose(x, [1, 0, ...x.shape.slice(2).map((_, i) => i + 2)]);
}

/** The codes of missing values of every data set, by all rows as the official code has them. @param x [rows, B, p] @returns [B, rows, p] */
export function missingCodes({ shape, data }: NdArray): NdArray {
  const [rows, batch, columns] = shape as [number, number, number];
  const all = new Float64Array(data.length);
  for (let set = 0; set < batch; set++) {
    const table = Float64Array.from(
      { length: rows * columns },
      (_, i) => data[(Math.floor(i / columns) * batch + set) * columns + (i % columns)]!,
    );
    all.set(withoutMissing(table, columns, rows).codes ?? table.fill(0), set * rows * columns);
  }
  return real([batch, rows, columns], all);
}

/** 0 where a value is missing; the gradient is 0 there too. */
export function filled({ tf }: Runtime, x: Tensor): Tensor {
  return tf.where(tf.isNaN(x), tf.zerosLike(x), x);
}

/** Classes of the first rows as indicators, none of an ignored label. @param y [rows, B] @returns [B, known, q] */
export function oneHot({ shape, data }: NdArray, known: number, classes: number): NdArray {
  const batch = shape[1]!;
  const hot = new Float64Array(batch * known * classes);
  for (let row = 0; row < known; row++) {
    for (let set = 0; set < batch; set++) {
      const label = data[row * batch + set]!;
      if (label >= 0) hot[(set * known + row) * classes + label] = 1;
    }
  }
  return real([batch, known, classes], hot);
}

/** Adds the loss of the cotangents. */
export function withLoss(runtime: Runtime, { cotangents }: ParityCase, outputs: Tensors): Tensors {
  const { tf } = runtime;
  const terms = [...cotangents].map(([name, cotangent]) =>
    tf.sum(tf.mul(outputs[name]!, runtime.tensor(cotangent))),
  );
  return { ...outputs, loss: tf.addN(terms) };
}
