/**
 * Gradients around convolutions that the library has on no backend: of dilated ones, and of the gradients themselves, which
 * a model needs whose own derivative is trained.
 */
import type { GradConfig, NamedAttrMap, Tensor } from '@tensorflow/tfjs-core';
import type { TensorLibrary } from '../runtime.ts';
import { isHostKernel } from './host-kernel.ts';
import { spread } from './strided-slice.ts';

/** Registers them all. */
export function fixConvolutionGradients(tf: TensorLibrary): void {
  const run = (name: string, inputs: Record<string, Tensor>, attrs: object) =>
    runKernel(tf, name, inputs, attrs);
  // A convolution y = x * w is linear in both; so are its two gradients, in dy and in the other one.
  const kinds = [
    ['Conv2D', 'Conv2DBackpropInput', 'Conv2DBackpropFilter'],
    ['DepthwiseConv2dNative', 'DepthwiseConv2dNativeBackpropInput', 'DepthwiseConv2dNativeBackpropFilter'],
    ['Conv3D', 'Conv3DBackpropInputV2', 'Conv3DBackpropFilterV2'],
  ] as const;
  for (const [forward, ofInput, ofFilter] of kinds) {
    fixDilated(tf, forward, ofInput, ofFilter);
    const dilations = forward === 'Conv3D' ? [1, 1, 1] : [1, 1];
    tf.registerGradient({
      kernelName: ofInput,
      inputsToSave: ['dy', 'filter'],
      gradFunc: (g, [dy, filter], attrs) => ({
        dy: () => run(forward, { x: g as Tensor, filter: filter! }, { dilations, ...attrs }),
        filter: () => run(ofFilter, { x: g as Tensor, dy: dy! }, { ...attrs, filterShape: filter!.shape }),
      }),
    });
    tf.registerGradient({
      kernelName: ofFilter,
      inputsToSave: ['x', 'dy'],
      gradFunc: (g, [x, dy], attrs) => ({
        x: () => run(ofInput, { dy: dy!, filter: g as Tensor }, { ...attrs, inputShape: x!.shape }),
        dy: () => run(forward, { x: x!, filter: g as Tensor }, { dilations, ...attrs }),
      }),
    });
  }
}

function runKernel(tf: TensorLibrary, name: string, inputs: Record<string, Tensor>, attrs: object): Tensor {
  return tf.engine().runKernel(name, inputs, attrs as NamedAttrMap) as Tensor;
}

/** A dilated filter is a larger one with zeros between, of which the library has the gradient. */
function fixDilated(tf: TensorLibrary, kernelName: string, ofInput: string, ofFilter: string): void {
  const present = tf.getGradient(kernelName) as GradConfig & { upstream?: GradConfig };
  const upstream = present.upstream ?? present;
  const gradient: GradConfig & { upstream: GradConfig } = {
    ...upstream,
    upstream,
    gradFunc: (dy, saved, attrs) => {
      const given = (attrs as { dilations?: number | number[] }).dilations ?? 1;
      const [x, filter] = saved as [Tensor, Tensor];
      const axes = filter.rank - 2;
      const dilations = typeof given === 'number' ? Array<number>(axes).fill(given) : given;
      if (dilations.every((dilation) => dilation === 1)) return upstream.gradFunc(dy, saved, attrs);
      // Our own kernels take dilations.
      const isNhwc = ((attrs as { dataFormat?: string }).dataFormat ?? 'NHWC') === 'NHWC';
      if (isNhwc && isHostKernel(tf, ofFilter) && isHostKernel(tf, ofInput)) {
        const given = { ...attrs, dilations };
        return {
          x: () => runKernel(tf, ofInput, { dy: dy as Tensor, filter }, { ...given, inputShape: x.shape }),
          filter: () =>
            runKernel(tf, ofFilter, { x, dy: dy as Tensor }, { ...given, filterShape: filter.shape }),
        };
      }
      const wide = dilations.reduce((t, dilation, axis) => {
        const count = filter.shape[axis]!;
        return spread(tf, t, axis, count, 0, dilation, (count - 1) * dilation + 1);
      }, filter);
      const ones = { ...attrs, dilations: dilations.map(() => 1) };
      const gradients = upstream.gradFunc(dy, [x, wide], ones as NamedAttrMap);
      return {
        x: gradients.x!,
        filter: () => {
          const ofWide = gradients.filter!();
          const begin = ofWide.shape.map(() => 0);
          return tf.stridedSlice(ofWide, begin, ofWide.shape, [...dilations, 1, 1]);
        },
      };
    },
  };
  tf.registerGradient(gradient);
}
