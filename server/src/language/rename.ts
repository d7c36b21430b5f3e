/** Rename: models, data and checks, to names that the language can hold. */
import { AstUtils, CstUtils, type LangiumDocument } from 'langium';
import { DefaultRenameProvider, type LangiumServices } from 'langium/lsp';
import {
  LSPErrorCodes,
  type Range,
  type RenameParams,
  ResponseError,
  type TextDocumentPositionParams,
  type WorkspaceEdit,
} from 'vscode-languageserver';
import { isCheck, isData, isModel } from './generated/ast.ts';
import { itemKeywords, wordKeywords } from './syntax-words.ts';

const keywords: readonly string[] = [...itemKeywords, ...wordKeywords];

export class EquiRenameProvider extends DefaultRenameProvider {
  private readonly services: LangiumServices;

  constructor(services: LangiumServices) {
    super(services);
    this.services = services;
  }

  /** @throws ResponseError when the new name is none, or is taken in one of the files that would change. */
  override async rename(document: LangiumDocument, params: RenameParams): Promise<WorkspaceEdit | undefined> {
    const { newName } = params;
    if (!/^[_a-zA-Z][_a-zA-Z0-9]*$/.test(newName)) {
      throw failure(
        `"${newName}" is not a name: names have letters from a to z, digits and _, and begin with no digit.`,
      );
    }
    if (keywords.includes(newName))
      throw failure(`"${newName}" is a word of the language and cannot be a name.`);
    if (!this.prepareRename(document, params)) throw failure('Only models, data and checks can be renamed.');
    const edit = await super.rename(document, params);
    for (const uri of Object.keys(edit?.changes ?? {})) {
      const changed = this.services.shared.workspace.LangiumDocuments.all.find(
        (one) => one.uri.toString() === uri,
      );
      if (changed && declares(changed, newName)) {
        throw failure(`"${newName}" is declared already, in ${uri.slice(uri.lastIndexOf('/') + 1)}.`);
      }
    }
    return edit;
  }

  /** Fields, options and index sets have no references that could follow them, so they are not renamed. */
  override prepareRename(document: LangiumDocument, params: TextDocumentPositionParams): Range | undefined {
    const root = document.parseResult.value.$cstNode;
    const offset = document.textDocument.offsetAt(params.position);
    const leaf = root && CstUtils.findDeclarationNodeAtOffset(root, offset, this.grammarConfig.nameRegexp);
    const declaration = leaf && this.references.findDeclarations(leaf)[0];
    return isData(declaration) || isModel(declaration) || isCheck(declaration) ? leaf!.range : undefined;
  }
}

function declares(document: LangiumDocument, name: string): boolean {
  return AstUtils.streamContents(document.parseResult.value).some(
    (item) => (isData(item) || isModel(item) || isCheck(item)) && item.name === name,
  );
}

function failure(message: string): ResponseError<void> {
  return new ResponseError(LSPErrorCodes.RequestFailed, message);
}
