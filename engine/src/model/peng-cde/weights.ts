/** Names, shapes and starting values of a network's weights. Pure data. */
import { constantSpec, linearSpecs, type WeightSpec } from '../weights.ts';
import type { FieldConfig } from './config.ts';
import { linkSpecs } from './links.ts';
import { termsOf } from './maps.ts';

/** What a network's shapes depend on. */
export interface Shapes {
  readonly field: Omit<FieldConfig, 'interpolation' | 'warp'>;
  readonly coder: 'linear' | 'mlp';
  /** Width and hidden layers of the perceptrons. */
  readonly coderWidth: number;
  readonly coderDepth: number;
  readonly inputs: number;
  readonly outputs: number;
  /** Scores of pairs of nodes, in place of numbers on nodes. */
  readonly links?: boolean;
  /** Of the parent's fusion alone. */
  readonly nodes: number | undefined;
}

export function weightSpecs(shapes: Shapes): WeightSpec[] {
  const { field, coder, coderWidth, coderDepth, inputs, outputs, links = false, nodes } = shapes;
  const decoded = decodedWidth(shapes);
  const ofPairs = links ? linkSpecs(outputs) : [];
  const own = fieldSpecs(field, nodes, 'vector_field.');
  if (coder === 'linear') {
    return [
      ...linearSpecs('initial_linear', inputs, field.hidden),
      ...own,
      ...linearSpecs('final_linear', field.hidden, decoded),
      ...ofPairs,
    ];
  }
  const perceptron = (name: string, from: number, to: number): WeightSpec[] =>
    Array.from({ length: coderDepth + 1 }, (_, layer) =>
      linearSpecs(
        `${name}.layers.${layer}`,
        layer === 0 ? from : coderWidth,
        layer === coderDepth ? to : coderWidth,
      ),
    ).flat();
  return [
    ...perceptron('encoder', inputs, field.hidden),
    ...own,
    ...perceptron('decoder', field.hidden, decoded),
    ...ofPairs,
  ];
}

/** Numbers that are read from a node's state: those predicted, or both sides of each score. */
export function decodedWidth({ field, outputs, links }: Pick<Shapes, 'field' | 'outputs' | 'links'>): number {
  return links ? 2 * outputs * field.hidden : outputs;
}

/**
 * Linear maps as PyTorch draws them; norms 1 and 0; the fusion's coefficients uniform in +-1/15, so that it starts close to the sum of
 * path and derivative. The parent's matrices are uniform in +-1/sqrt(n): official ones, uniform in 0 to 1, make sums that grow with n.
 */
export function fieldSpecs(
  { kind, layers, hidden, outputs, basis, maps, biases }: Shapes['field'],
  nodes: number | undefined,
  prefix = '',
): WeightSpec[] {
  if (kind === 'const') return [{ name: `${prefix}bias`, shape: [hidden], start: { fanIn: hidden } }];
  return Array.from({ length: layers }, (_, layer): WeightSpec[] => {
    const at = `${prefix}gnn_layers.${layer}.`;
    const conv = kind === 'equivariant' || kind === 'premult' ? `${at}conv_layer.` : at;
    return [
      constantSpec(`${conv}norm.weight`, [hidden], 1),
      constantSpec(`${conv}norm.bias`, [hidden], 0),
      ...linearSpecs(`${conv}linear`, hidden, layer === layers - 1 ? outputs : hidden),
      ...(kind === 'equivariant'
        ? termsOf(basis, maps).map(
            ({ name }): WeightSpec => ({ name: `${at}${name}`, shape: [2], start: { fanIn: 225 } }),
          )
        : []),
      ...(kind === 'equivariant' && biases ? [constantSpec(`${at}biases`, [2], 0)] : []),
      ...(kind === 'premult'
        ? ['fusion_1', 'fusion_2'].map(
            (name): WeightSpec => ({
              name: `${at}${name}`,
              shape: [nodes!, nodes!],
              start: { fanIn: nodes! },
            }),
          )
        : []),
    ];
  }).flat();
}
