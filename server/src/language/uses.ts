/** `use "other.equi"`: which files a specification sees. */
import { type LangiumDocument, type LangiumDocuments, type URI, UriUtils } from 'langium';
import type { Specification, Use } from './generated/ast.ts';

/** The file that a `use` line means: relative to the file that it stands in. */
export function usedUri(use: Use, from: URI): URI | undefined {
  return use.path ? UriUtils.resolvePath(UriUtils.dirname(from), use.path) : undefined;
}

/** The specification that a document holds; a document that was not parsed yet holds an empty one. */
export function specificationOf(document: LangiumDocument): Specification | undefined {
  const root = document.parseResult.value;
  return root.$type === 'Specification' ? (root as Specification) : undefined;
}

/** Files that a document uses itself, each once. */
export function usedUris(document: LangiumDocument): URI[] {
  const uris = (specificationOf(document)?.uses ?? []).flatMap((use) => usedUri(use, document.uri) ?? []);
  return [...new Map(uris.map((uri) => [uri.toString(), uri])).values()];
}

/**
 * Everything reachable through `use`, the document itself left out unless a cycle leads back to it.
 * Files that are not loaded are named, but not entered.
 */
export function reachableUris(document: LangiumDocument, documents: LangiumDocuments): Set<string> {
  const reached = new Set<string>();
  const open = [document];
  for (let next = open.pop(); next; next = open.pop()) {
    for (const uri of usedUris(next)) {
      const key = uri.toString();
      if (reached.has(key)) continue;
      reached.add(key);
      if (documents.hasDocument(uri)) open.push(documents.getDocument(uri)!);
    }
  }
  return reached;
}

/**
 * The files on a cycle that begins with `use`, from the used file back to `document`; `undefined` when it leads
 * nowhere back.
 */
export function cycleThrough(
  use: Use,
  document: LangiumDocument,
  documents: LangiumDocuments,
): URI[] | undefined {
  const start = usedUri(use, document.uri);
  if (!start) return undefined;
  const goal = document.uri.toString();
  const cameFrom = new Map<string, string | undefined>([[start.toString(), undefined]]);
  const byKey = new Map([[start.toString(), start]]);
  const open = [start];
  for (let uri = open.shift(); uri; uri = open.shift()) {
    if (uri.toString() === goal) {
      const path: URI[] = [];
      for (let key: string | undefined = goal; key; key = cameFrom.get(key)) path.unshift(byKey.get(key)!);
      return path;
    }
    const next = documents.getDocument(uri);
    for (const used of next ? usedUris(next) : []) {
      const key = used.toString();
      if (cameFrom.has(key)) continue;
      cameFrom.set(key, uri.toString());
      byKey.set(key, used);
      open.push(used);
    }
  }
  return undefined;
}
