/** Graphs that draw random numbers cannot be verified: f(g x) and g f(x) would differ by the noise alone. */
import { Fault } from '../../fault.ts';
import { isStandard, scopesOf } from './graph-walk.ts';
import type { NodeProto } from './proto.ts';
import type { OnnxModel } from './read-model.ts';
import { integerOf } from './twin-expression.ts';
import { type WeightLookup, weightLookup } from './twin-weights.ts';

const drawing = [
  'RandomNormal',
  'RandomNormalLike',
  'RandomUniform',
  'RandomUniformLike',
  'Multinomial',
  'Bernoulli',
];

/**
 * @throws Fault `model/onnx-random` that names the first node that draws; `model/onnx-training` for a BatchNormalization
 * that takes its statistics from the batch, so that a result depends on the samples beside it.
 */
export function rejectRandomness(model: OnnxModel, file: string): void {
  const weights = weightLookup(model);
  for (const scope of scopesOf(model)) {
    for (const node of scope.node) {
      if (!isStandard(node)) continue;
      const name = node.name || node.output[0] || node.opType;
      if (drawing.includes(node.opType) || dropsOut(node, weights))
        throw randomFault(node.opType, name, file);
      if (node.opType === 'BatchNormalization' && integerOf(node, 'training_mode', 0) === 1) {
        throw trainingFault(name, file);
      }
    }
  }
}

/** Dropout draws when its third input says so; older versions of the operator have no such input. */
function dropsOut(node: NodeProto, weights: WeightLookup): boolean {
  if (node.opType !== 'Dropout') return false;
  const mode = weights(node.input[2] ?? '');
  return mode !== undefined && (mode.rawData[0] === 1 || mode.int32Data[0] === 1);
}

function randomFault(operator: string, name: string, file: string): Fault {
  return new Fault({
    code: 'model/onnx-random',
    message: `the node \`${name}\` (${operator}) draws random numbers on every run`,
    expected: 'a deterministic network',
    found: operator,
    place: { file, member: name },
    advice:
      operator === 'Dropout'
        ? 'Export the network in evaluation mode: model.eval() before torch.onnx.export.'
        : 'Make the noise an input of the network, and declare it as `constant` or with its representation.',
  });
}

function trainingFault(name: string, file: string): Fault {
  return new Fault({
    code: 'model/onnx-training',
    message: `the node \`${name}\` (BatchNormalization) is in training mode: a result depends on the other samples of the batch`,
    expected: 'a network in evaluation mode',
    found: 'training_mode = 1',
    place: { file, member: name },
    advice: 'Export the network in evaluation mode: model.eval() before torch.onnx.export.',
  });
}
