/** Writing a formula as nodes: what replaces an operator that has no float64 kernel. */
import { attributeOf } from './graph-walk.ts';
import { doubleConstant, makeNode } from './make-node.ts';
import type { AttributeProto, NodeProto } from './proto.ts';

/** Grows a list of nodes whose last one takes over the replaced node's output. Values are names. */
export interface Expression {
  /** The operator on these values. */
  apply(operator: string, inputs: readonly string[], attributes?: AttributeProto[]): string;
  /** A float64 number without axes. */
  number(value: number): string;
  add(a: string, b: string | number): string;
  subtract(a: string | number, b: string): string;
  multiply(a: string, b: string | number): string;
  divide(a: string | number, b: string | number): string;
  /** Entry by entry, the smaller or larger one. */
  least(a: string, b: number): string;
  most(a: string, b: number): string;
  exp(a: string): string;
  /** The whole list, `result` renamed to the replaced node's output. */
  nodes(result: string): NodeProto[];
}

export function expression(replaced: NodeProto): Expression {
  const made: NodeProto[] = [];
  const fresh = () => `${replaced.output[0]}/float64/${made.length}`;
  const apply: Expression['apply'] = (operator, inputs, attributes = []) => {
    const output = fresh();
    made.push(makeNode(operator, inputs, output, attributes));
    return output;
  };
  const number = (value: number) => {
    const output = fresh();
    made.push(doubleConstant(output, value));
    return output;
  };
  const value = (a: string | number) => (typeof a === 'number' ? number(a) : a);
  const binary = (operator: string) => (a: string | number, b: string | number) =>
    apply(operator, [value(a), value(b)]);
  return {
    apply,
    number,
    add: binary('Add'),
    subtract: binary('Sub'),
    multiply: binary('Mul'),
    divide: binary('Div'),
    least: binary('Min'),
    most: binary('Max'),
    exp: (a) => apply('Exp', [a]),
    nodes(result) {
      const last = made.find(({ output }) => output[0] === result)!;
      last.output = [replaced.output[0]!];
      return made;
    },
  };
}

/** A float attribute of the node, or what the standard says without it. */
export function floatOf(node: NodeProto, name: string, fallback: number): number {
  return attributeOf(node, name)?.f ?? fallback;
}

export function integersOf(node: NodeProto, name: string): number[] | undefined {
  return attributeOf(node, name)?.ints.map(Number);
}

export function integerOf(node: NodeProto, name: string, fallback: number): number {
  const attribute = attributeOf(node, name);
  return attribute ? Number(attribute.i) : fallback;
}

export function textOf(node: NodeProto, name: string, fallback: string): string {
  const attribute = attributeOf(node, name);
  return attribute ? Buffer.from(attribute.s).toString('utf8') : fallback;
}
