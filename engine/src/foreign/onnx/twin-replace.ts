/**
 * Operators without a float64 kernel, written with those that have one. Every formula is exact up to float64's own
 * rounding: a twin is the same function, not a similar one.
 */
import type { NodeProto } from './proto.ts';
import { averagePool, convolution } from './twin-convolution.ts';
import { erf } from './twin-erf.ts';
import { type Expression, expression, floatOf, textOf } from './twin-expression.ts';
import { globalAverage, instanceNormalisation } from './twin-reduce.ts';
import { arccosine, arcsine, arctangent } from './twin-trigonometry.ts';
import type { WeightLookup } from './twin-weights.ts';

/** Makes the node's output from its inputs; `undefined` where this use of the operator has no such form. */
type Formula = (node: NodeProto, e: Expression, weights: WeightLookup) => string | undefined;

/** A formula of one input. */
function unary(formula: (x: string, e: Expression, node: NodeProto) => string): Formula {
  return (node, e) => formula(node.input[0]!, e, node);
}

/** scale (exp(x) - 1) below 0, and x above. The Min keeps exp from overflowing where it is not taken. */
function exponentialBelowZero(x: string, scale: number, slope: number, e: Expression): string {
  const below = e.multiply(e.add(e.exp(e.multiply(e.least(x, 0), 1 / slope)), -1), scale);
  return e.add(e.most(x, 0), below);
}

/** log(1 + exp(x)) without overflow. */
function softplus(x: string, e: Expression): string {
  const tail = e.exp(e.apply('Neg', [e.apply('Abs', [x])]));
  return e.add(e.most(x, 0), e.apply('Log', [e.add(tail, 1)]));
}

function ramp(x: string, slope: number, offset: number, e: Expression): string {
  return e.most(e.least(e.add(e.multiply(x, slope), offset), 1), 0);
}

/** (exp(x) + sign exp(-x)) / 2 */
function hyperbolic(x: string, sign: 1 | -1, e: Expression): string {
  const away = e.exp(e.apply('Neg', [x]));
  const sum = sign === 1 ? e.add(e.exp(x), away) : e.subtract(e.exp(x), away);
  return e.multiply(sum, 0.5);
}

const formulas: Readonly<Record<string, Formula>> = {
  Acos: unary(arccosine),
  Acosh: unary((x, e) => {
    const root = e.apply('Sqrt', [e.add(e.multiply(x, x), -1)]);
    return e.apply('Log', [e.add(x, root)]);
  }),
  Asin: unary(arcsine),
  Asinh: unary((x, e) => {
    const size = e.apply('Abs', [x]);
    const root = e.apply('Sqrt', [e.add(e.multiply(x, x), 1)]);
    return e.multiply(e.apply('Sign', [x]), e.apply('Log', [e.add(size, root)]));
  }),
  Atan: unary(arctangent),
  Atanh: unary((x, e) => e.multiply(e.apply('Log', [e.divide(e.add(x, 1), e.subtract(1, x))]), 0.5)),
  AveragePool: averagePool,
  Celu: unary((x, e, node) => {
    const alpha = floatOf(node, 'alpha', 1);
    return exponentialBelowZero(x, alpha, alpha, e);
  }),
  Conv: convolution,
  Cosh: unary((x, e) => hyperbolic(x, 1, e)),
  Elu: unary((x, e, node) => exponentialBelowZero(x, floatOf(node, 'alpha', 1), 1, e)),
  Erf: unary(erf),
  Gelu: unary((x, e, node) => {
    const inner =
      textOf(node, 'approximate', 'none') === 'tanh'
        ? e.apply('Tanh', [
            e.multiply(
              e.add(x, e.multiply(e.multiply(e.multiply(x, x), x), 0.044715)),
              Math.sqrt(2 / Math.PI),
            ),
          ])
        : erf(e.multiply(x, Math.SQRT1_2), e);
    return e.multiply(e.multiply(x, 0.5), e.add(inner, 1));
  }),
  GlobalAveragePool: unary(globalAverage),
  HardSigmoid: unary((x, e, node) =>
    ramp(x, floatOf(node, 'alpha', Math.fround(0.2)), floatOf(node, 'beta', 0.5), e),
  ),
  HardSwish: unary((x, e) => e.multiply(x, ramp(x, Math.fround(1 / 6), 0.5, e))),
  InstanceNormalization: (node, e) =>
    instanceNormalisation(node.input as [string, string, string], floatOf(node, 'epsilon', 1e-5), e),
  Mean: (node, e) => e.divide(e.apply('Sum', node.input), node.input.length),
  Mish: unary((x, e) => e.multiply(x, e.apply('Tanh', [softplus(x, e)]))),
  Selu: unary((x, e, node) => {
    const gamma = floatOf(node, 'gamma', 1.0507010221481323);
    return e.multiply(exponentialBelowZero(x, floatOf(node, 'alpha', 1.6732631921768188), 1, e), gamma);
  }),
  Sinh: unary((x, e) => hyperbolic(x, -1, e)),
  Softplus: unary(softplus),
  Softsign: unary((x, e) => e.divide(x, e.add(e.apply('Abs', [x]), 1))),
  Tan: unary((x, e) => e.divide(e.apply('Sin', [x]), e.apply('Cos', [x]))),
  ThresholdedRelu: unary((x, e, node) => {
    const above = e.apply('Greater', [x, e.number(floatOf(node, 'alpha', 1))]);
    return e.apply('Where', [above, x, e.number(0)]);
  }),
};

/** Formulas that give axes and shapes as inputs of nodes, which the standard has from opset 13 on. */
const newer = ['AveragePool', 'Conv', 'GlobalAveragePool', 'InstanceNormalization'];

/** The nodes that stand in for `node`; `node` alone when it can stay, or has no other form. */
export function replaced(node: NodeProto, weights: WeightLookup, opset: number): NodeProto[] {
  const formula = formulas[node.opType];
  if (!formula || (opset < 13 && newer.includes(node.opType))) return [node];
  const e = expression(node);
  const result = formula(node, e, weights);
  return result === undefined ? [node] : e.nodes(result);
}
