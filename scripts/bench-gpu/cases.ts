/** What is measured: each kernel at one size, beside the same in plain operations, with what it must move and compute. */
import { attentionReference } from '../../engine/src/kernel/attention/reference.ts';
import { attentionOnWebgpu } from '../../engine/src/kernel/attention/wgsl.ts';
import type { KernelMaker } from '../../engine/src/kernel/fused.ts';
import { spatialStep } from '../../engine/src/kernel/group-convolution/index.ts';
import {
  fibreStepReference,
  spatialStepReference,
} from '../../engine/src/kernel/group-convolution/reference.ts';
import { groupConvolutionOnWebgpu } from '../../engine/src/kernel/group-convolution/wgsl.ts';
import { lorentzFrames, lorentzFramesCost } from '../../engine/src/kernel/lorentz-frames/index.ts';
import { lorentzFramesReference } from '../../engine/src/kernel/lorentz-frames/reference.ts';
import { messageSumOnWebgpu } from '../../engine/src/kernel/message-sum/wgsl.ts';
import {
  projectiveInvariants,
  projectiveInvariantsCost,
} from '../../engine/src/kernel/projective-invariants/index.ts';
import { projectiveInvariantsReference } from '../../engine/src/kernel/projective-invariants/reference.ts';
import { properSvd, properSvdCost } from '../../engine/src/kernel/proper-svd/index.ts';
import { properSvdReference } from '../../engine/src/kernel/proper-svd/reference.ts';
import { segmentMaxOnWebgpu } from '../../engine/src/kernel/segment-max/wgsl.ts';
import { segmentMeanOnWebgpu } from '../../engine/src/kernel/segment-mean/wgsl.ts';
import { segmentSoftmaxOnWebgpu } from '../../engine/src/kernel/segment-softmax/wgsl.ts';
import { sphericalHarmonicsReference } from '../../engine/src/kernel/spherical-harmonics/reference.ts';
import { sphericalHarmonicsOnWebgpu } from '../../engine/src/kernel/spherical-harmonics/wgsl.ts';
import { tensorProductReference } from '../../engine/src/kernel/tensor-product/reference.ts';
import { tensorProductOnWebgpu } from '../../engine/src/kernel/tensor-product/wgsl.ts';
import type { Runtime, Tensor } from '../../engine/src/tensor/index.ts';
import { segmentCases } from './segments.ts';
import { type Case, toolsOf } from './tools.ts';

export type { Case } from './tools.ts';

