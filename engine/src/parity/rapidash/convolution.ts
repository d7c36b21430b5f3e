/** Convolutions and blocks on given kernel bases. */

import { linear } from '../../layer/linear.ts';
import { block, convolution, type Kernels, type Probe } from '../../model/rapidash/block.ts';
import { calibratedKernels } from '../../model/rapidash/calibrated-kernels.ts';
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import type { ParityCase } from '../case.ts';
import { arrayOf, type Runner, type Tensors } from '../runner.ts';
import { linksOf } from './links.ts';

const convolutionModules = ['Conv', 'SeparableFiberBundleConv'];

export const convolutionRunner: Runner = {
  system: 'rapidash',
  handles: ({ module, hyper }) => convolutionModules.includes(module) && hyper.mode === 'evaluation',
  compute(runtime, parityCase, inputs, weights) {
    const seen: Record<string, Tensor> = {};
    const y = convolution(runtime, inputs.x!, kernelsOf(parityCase, inputs), weights, '', noteIn(seen));
    return {
      outputs: { y },
      intermediates: { ...evaluatedKernels(runtime, inputs, weights), x1: seen.spatial! },
    };
  },
};

/** The first pass in training mode: its output is that of the old kernels, which are rescaled afterwards. */
export const calibrationRunner: Runner = {
  system: 'rapidash',
  handles: ({ module, hyper }) =>
    convolutionModules.includes(module) && hyper.mode === 'training, first pass',
  compute(runtime, parityCase, inputs, weights) {
    const kernels = kernelsOf(parityCase, inputs);
    const seen: Record<string, Tensor> = {};
    const y = convolution(runtime, inputs.x!, kernels, weights, '', noteIn(seen));
    const { deviation, ...rescaled } = calibratedKernels(runtime, weights, '', {
      input: seen.input!,
      spatial: seen.spatial!,
      fibre: seen.fibre,
    });
    return {
      outputs: { y },
      intermediates: {
        ...evaluatedKernels(runtime, inputs, weights),
        x1: seen.spatial!,
        std_x: runtime.tf.reshape(deviation, [1]),
        kernel_weight_after: rescaled.kernel,
        ...(rescaled.fibreKernel ? { fiber_kernel_weight_after: rescaled.fibreKernel } : {}),
        second_pass_output: convolution(
          runtime,
          inputs.x!,
          kernels,
          {
            ...weights,
            'kernel.weight': rescaled.kernel,
            ...(rescaled.fibreKernel ? { 'fiber_kernel.weight': rescaled.fibreKernel } : {}),
          },
          '',
        ),
      },
    };
  },
};

export const blockRunner: Runner = {
  system: 'rapidash',
  handles: ({ module }) => ['ConvNext', 'SeparableFiberBundleConvNext'].includes(module),
  compute(runtime, parityCase, inputs, weights) {
    const seen: Record<string, Tensor> = {};
    const y = block(runtime, inputs.x!, kernelsOf(parityCase, inputs), weights, '', noteIn(seen));
    return { outputs: { y }, intermediates: seen };
  },
};

function kernelsOf(parityCase: ParityCase, inputs: Tensors): Kernels {
  const links = linksOf(arrayOf(parityCase.inputs, 'edge_index'));
  // As in the official code: the last receiver is the last one that anything is sent to.
  const receivers = links.receivers.reduce((most, index) => Math.max(most, index), 0) + 1;
  return {
    spatial: inputs.kernel_basis!,
    fibre: inputs.fibre_basis,
    route: { kind: 'links', links, receivers },
    edgeAttributes: inputs.edge_attr,
    mixing: parityCase.hyper.depthwise === false,
  };
}

function evaluatedKernels(runtime: Runtime, inputs: Tensors, weights: Tensors): Tensors {
  return {
    kernel: linear(runtime, inputs.kernel_basis!, weights['kernel.weight']!),
    ...(inputs.fibre_basis
      ? { fibre_kernel: linear(runtime, inputs.fibre_basis, weights['fiber_kernel.weight']!) }
      : {}),
  };
}

function noteIn(seen: Record<string, Tensor>): Probe {
  return (name, value) => {
    seen[name] = value;
  };
}
