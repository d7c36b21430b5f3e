/**
 * The library's operations beyond those of gradient-cases.ts, each as a function of one array [3, 4]. A name begins with that
 * of the operation, which the suite holds against what the engine's sources use.
 */
import type { Tensor, TensorLibrary } from '../runtime.ts';
import { constant, type Operation } from './gradient-cases.ts';

const float = (tf: TensorLibrary, t: Tensor): Tensor => tf.cast(t, 'float32');
/** Indices, one row each. */
const rows = (tf: TensorLibrary, ...values: number[][]): Tensor =>
  tf.tensor2d(values, [values.length, values[0]!.length], 'int32');
/** An image [1, 5, 6, 2] of which every entry depends on t. */
const image = (tf: TensorLibrary, t: Tensor): Tensor => {
  const wide = tf.matMul(constant(tf, [5, 3]), tf.matMul(tf.mul(t, 0.1), constant(tf, [4, 12])));
  return tf.reshape(wide, [1, 5, 6, 2]);
};
/** A volume [1, 3, 4, 3, 2]. */
const volume = (tf: TensorLibrary, t: Tensor): Tensor =>
  tf.reshape(tf.matMul(tf.mul(t, 0.2), constant(tf, [4, 24])), [1, 3, 4, 3, 2]);
/** Weights of any shape that depend on t. */
const weights = (tf: TensorLibrary, t: Tensor, shape: number[]): Tensor => {
  const size = tf.util.sizeFromShape(shape);
  return tf.reshape(tf.matMul(tf.mul(tf.reshape(t, [1, 12]), 0.2), constant(tf, [12, size])), shape);
};
const as = <T>(t: Tensor): T => t as never;

