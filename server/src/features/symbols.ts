/** The outline: data with its fields, models, checks and the rest, each with a word on what it is. */

import { GrammarUtils, type LangiumDocument } from 'langium';
import type { DocumentSymbolProvider } from 'langium/lsp';
import { type DocumentSymbol, SymbolKind } from 'vscode-languageserver';
import {
  type Item,
  isBenchmark,
  isCheck,
  isClaim,
  isCompare,
  isData,
  isDataOption,
  isDiscover,
  isModel,
  isTerm,
  isTrain,
  termText,
} from '../language/index.ts';
import { specificationOf } from '../language/uses.ts';

export class EquiDocumentSymbolProvider implements DocumentSymbolProvider {
  getSymbols(document: LangiumDocument): DocumentSymbol[] {
    return (specificationOf(document)?.items ?? []).flatMap((item) => symbolOf(item) ?? []);
  }
}

function symbolOf(item: Item): DocumentSymbol | undefined {
  const described = describe(item);
  const range = item.$cstNode?.range;
  if (!described?.name || !range) return undefined;
  const nameNode = GrammarUtils.findNodeForProperty(item.$cstNode, 'name') ?? item.$cstNode!;
  return { ...described, range, selectionRange: nameNode.range, children: childrenOf(item) };
}

function describe(item: Item): Pick<DocumentSymbol, 'name' | 'detail' | 'kind'> | undefined {
  if (isData(item)) return { name: item.name, detail: item.path, kind: SymbolKind.Variable };
  if (isModel(item)) {
    return {
      name: item.name,
      detail: item.family ?? item.path ?? `${item.wrapper}(${item.inner?.$refText})`,
      kind: SymbolKind.Class,
    };
  }
  if (isCheck(item)) {
    const group = item.group?.factors.map(termText).join(' * ') ?? '';
    const claim = `${item.model?.$refText} on ${item.data?.$refText} under ${group}`;
    return item.name
      ? { name: item.name, detail: claim, kind: SymbolKind.Event }
      : { name: `check ${claim}`, kind: SymbolKind.Event };
  }
  if (isTrain(item)) return { name: `train ${item.model?.$refText}`, kind: SymbolKind.Event };
  if (isBenchmark(item)) {
    return {
      name: `benchmark ${item.models.map(({ $refText }) => $refText).join(', ')}`,
      kind: SymbolKind.Event,
    };
  }
  if (isCompare(item)) {
    const other = item.other ? ` with ${item.other.$refText}` : '';
    return { name: `compare ${item.model?.$refText}${other}`, kind: SymbolKind.Event };
  }
  if (isDiscover(item)) {
    return {
      name: `discover ${item.model?.$refText}`,
      detail: item.group?.$cstNode?.text,
      kind: SymbolKind.Event,
    };
  }
  return isClaim(item) ? { name: item.text, detail: 'claim', kind: SymbolKind.Event } : undefined;
}

function childrenOf(item: Item): DocumentSymbol[] {
  if (isData(item)) {
    return item.entries.flatMap((entry) => {
      const range = entry.$cstNode?.range;
      if (!range || !entry.name || isDataOption(entry)) return [];
      const detail = isTerm(entry.value) ? termText(entry.value) : undefined;
      return [{ name: entry.name, detail, kind: SymbolKind.Field, range, selectionRange: range }];
    });
  }
  if (!isModel(item)) return [];
  return item.ports.flatMap((port) => {
    const range = port.$cstNode?.range;
    if (!range || !port.name) return [];
    const detail = port.type ? termText(port.type) : undefined;
    return [
      {
        name: `${port.direction} ${port.name}`,
        detail,
        kind: SymbolKind.Field,
        range,
        selectionRange: range,
      },
    ];
  });
}
