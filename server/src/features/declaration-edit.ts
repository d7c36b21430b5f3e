/** Edits of types: of a data field, of the ports of a model. */
import type { Redeclaration } from '@noether/engine/catalog';
import { type AstNode, AstUtils } from 'langium';
import type { TextEdit } from 'vscode-languageserver';
import { type Check, innerModel } from '../language/index.ts';

/**
 * What has to be written so that a field, or an output, has another type: in the data block and, where a model file
 * declares its ports, at the port that the field feeds, since both have to agree. By address of the document; empty when
 * the declarations are not found.
 */
export function redeclarationEdits(
  { model, data }: Check,
  { field, input, output, type }: Redeclaration,
): Map<string, TextEdit[]> {
  const edits = new Map<string, TextEdit[]>();
  const replace = (node: AstNode | undefined) => {
    const range = node?.$cstNode?.range;
    if (!node || !range) return;
    const uri = AstUtils.getDocument(node).uri.toString();
    edits.set(uri, [...(edits.get(uri) ?? []), { range, newText: type }]);
  };
  if (field !== undefined) replace(data.ref?.entries.find(({ name }) => name === field)?.value);
  const port = (model.ref && innerModel(model.ref))?.ports.find(({ direction, name }) =>
    direction === 'input' ? name === input : name === output,
  );
  replace(port?.type);
  return edits;
}
