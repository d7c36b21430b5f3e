/** Semantic tokens: what only the meaning tells, such as a field from an option and a type from a word. */
import { ambientDescriptions } from '@noether/engine/catalog';
import type { AstNode } from 'langium';
import { AbstractSemanticTokenProvider, type SemanticTokenAcceptor } from 'langium/lsp';
import { SemanticTokenModifiers, SemanticTokenTypes } from 'vscode-languageserver-types';
import {
  isArgument,
  isAxisExpression,
  isBenchmark,
  isCheck,
  isCompare,
  isData,
  isDiscover,
  isEntry,
  isGroupExpression,
  isMeasure,
  isModel,
  isPair,
  isPort,
  isSubject,
  isTerm,
  isTrain,
} from './generated/ast.ts';
import { isDataOption } from './read-data.ts';
import { isTypeName } from './type-descriptions.ts';

const {
  class: family,
  enumMember,
  function: fn,
  method,
  parameter,
  property,
  type,
  typeParameter,
  variable,
} = SemanticTokenTypes;
const declaration = [SemanticTokenModifiers.declaration];
/** Data and models are variables; data is the one that a run does not change. */
const dataModifiers = [SemanticTokenModifiers.readonly];

export class EquiSemanticTokenProvider extends AbstractSemanticTokenProvider {
  protected override highlightElement(node: AstNode, accept: SemanticTokenAcceptor): void {
    if (isModel(node)) {
      accept({ node, property: 'name', type: variable, modifier: declaration });
      if (node.family) accept({ node, property: 'family', type: family });
      if (node.source) accept({ node, property: 'source', type: enumMember });
      if (node.wrapper) {
        accept({ node, property: 'wrapper', type: fn });
        accept({ node, property: 'inner', type: variable });
      }
    } else if (isData(node)) {
      accept({ node, property: 'name', type: variable, modifier: [...declaration, ...dataModifiers] });
    } else if (isCheck(node)) {
      accept({ node, property: 'model', type: variable });
      accept({ node, property: 'data', type: variable, modifier: dataModifiers });
      if (node.name) accept({ node, property: 'name', type: method, modifier: declaration });
    } else if (isTrain(node) || isCompare(node) || isDiscover(node)) {
      accept({ node, property: 'model', type: variable });
      if (isCompare(node) && node.other) accept({ node, property: 'other', type: variable });
      accept({ node, property: 'data', type: variable, modifier: dataModifiers });
    } else if (isBenchmark(node)) {
      for (const index of node.models.keys()) accept({ node, property: 'models', index, type: variable });
      accept({ node, property: 'data', type: variable, modifier: dataModifiers });
    } else if (isPort(node)) {
      accept({ node, property: 'name', type: property, modifier: declaration });
      if (node.field) accept({ node, property: 'field', type: property });
    } else if (isEntry(node)) {
      const isField = isData(node.$container) && !isDataOption(node);
      accept({
        node,
        property: 'name',
        type: isField ? property : parameter,
        modifier: isField ? declaration : [],
      });
      if (node.source) accept({ node, property: 'source', type: property });
    } else if (isPair(node)) {
      accept({ node, property: 'key', type: typeParameter });
    } else if (isTerm(node)) {
      accept({ node, property: 'name', type: termType(node) });
    } else if (isArgument(node) && node.name) {
      accept({ node, property: 'name', type: parameter });
    } else if (isAxisExpression(node) && node.index) {
      accept({ node, property: 'index', type: typeParameter });
    } else if (isMeasure(node)) {
      accept({ node, property: 'name', type: fn });
    } else if (isSubject(node)) {
      if (node.qualifier) accept({ node, property: 'qualifier', type: fn });
      const isDataName = isData(node.target.ref);
      accept({ node, property: 'target', type: variable, modifier: isDataName ? dataModifiers : [] });
    }
  }
}

/** A type, a group, an index set inside of a group, or a word that an option takes. */
function termType(node: AstNode & { name: string }): string {
  const { $container: container } = node;
  if (isGroupExpression(container))
    return ambientDescriptions.some(({ name }) => name === node.name) ? type : variable;
  if (isPort(container)) return type;
  if (isEntry(container)) return isData(container.$container) && isTypeName(node.name) ? type : enumMember;
  const outer = isArgument(container) ? container.$container.$container : undefined;
  return isGroupExpression(outer) ? typeParameter : enumMember;
}
