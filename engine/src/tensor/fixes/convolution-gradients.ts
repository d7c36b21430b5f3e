/**
 * Gradients around convolutions that the library has on no backend: of dilated ones, and of the gradients themselves, which
 * a model needs whose own derivative is trained.
 */
import type { GradConfig, NamedAttrMap, Tensor } from '@tensorflow/tfjs-core';
import type { TensorLibrary } from '../runtime.ts';
import { spread } from './strided-slice.ts';

/** Registers them all. */
export function fixConvolutionGradients(tf: TensorLibrary): void {
  for (const name of ['Conv2D', 'DepthwiseConv2dNative', 'Conv3D']) fixDilated(tf, name);
  const run = (name: string, inputs: Record<string, Tensor>, attrs: object): Tensor =>
    tf.engine().runKernel(name, inputs, attrs as NamedAttrMap) as Tensor;
  // A convolution y = x * w is linear in both; so are its two gradients, in dy and in the other one.
  const kinds = [
    ['Conv2D', 'Conv2DBackpropInput', 'Conv2DBackpropFilter'],
    ['DepthwiseConv2dNative', 'DepthwiseConv2dNativeBackpropInput', 'DepthwiseConv2dNativeBackpropFilter'],
    ['Conv3D', 'Conv3DBackpropInputV2', 'Conv3DBackpropFilterV2'],
  ] as const;
  for (const [forward, ofInput, ofFilter] of kinds) {
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

/** A dilated filter is a larger one with zeros between, of which the library has the gradient. */
function fixDilated(tf: TensorLibrary, kernelName: string): void {
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
