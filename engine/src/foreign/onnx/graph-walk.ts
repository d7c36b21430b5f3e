/** Walking through a model: the main graph, the graphs inside If, Loop and Scan, and the model's own functions. */
import type { AttributeProto, FunctionProto, GraphProto, ModelProto, NodeProto } from './proto.ts';

/** A list of nodes with what is known around it. Functions have no initialisers. */
export type Scope = GraphProto | FunctionProto;

/** The main graph, then every graph below it and below the model's functions, then the functions. */
export function* scopesOf(model: ModelProto): Generator<Scope> {
  if (model.graph) yield* graphsBelow(model.graph);
  for (const body of model.functions) {
    yield body;
    for (const node of body.node) yield* graphsInside(node);
  }
}

/** This graph and all graphs inside its nodes. */
function* graphsBelow(graph: GraphProto): Generator<GraphProto> {
  yield graph;
  for (const node of graph.node) yield* graphsInside(node);
}

function* graphsInside(node: NodeProto): Generator<GraphProto> {
  for (const attribute of node.attribute) {
    if (attribute.g) yield* graphsBelow(attribute.g);
    for (const graph of attribute.graphs) yield* graphsBelow(graph);
  }
}

/** Functions lack what only graphs have. */
export function isGraph(scope: Scope): scope is GraphProto {
  return 'initializer' in scope;
}

/** True for the operators of the ONNX standard itself, whose domain is written in two ways. */
export function isStandard(node: Pick<NodeProto, 'domain'>): boolean {
  return node.domain === '' || node.domain === 'ai.onnx';
}

export function attributeOf(node: NodeProto, name: string): AttributeProto | undefined {
  return node.attribute.find((attribute) => attribute.name === name);
}