export const libraryOperations: Record<string, Operation> = {
  addN: (tf, t) => tf.addN([t, tf.square(t), constant(tf, [3, 4])]),
  neg: (tf, t) => tf.neg(t),
  clone: (tf, t) => tf.mul(tf.clone(t), t),
  cast: (tf, t) => tf.cast(tf.square(t), 'float32'),
  reshape: (tf, t) => tf.reshape(tf.square(t), [2, 6]),
  expandDims: (tf, t) => tf.mul(tf.expandDims(t, 1), constant(tf, [2, 4])),
  squeeze: (tf, t) => tf.squeeze(tf.reshape(tf.square(t), [3, 1, 4]), [1]),
  moments: (tf, t) => tf.moments(t, 0).variance,
  outerProduct: (tf, t) => tf.outerProduct(as(tf.reshape(t, [12])), constant(tf, [3]) as never),
  diag: (tf, t) => tf.diag(t),
  tan: (tf, t) => tf.tan(tf.mul(t, 0.3)),
  asin: (tf, t) => tf.asin(tf.mul(t, 0.2)),
  acos: (tf, t) => tf.acos(tf.mul(t, 0.2)),
  asinh: (tf, t) => tf.asinh(t),
  atanh: (tf, t) => tf.atanh(tf.mul(t, 0.2)),
  selu: (tf, t) => tf.selu(t),
  relu6: (tf, t) => tf.relu6(tf.mul(t, 4)),
  prelu: (tf, t) => tf.prelu(t, constant(tf, [4])),
  'prelu, slope': (tf, t) => tf.prelu(constant(tf, [2, 3, 4]), t),
  mod: (tf, t) => tf.mod(t, 0.7),
  'mod, divisor': (tf, t) => tf.mod(constant(tf, [4]), tf.add(tf.square(t), 0.5)),
  squaredDifference: (tf, t) => tf.squaredDifference(t, constant(tf, [4])),
  dot: (tf, t) => tf.dot(t, constant(tf, [4, 2])),
  batchNorm: (tf, t) => {
    const [mean, variance] = [tf.mean(t, 0), tf.add(tf.mean(tf.square(t), 0), 1)];
    return tf.batchNorm(t, as(mean), as(variance), constant(tf, [4]) as never, as(tf.max(t, 0)));
  },
  localResponseNormalization: (tf, t) => tf.localResponseNormalization(as(tf.reshape(t, [1, 1, 3, 4])), 1),
  cumprod: (tf, t) => tf.cumprod(t, 1),
  'cumprod, exclusive': (tf, t) => tf.cumprod(t, 0, true),
  'cumprod, reverse': (tf, t) => tf.cumprod(t, 1, false, true),
  'cumprod, exclusive and reverse': (tf, t) => tf.cumprod(t, 1, true, true),
  'cumprod with a zero': (tf, t) => tf.cumprod(tf.mul(t, tf.tensor1d([1, 0, 1, 1])), 1),
  'cumsum, exclusive and reverse': (tf, t) => tf.cumsum(t, 0, true, true),
  'cumsum, middle axis': (tf, t) => tf.cumsum(tf.reshape(t, [2, 3, 2]), 1),
  'prod with a zero': (tf, t) => tf.prod(tf.mul(t, tf.tensor1d([1, 0, 1, 1])), 1),
  'einsum, matrix product': (tf, t) => tf.einsum('ij,jk->ik', t, constant(tf, [4, 5])),
  'einsum, right operand': (tf, t) => tf.einsum('ki, ij -> jk', constant(tf, [2, 3]), t),
  'einsum, both operands': (tf, t) => tf.einsum('ij,ik->jk', t, tf.sin(t)),
  'einsum, batched': (tf, t) => tf.einsum('bij,bkj->bik', tf.reshape(t, [3, 2, 2]), constant(tf, [3, 5, 2])),
  'einsum, batch last': (tf, t) =>
    tf.einsum('ijb,jkb->bki', tf.reshape(t, [2, 2, 3]), constant(tf, [2, 4, 3])),
  'einsum, outer product': (tf, t) => tf.einsum('ij,k->kij', t, constant(tf, [2])),
  'einsum, elementwise': (tf, t) => tf.einsum('ij,ji->ij', t, constant(tf, [4, 3])),
  'einsum, inner products': (tf, t) => tf.einsum('ij,ij->i', t, constant(tf, [3, 4])),
  'einsum to a number': (tf, t) => tf.einsum('ij,ij->', t, tf.cos(t)),
  'einsum, an index of one operand summed': (tf, t) => tf.einsum('ij,k->ki', tf.square(t), constant(tf, [2])),
  'einsum, an index of the other summed': (tf, t) => tf.einsum('ij,kj->i', t, constant(tf, [5, 4])),
  'einsum of one, transposed': (tf, t) => tf.einsum('ij->ji', tf.square(t)),
  'einsum of one, summed': (tf, t) => tf.einsum('ij->j', tf.square(t)),
  'einsum of one, unchanged': (tf, t) => tf.einsum('ij->ij', tf.square(t)),
  gatherND: (tf, t) => tf.gatherND(t, rows(tf, [2, 1], [0, 3], [2, 1])),
  'gatherND, rows': (tf, t) => tf.gatherND(t, rows(tf, [2], [0], [2])),
  scatterND: (tf, t) => tf.scatterND(rows(tf, [4], [1], [4]), t, [6, 4]),
  tensorScatterUpdate: (tf, t) => tf.tensorScatterUpdate(t, rows(tf, [2], [0]), constant(tf, [2, 4])),
  'tensorScatterUpdate, updates': (tf, t) =>
    tf.tensorScatterUpdate(constant(tf, [5, 4]), rows(tf, [2], [0], [4]), t),
  sparseToDense: (tf, t) => {
    const values = tf.slice(tf.reshape(t, [12]), 3, 3);
    const rest = tf.reshape(tf.slice(t, [2, 3], [1, 1]), []);
    return tf.sparseToDense(rows(tf, [0, 1], [2, 2], [1, 0]), values, [3, 4], rest as never);
  },
  stridedSlice: (tf, t) => tf.stridedSlice(t, [0, 1], [3, 4], [2, 2]),
  'stridedSlice, backwards': (tf, t) => tf.stridedSlice(t, [2, 3], [0, -5], [-1, -2]),
  'stridedSlice, masks': (tf, t) =>
    tf.stridedSlice(tf.reshape(t, [3, 2, 2]), [1, 0, 0], [2, 0, 1], [1, 1, 1], 2, 2, 0, 0, 1),
  'stridedSlice, ellipsis and a new axis': (tf, t) =>
    tf.stridedSlice(tf.reshape(t, [3, 2, 2]), [0, 0, 1], [0, 0, 2], [1, 1, 1], 0, 0, 2, 1, 0),
  topk: (tf, t) => tf.topk(t, 2).values,
  'topk, all': (tf, t) => tf.topk(tf.reshape(t, [2, 2, 3]), 3).values,
  depthToSpace: (tf, t) => tf.depthToSpace(as(tf.reshape(t, [1, 1, 3, 4])), 2),
  spaceToBatchND: (tf, t) =>
    tf.spaceToBatchND(
      tf.reshape(t, [1, 3, 4, 1]),
      [3, 2],
      [
        [0, 0],
        [1, 1],
      ],
    ),
  batchToSpaceND: (tf, t) =>
    tf.batchToSpaceND(
      tf.reshape(t, [4, 1, 3, 1]),
      [2, 2],
      [
        [0, 0],
        [1, 0],
      ],
    ),
  'fft, real part': (tf, t) => tf.real(tf.fft(tf.complex(t, tf.sin(t)))),
  'fft, length no power of two': (tf, t) => {
    const z = tf.reshape(tf.complex(t, tf.sin(t)), [4, 3]);
    return tf.imag(tf.fft(tf.mul(z, z)));
  },
  ifft: (tf, t) => tf.abs(tf.ifft(tf.complex(t, tf.cos(t)))),
  complex: (tf, t) => {
    const [z, w] = [tf.complex(t, tf.square(t)), tf.complex(constant(tf, [3, 4]), t)];
    return tf.real(tf.mul(tf.mul(z, w), tf.add(z, tf.sub(w, tf.mul(z, z)))));
  },
  real: (tf, t) => tf.real(tf.cast(tf.square(t), 'complex64')),
  imag: (tf, t) => tf.imag(tf.complex(t, tf.square(t))),
  rfft: (tf, t) => tf.concat([tf.real(tf.spectral.rfft(t)), tf.imag(tf.spectral.rfft(t))], 0),
  'conv1d, strided': (tf, t) =>
    tf.conv1d(as(tf.reshape(t, [1, 6, 2])), weights(tf, t, [3, 2, 2]) as never, 2, 'same'),
  'conv2d, strided': (tf, t) => tf.conv2d(as(image(tf, t)), weights(tf, t, [3, 3, 2, 2]) as never, 2, 'same'),
  'conv2d, valid, strides differ': (tf, t) =>
    tf.conv2d(as(image(tf, t)), weights(tf, t, [2, 3, 2, 3]) as never, [2, 1], 'valid'),
  'conv2d, dilated': (tf, t) =>
    tf.conv2d(as(image(tf, t)), weights(tf, t, [2, 2, 2, 2]) as never, 1, 'same', 'NHWC', [2, 3]),
  conv2dTranspose: (tf, t) =>
    tf.conv2dTranspose(
      as(tf.reshape(t, [1, 3, 2, 2])),
      weights(tf, t, [3, 3, 1, 2]) as never,
      [1, 6, 4, 1],
      2,
      'same',
    ),
  depthwiseConv2d: (tf, t) =>
    tf.depthwiseConv2d(as(image(tf, t)), weights(tf, t, [3, 3, 2, 1]) as never, 1, 'same'),
  'depthwiseConv2d, strided, two filters a channel': (tf, t) =>
    tf.depthwiseConv2d(as(image(tf, t)), weights(tf, t, [3, 2, 2, 2]) as never, 2, 'valid'),
  'depthwiseConv2d, dilated': (tf, t) =>
    tf.depthwiseConv2d(as(image(tf, t)), weights(tf, t, [2, 2, 2, 1]) as never, 1, 'same', 'NHWC', [2, 2]),
  separableConv2d: (tf, t) =>
    tf.separableConv2d(
      as(image(tf, t)),
      weights(tf, t, [3, 3, 2, 1]) as never,
      constant(tf, [1, 1, 2, 3]) as never,
      1,
      'same',
    ),
  conv3d: (tf, t) => tf.conv3d(as(volume(tf, t)), weights(tf, t, [2, 2, 2, 2, 3]) as never, 1, 'same'),
  'conv3d, strided': (tf, t) =>
    tf.conv3d(as(volume(tf, t)), weights(tf, t, [2, 2, 2, 2, 1]) as never, [1, 2, 2], 'valid'),
  conv3dTranspose: (tf, t) =>
    tf.conv3dTranspose(
      as(volume(tf, t)),
      weights(tf, t, [2, 2, 2, 1, 2]) as never,
      [1, 3, 4, 3, 1],
      1,
      'same',
    ),
  'avgPool, valid': (tf, t) => tf.avgPool(as(image(tf, t)), 2, [2, 1], 'valid'),
  avgPool: (tf, t) => tf.avgPool(as(image(tf, t)), [2, 3], 2, 'same'),
  maxPool: (tf, t) => tf.maxPool(as(image(tf, t)), 2, 2, 'valid'),
  avgPool3d: (tf, t) => tf.avgPool3d(as(volume(tf, t)), 2, 1, 'valid'),
  'avgPool3d, same': (tf, t) => tf.avgPool3d(as(volume(tf, t)), [2, 3, 2], 2, 'same'),
  maxPool3d: (tf, t) => tf.maxPool3d(as(volume(tf, t)), 2, 2, 'same'),
  resizeBilinear: (tf, t) => tf.image.resizeBilinear(as(image(tf, t)), [7, 4]),
  resizeNearestNeighbor: (tf, t) => tf.image.resizeNearestNeighbor(as(image(tf, t)), [10, 3]),
  'resizeBilinear, two images, corners aligned': (tf, t) =>
    tf.image.resizeBilinear(as(tf.reshape(image(tf, t), [2, 5, 3, 2])), [3, 7], true),
  'resizeBilinear, centres of pixels': (tf, t) =>
    tf.image.resizeBilinear(as(image(tf, t)), [8, 3], false, true),
  'resizeNearestNeighbor, two images': (tf, t) =>
    tf.image.resizeNearestNeighbor(as(tf.reshape(image(tf, t), [2, 5, 3, 2])), [3, 7]),
  'resizeNearestNeighbor, corners aligned': (tf, t) =>
    tf.image.resizeNearestNeighbor(as(image(tf, t)), [4, 9], true),
  'resizeNearestNeighbor, centres of pixels': (tf, t) =>
    tf.image.resizeNearestNeighbor(as(image(tf, t)), [8, 4], false, true),
  dilation2d: (tf, t) => tf.dilation2d(as(image(tf, t)), weights(tf, t, [2, 2, 2]) as never, 1, 'same'),
  logicalXor: (tf, t) => tf.where(tf.logicalXor(tf.greater(t, 0), tf.less(t, 1)), tf.square(t), t),
};

