/** What a document sees: its own declarations and those of the files that it uses. */
import { dirname, resolve } from 'node:path';
import { AstUtils, type LangiumDocument, type LangiumDocuments } from 'langium';
import {
  type Data,
  type Item,
  isAxisExpression,
  isData,
  isModel,
  type Model,
} from '../language/generated/ast.ts';
import { specificationOf, usedUris } from '../language/uses.ts';

/** Items of the document first, then of the files that it uses. */
export function visibleItems(document: LangiumDocument, documents: LangiumDocuments): Item[] {
  const used = usedUris(document).flatMap((uri) => documents.getDocument(uri) ?? []);
  return [document, ...used].flatMap((each) => specificationOf(each)?.items ?? []);
}

export function visibleData(document: LangiumDocument, documents: LangiumDocuments): Data[] {
  return visibleItems(document, documents).filter(isData);
}

export function visibleModels(document: LangiumDocument, documents: LangiumDocuments): Model[] {
  return visibleItems(document, documents).filter(isModel);
}

/** Names of the index sets that occur in the types below `roots`, in the order of their first use. */
export function indexNames(roots: readonly Item[]): string[] {
  const names = roots.flatMap((root) =>
    AstUtils.streamAllContents(root)
      .filter(isAxisExpression)
      .map((axis) => axis.index)
      .toArray(),
  );
  return [...new Set(names.filter((name) => name !== undefined))];
}

/** The absolute path that a string of this document means. */
export function absolutePath(document: LangiumDocument, path: string): string {
  return resolve(dirname(document.uri.fsPath), path);
}