/** Every kernel's cases; `scale` 1 is the full size, and a software renderer takes a fraction of it. */
export function cases(runtime: Runtime, scale: number): readonly (() => Case[])[] {
  const tools = toolsOf(runtime, scale);
  const { tf, many, random, indices, run, backward } = tools;
  const makers: KernelMaker[] = [
    messageSumOnWebgpu,
    segmentSoftmaxOnWebgpu,
    segmentMeanOnWebgpu,
    segmentMaxOnWebgpu,
    attentionOnWebgpu,
    sphericalHarmonicsOnWebgpu,
    tensorProductOnWebgpu,
    groupConvolutionOnWebgpu,
  ];
  for (const kernel of makers.flatMap((make) => [...make(tf)])) {
    if (!tf.getKernel(kernel.kernelName, 'webgpu')) tf.registerKernel(kernel);
  }
  return [
    ...segmentCases(tools),
    () => {
      const [batch, tokens, d] = [Math.max(2, Math.round(32 * scale)), many(1024), 64];
      const [q, k, v, dy] = [0, 1, 2, 3].map(() => random(batch, tokens, d)) as [
        Tensor,
        Tensor,
        Tensor,
        Tensor,
      ];
      const attributes = { hasMask: false, scale: 1 / Math.sqrt(d) };
      const product = 2 * batch * tokens * tokens * d;
      const array = 4 * batch * tokens * d;
      const f = (...xs: Tensor[]) => attentionReference(runtime, xs, attributes);
      const size = `${batch} x ${tokens} x ${d}`;
      return [
        {
          name: 'attention',
          size,
          bytes: 4 * array,
          flops: 2 * product,
          fused: () => run('NoetherAttention', [q, k, v], attributes),
          plain: () => f(q, k, v),
        },
        {
          name: 'attention, with gradient',
          size,
          bytes: 4 * array + 8 * array,
          flops: 7 * product,
          fused: () => {
            const [y, logSum] = run('NoetherAttention', [q, k, v], attributes) as [Tensor, Tensor];
            const statistics = run('NoetherAttentionStatistics', [y, dy, logSum], attributes) as Tensor;
            run('NoetherAttentionQueryGradient', [dy, statistics, q, k, v], attributes);
            run('NoetherAttentionKeyGradient', [dy, statistics, q, k, v], attributes);
          },
          plain: backward(f, [q, k, v], dy),
        },
      ];
    },
    ...[3, 6].map((degree) => () => {
      const [count, columns] = [many(1_000_000), (degree + 1) ** 2];
      const [vectors, dy] = [random(count, 3), random(count, columns)];
      const attributes = { degree, normalize: true, normalization: 'component' } as const;
      const f = (v: Tensor) => sphericalHarmonicsReference(runtime, [v], attributes);
      return [
        {
          name: 'spherical harmonics',
          size: `${count} to degree ${degree}`,
          bytes: 4 * count * (3 + columns),
          flops: count * (12 + 5 * columns),
          fused: () => run('NoetherSphericalHarmonics', [vectors], attributes),
          plain: () => f(vectors),
        },
        {
          name: 'spherical harmonics, with gradient',
          size: `${count} to degree ${degree}`,
          bytes: 4 * count * (9 + 2 * columns),
          flops: count * (50 + 20 * columns),
          fused: () => {
            run('NoetherSphericalHarmonics', [vectors], attributes);
            run('NoetherSphericalHarmonicsGradient', [vectors, dy], attributes);
          },
          plain: backward(f, [vectors], dy),
        },
      ];
    }),
    () => {
      const [rows, channels, width] = [many(20_000), 32, 9];
      // As sparse as the product of degrees up to 2 with themselves, kept up to 2.
      const entries = 83;
      const at = (step: number) => Array.from({ length: entries }, (_, p) => (p * step) % width);
      const coupling = { i: at(2), j: at(4), k: at(7), value: at(5).map((x) => x + 1), size: width };
      const [x, y, dz] = [random(rows, channels, width), random(rows, width), random(rows, channels, width)];
      const f = (a: Tensor, b: Tensor) => tensorProductReference(runtime, [a, b], coupling);
      const size = `${rows} x ${channels} x ${width}`;
      const bytes = 4 * rows * (2 * channels * width + width);
      const flops = 3 * rows * channels * entries;
      return [
        {
          name: 'tensor product',
          size,
          bytes,
          flops,
          fused: () => run('NoetherTensorProduct', [x, y], coupling),
          plain: () => f(x, y),
        },
        {
          name: 'tensor product, with gradient',
          size,
          bytes: 3 * bytes,
          flops: 3 * flops,
          fused: () => {
            run('NoetherTensorProduct', [x, y], coupling);
            run('NoetherTensorProductLeftGradient', [dz, y], { ...coupling, width });
            run('NoetherTensorProductRightGradient', [dz, x], { ...coupling, width });
          },
          plain: backward(f, [x, y], dz),
        },
      ];
    },
    () => {
      const [points, edges, orientations, channels, functions] = [many(4096), many(65_536), 8, 64, 64];
      const [x, basis, weight] = [
        random(points, orientations, channels),
        random(edges, orientations, functions),
        random(channels, functions),
      ];
      const [senders, receivers] = [indices(edges, points), indices(edges, points)];
      const dy = random(points, orientations, channels);
      const size = `${edges} edges x ${orientations} x ${functions} -> ${channels}`;
      const f = (...xs: Tensor[]) =>
        spatialStepReference(runtime, [...xs, senders, receivers], { count: points });
      return [
        {
          name: 'group convolution, space',
          size,
          bytes: 4 * (edges * orientations * (functions + channels) + points * orientations * channels),
          flops: 2 * edges * orientations * channels * (functions + 1),
          fused: () => run('NoetherSpatialStep', [x, basis, weight, senders, receivers], { count: points }),
          plain: () => f(x, basis, weight),
        },
        {
          name: 'group convolution, space, with gradient',
          size,
          bytes:
            4 *
            (edges * orientations * (3 * functions + 4 * channels) + 4 * points * orientations * channels),
          // The kernel's values are computed twice; the gradients of basis and weight are a product of matrices each.
          flops: 2 * edges * orientations * channels * (4 * functions + 3),
          fused: () => {
            tf.grads((...xs: Tensor[]) =>
              spatialStep(runtime, xs[0]!, xs[1]!, xs[2]!, senders, receivers, points),
            )([x, basis, weight], dy);
          },
          plain: backward(f, [x, basis, weight], dy),
        },
      ];
    },
    () => {
      const [points, orientations, channels] = [many(16_384), 12, 128];
      const [x, kernel] = [
        random(points, orientations, channels),
        random(orientations, orientations, channels),
      ];
      const dy = random(points, orientations, channels);
      const f = (a: Tensor, b: Tensor) => fibreStepReference(runtime, [a, b]);
      const size = `${points} x ${orientations} x ${channels}`;
      const array = 4 * points * orientations * channels;
      const flops = 2 * points * orientations * orientations * channels;
      return [
        {
          name: 'group convolution, orientations',
          size,
          bytes: 2 * array,
          flops,
          fused: () => run('NoetherFibreStep', [x, kernel], { turned: false }),
          plain: () => f(x, kernel),
        },
        {
          name: 'group convolution, orientations, with gradient',
          size,
          bytes: 6 * array,
          flops: 3 * flops,
          fused: () => {
            run('NoetherFibreStep', [x, kernel], { turned: false });
            run('NoetherFibreStep', [dy, kernel], { turned: true });
            run('NoetherFibreKernelGradient', [x, dy]);
          },
          plain: backward(f, [x, kernel], dy),
        },
      ];
    },
    () => {
      const count = many(1_000_000);
      const [vectors, dy] = [random(count, 3, 4), random(count, 4, 4)];
      const { bytes, flops } = lorentzFramesCost(count, 'float32');
      const size = `${count} frames`;
      return [
        {
          name: 'Lorentz frames',
          size,
          bytes,
          flops,
          fused: () => lorentzFrames(runtime, vectors),
          plain: () => lorentzFramesReference(runtime, [vectors]),
        },
        {
          name: 'Lorentz frames, with gradient',
          size,
          bytes: bytes + 4 * count * 40,
          flops: 4 * flops,
          fused: () => {
            lorentzFrames(runtime, vectors);
            run('NoetherLorentzFramesGradient', [vectors, dy]);
          },
          plain: backward((v) => lorentzFramesReference(runtime, [v]), [vectors], dy),
        },
      ];
    },
    () => {
      const [points, channels] = [many(65_536), 64];
      const [jets, dy] = [random(points, channels, 5), random(points, 5 * channels - 5)];
      const { bytes, flops } = projectiveInvariantsCost(points, channels, 'float32');
      const size = `${points} x ${channels} channels`;
      return [
        {
          name: 'projective invariants',
          size,
          bytes,
          flops,
          fused: () => projectiveInvariants(runtime, jets),
          plain: () => projectiveInvariantsReference(runtime, [jets]),
        },
        {
          name: 'projective invariants, with gradient',
          size,
          bytes: bytes + 4 * points * (15 * channels - 5),
          flops: 4 * flops,
          fused: () => {
            projectiveInvariants(runtime, jets);
            run('NoetherProjectiveInvariantsGradient', [jets, dy]);
          },
          plain: backward((x) => projectiveInvariantsReference(runtime, [x]), [jets], dy),
        },
      ];
    },
    () => {
      const count = many(1_000_000);
      const [matrices, dy] = [random(count, 3, 3), random(count, 3, 7)];
      const { bytes, flops } = properSvdCost(count, 'float32');
      const size = `${count} of 3 x 3`;
      const f = (x: Tensor) => properSvdReference(runtime, [x]);
      return [
        {
          name: 'proper SVD',
          size,
          bytes,
          flops,
          fused: () => properSvd(runtime, matrices),
          plain: () => f(matrices),
        },
        {
          name: 'proper SVD, with gradient',
          size,
          bytes: bytes + 4 * count * 51,
          flops: flops + 300 * count,
          fused: () => {
            const y = run('NoetherProperSvd', [matrices]) as Tensor;
            run('NoetherProperSvdGradient', [y, dy]);
          },
          plain: backward(f, [matrices], dy),
        },
      ];
    },
  ];
}