/** Constant but for jumps: the gradient is zero everywhere, and asking for it is no error. */
export const steps: Record<string, Operation> = {
  greater: (tf, t) => float(tf, tf.greater(t, 0)),
  greaterEqual: (tf, t) => float(tf, tf.greaterEqual(t, 0)),
  less: (tf, t) => float(tf, tf.less(t, 0)),
  lessEqual: (tf, t) => float(tf, tf.lessEqual(t, 0)),
  equal: (tf, t) => float(tf, tf.equal(t, 0)),
  notEqual: (tf, t) => float(tf, tf.notEqual(t, 0)),
  logicalAnd: (tf, t) => float(tf, tf.logicalAnd(tf.greater(t, 0), tf.less(t, 1))),
  logicalOr: (tf, t) => float(tf, tf.logicalOr(tf.greater(t, 0), tf.less(t, -1))),
  logicalNot: (tf, t) => float(tf, tf.logicalNot(tf.greater(t, 0))),
  sign: (tf, t) => tf.sign(t),
  step: (tf, t) => tf.step(t, 0.25),
  floor: (tf, t) => tf.floor(tf.mul(t, 3)),
  ceil: (tf, t) => tf.ceil(tf.mul(t, 3)),
  round: (tf, t) => tf.round(tf.mul(t, 3)),
  argMin: (tf, t) => float(tf, tf.argMin(t, 1)),
  argMax: (tf, t) => float(tf, tf.argMax(t, 1)),
  oneHot: (tf, t) => float(tf, tf.oneHot(tf.cast(t, 'int32') as never, 3)),
  zerosLike: (tf, t) => tf.zerosLike(t),
  onesLike: (tf, t) => tf.onesLike(t),
  isNaN: (tf, t) => float(tf, tf.isNaN(t)),
  isFinite: (tf, t) => float(tf, tf.isFinite(t)),
  isInf: (tf, t) => float(tf, tf.isInf(t)),
};

