/**
 * Einsum as one matrix product, and its gradient, which the library has on no backend. The library's own kernel makes an
 * array over all indices at once, and its wasm backend has none.
 */
import type { KernelConfig, NamedAttrMap, Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import type { TensorLibrary } from '../runtime.ts';
import type { HostBackend } from './host-kernel.ts';

interface Call {
  readonly inputs: Readonly<Record<string, TensorInfo>>;
  readonly attrs: NamedAttrMap;
  readonly backend: { disposeData(dataId: object): void };
}

/** Registers the kernel on one backend. Integers are left to the library. */
export function fixEinsumKernel(tf: TensorLibrary, backendName: HostBackend): void {
  const present = tf.getKernel('Einsum', backendName) as
    | (KernelConfig & { upstream?: KernelConfig })
    | undefined;
  const upstream = present?.upstream ?? present;
  const config = {
    kernelName: 'Einsum',
    backendName,
    upstream,
    kernelFunc: (call: Call) => {
      const operands = Object.values(call.inputs);
      const isTreated = operands.length < 3 && operands.every(({ dtype }) => dtype === 'float32');
      if (!isTreated) return upstream!.kernelFunc(call as never);
      return contract(tf, backendName, call, operands);
    },
  };
  tf.registerKernel(config as unknown as KernelConfig);
}

/** Registers the gradient, for every backend. */
export function fixEinsumGradient(tf: TensorLibrary): void {
  tf.registerGradient({
    kernelName: 'Einsum',
    saveAllInputs: true,
    gradFunc: (dy, saved, attrs) => {
      const [labels, result] = labelsOf(attrs);
      return saved.map((operand, i) => () => {
        const others = saved.filter((_, j) => j !== i);
        const known = new Set([...result, ...others.flatMap((_, j) => [...labels.toSpliced(i, 1)[j]!])]);
        // An index that only this operand has was summed away: all along it the gradient is the same.
        const own = [...labels[i]!];
        const kept = own.filter((label) => known.has(label));
        const terms = [result, ...labels.toSpliced(i, 1)].join(',');
        const gradient = tf.einsum(`${terms}->${kept.join('')}`, dy as Tensor, ...others);
        const apart = operand.shape.map((size, axis) => (known.has(own[axis]!) ? size : 1));
        return tf.broadcastTo(tf.reshape(gradient, apart), operand.shape);
      }) as never;
    },
  });
}

/** 'ij, jk -> ik' is [['ij', 'jk'], 'ik']. */
function labelsOf(attrs: NamedAttrMap): [string[], string] {
  const [left, right] = (attrs.equation as string).replace(/\s/g, '').split('->') as [string, string];
  return [left.split(','), right];
}

/** Sums over what one operand has alone, brings both to [shared, own, summed], multiplies, and orders the axes. */
function contract(
  tf: TensorLibrary,
  backendName: HostBackend,
  { attrs, backend }: Call,
  operands: readonly TensorInfo[],
): TensorInfo {
  const util = tf.backend_util;
  const { allDims, idDims } = util.decodeEinsumEquation(attrs.equation as string, operands.length);
  util.checkEinsumDimSizes(allDims.length, idDims, operands as Tensor[]);
  const [labels, result] = labelsOf(attrs);
  const sizes = new Map<string, number>();
  operands.forEach(({ shape }, i) => {
    shape.forEach((size, axis) => {
      sizes.set(labels[i]![axis]!, size);
    });
  });
  const made: TensorInfo[] = [];
  const run = (name: string, inputs: Record<string, TensorInfo>, attributes: object): TensorInfo => {
    const { kernelFunc } = tf.getKernel(name, backendName)!;
    const out = kernelFunc({ inputs, attrs: attributes as NamedAttrMap, backend }) as TensorInfo;
    made.push(out);
    return out;
  };
  const reshape = (x: TensorInfo, shape: number[]) => run('Reshape', { x }, { shape });
  /** x with axes `from`, as one with axes `to`, which are some of them; the others are summed. */
  const arrange = (x: TensorInfo, from: readonly string[], to: readonly string[]): TensorInfo => {
    const axis = from.flatMap((label, i) => (to.includes(label) ? [] : [i]));
    const left = from.filter((label) => to.includes(label));
    const summed = axis.length > 0 ? run('Sum', { x }, { axis, keepDims: false }) : x;
    const perm = to.map((label) => left.indexOf(label));
    return perm.every((place, i) => place === i) ? summed : run('Transpose', { x: summed }, { perm });
  };
  const volume = (group: readonly string[]) =>
    group.reduce((product, label) => product * sizes.get(label)!, 1);
  const product = (): [TensorInfo, string[]] => {
    const [a, b] = [[...labels[0]!], [...labels[1]!]];
    const shared = a.filter((label) => b.includes(label) && result.includes(label));
    const summed = a.filter((label) => b.includes(label) && !result.includes(label));
    const [ownA, ownB] = [a, b].map((own, i) =>
      own.filter((label) => result.includes(label) && !labels[1 - i]!.includes(label)),
    ) as [string[], string[]];
    const [batch, m, k, n] = [shared, ownA, summed, ownB].map(volume) as [number, number, number, number];
    const left = reshape(arrange(operands[0]!, a, [...shared, ...ownA, ...summed]), [batch, m, k]);
    const order = [...shared, ...ownB, ...summed];
    const right = arrange(operands[1]!, b, order);
    const out = [...shared, ...ownA, ...ownB];
    if (k === 1) {
      const column = reshape(right, [batch, 1, n]);
      return [run('Multiply', { a: left, b: column }, {}), out];
    }
    if (m === 1 && n === 1) {
      // A stack of inner products is no work for a matrix product.
      const products = run('Multiply', { a: left, b: reshape(right, [batch, 1, k]) }, {});
      return [run('Sum', { x: products }, { axis: [2], keepDims: false }), out];
    }
    const given = { a: left, b: reshape(right, [batch, n, k]) };
    return [run('BatchMatMul', given, { transposeA: false, transposeB: true }), out];
  };
  let [last, axes]: [TensorInfo, string[]] =
    operands.length === 2 ? product() : [operands[0]!, [...labels[0]!]];
  try {
    const flat =
      operands.length === 2
        ? reshape(
            last,
            axes.map((label) => sizes.get(label)!),
          )
        : last;
    last = arrange(flat, axes, [...result]);
    // What is handed out must be a tensor of its own.
    if (last === operands[0]) last = run('Identity', { x: last }, {});
    return last;
  } finally {
    for (const info of made) if (info !== last) backend.disposeData(info.dataId);
  }
}
