/** The separable group convolution of Rapidash in its two steps: over space, and over orientations. */
import type { Precision, Runtime, Tensor } from '../../tensor/runtime.ts';
import { bytesOf, type Cost } from '../cost.ts';
import { type FusedOperation, runFused, runKernel } from '../fused.ts';
import { messageSumOnWebgpu } from '../message-sum/wgsl.ts';
import { fibreStepReference, spatialStepReference } from './reference.ts';
import { groupConvolutionOnWasm } from './simd.ts';
import { groupConvolutionOnWebgpu } from './wgsl.ts';

/** The wasm kernels take channels four at a time. */
const takes = (backend: string, [x]: readonly Tensor[]): boolean =>
  backend !== 'wasm' || x!.shape[2]! % 4 === 0;

const spatial: FusedOperation<{ readonly count: number }> = {
  name: 'NoetherSpatialStep',
  reference: spatialStepReference,
  takes,
  gradient(tf, dy, [x, basis, weight, senders, receivers]) {
    const [edges, orientations, functions] = basis!.shape as [number, number, number];
    const channels = weight!.shape[0]!;
    const ofX = () => {
      const turned = [dy, basis!, weight!, receivers!, senders!];
      return runKernel(tf, 'NoetherSpatialStep', turned, { count: x!.shape[0]! });
    };
    const ofIds = [() => tf.zerosLike(senders!), () => tf.zerosLike(receivers!)];
    if (tf.getKernel('NoetherSpatialGradient', tf.getBackend())) {
      const given = [x!, dy, basis!, weight!, senders!, receivers!];
      const both = runKernel<Tensor[]>(tf, 'NoetherSpatialGradient', given);
      return [ofX, ...both.map((gradient) => () => gradient), ...ofIds];
    }
    const flat = (t: Tensor): Tensor => tf.reshape(t, [-1, orientations * channels]);
    // The gradient of the kernel [E, O, C], of which those of basis and weight are matrix products.
    const inputs = [flat(x!), flat(dy), senders!, receivers!];
    const made = runKernel(tf, 'NoetherMessageSumWeightGradient', inputs, { perEdge: false });
    const kernel = tf.reshape(made, [edges * orientations, channels]);
    return [
      ofX,
      () => tf.reshape(tf.matMul(kernel, weight!), basis!.shape),
      () => tf.matMul(kernel, tf.reshape(basis!, [edges * orientations, functions]), true, false),
      ...ofIds,
    ];
  },
  kernels: [groupConvolutionOnWasm, groupConvolutionOnWebgpu, messageSumOnWebgpu],
};

const fibre: FusedOperation<Record<string, never>> = {
  name: 'NoetherFibreStep',
  reference: fibreStepReference,
  takes,
  gradient: (tf, dy, [x, kernel]) => [
    () => runKernel(tf, 'NoetherFibreStep', [dy, kernel!], { turned: true }),
    () => runKernel(tf, 'NoetherFibreKernelGradient', [x!, dy]),
  ],
  kernels: [groupConvolutionOnWasm, groupConvolutionOnWebgpu],
};

/**
 * y[r, o, c] = sum over edges e with receivers[e] = r of x[senders[e], o, c] sum over d of weight[c, d] basis[e, o, d]. Edges with a
 * negative receiver are left out.
 * @param x `[n, O, C]`
 * @param basis `[E, O, D]`
 * @param weight `[C, D]`
 * @param senders `[E]` int32, rows of x
 * @param receivers `[E]` int32, below `count`
 * @returns `[count, O, C]`
 * @throws RangeError for shapes that do not go together
 */
export function spatialStep(
  runtime: Runtime,
  x: Tensor,
  basis: Tensor,
  weight: Tensor,
  senders: Tensor,
  receivers: Tensor,
  count: number,
): Tensor {
  const [edges, orientations, functions] = basis.shape;
  const channels = x.shape[2];
  const fits = x.rank === 3 && basis.rank === 3 && x.shape[1] === orientations;
  if (!fits || weight.shape.join() !== [channels, functions].join() || senders.size !== edges) {
    throw new RangeError(
      `spatialStep takes x [n, O, C], basis [E, O, D], weight [C, D], senders [E] and receivers [E], not [${x.shape}], [${basis.shape}], [${weight.shape}], [${senders.shape}] and [${receivers.shape}]`,
    );
  }
  return runFused(runtime, spatial, [x, basis, weight, senders, receivers], { count });
}

/**
 * y[i, p, c] = sum over o of x[i, o, c] kernel[p, o, c].
 * @param x `[n, O, C]`
 * @param kernel `[P, O, C]`
 * @returns `[n, P, C]`
 * @throws RangeError for shapes that do not go together
 */
export function fibreStep(runtime: Runtime, x: Tensor, kernel: Tensor): Tensor {
  if (x.rank !== 3 || kernel.rank !== 3 || x.shape.slice(1).join() !== kernel.shape.slice(1).join()) {
    throw new RangeError(
      `fibreStep takes x [n, O, C] and kernel [P, O, C], not [${x.shape}] and [${kernel.shape}]`,
    );
  }
  return runFused(runtime, fibre, [x, kernel], {});
}

/** The kernel's values, then a product and a sum each; x by edge and the basis are read, the sums written. */
export function spatialStepCost(
  {
    edges,
    count,
    orientations,
    channels,
    functions,
  }: Readonly<Record<'edges' | 'count' | 'orientations' | 'channels' | 'functions', number>>,
  precision: Precision,
): Cost {
  const numbers = edges * orientations * (channels + functions) + count * orientations * channels;
  return {
    flops: 2 * edges * orientations * channels * (functions + 1),
    bytes: (numbers + channels * functions) * bytesOf[precision] + 2 * edges * bytesOf.int32,
  };
}

/** A product and a sum for each point, channel and pair of orientations. */
export function fibreStepCost(
  { points, from, to, channels }: Readonly<Record<'points' | 'from' | 'to' | 'channels', number>>,
  precision: Precision,
): Cost {
  return {
    flops: 2 * points * from * to * channels,
    bytes: (points * (from + to) + from * to) * channels * bytesOf[precision],
  };
}