/** Second derivatives of what the library differentiates once at most. */
export const libraryTwice: Record<string, Operation> = {
  einsum: (tf, t) => tf.einsum('ij,jk->ik', tf.square(t), tf.transpose(t)),
  prod: (tf, t) => tf.prod(t, 1),
  cumprod: (tf, t) => tf.cumprod(t, 1),
  gatherND: (tf, t) => tf.square(tf.gatherND(t, rows(tf, [2, 1], [0, 3], [2, 1]))),
  scatterND: (tf, t) => tf.square(tf.scatterND(rows(tf, [4], [1], [4]), t, [6, 4])),
  stridedSlice: (tf, t) => tf.square(tf.stridedSlice(t, [2, 0], [0, 4], [-1, 3])),
  topk: (tf, t) => tf.square(tf.topk(t, 2).values),
  fft: (tf, t) => tf.square(tf.abs(tf.fft(tf.complex(t, tf.square(t))))),
  conv2d: (tf, t) => tf.square(tf.conv2d(as(image(tf, t)), weights(tf, t, [3, 3, 2, 2]) as never, 2, 'same')),
  depthwiseConv2d: (tf, t) =>
    tf.square(tf.depthwiseConv2d(as(image(tf, t)), weights(tf, t, [3, 3, 2, 1]) as never, 1, 'same')),
  'conv2d, dilated': (tf, t) =>
    tf.square(tf.conv2d(as(image(tf, t)), weights(tf, t, [2, 2, 2, 2]) as never, 1, 'same', 'NHWC', 2)),
  conv3d: (tf, t) =>
    tf.square(tf.conv3d(as(volume(tf, t)), weights(tf, t, [2, 2, 2, 2, 2]) as never, 1, 'same')),
};
