/** Inlay hints: the size of each model, the samples and sizes of each data set. From headers; nothing is run. */

import { GrammarUtils, type LangiumDocument } from 'langium';
import type { InlayHintProvider } from 'langium/lsp';
import { type InlayHint, InlayHintKind, type InlayHintParams } from 'vscode-languageserver';
import { isData, isModel } from '../language/index.ts';
import { specificationOf } from '../language/uses.ts';
import type { Settings } from '../protocol.ts';
import { counted, grouped } from '../report/words.ts';
import { type DataSummary, dataSummary, type FactsContext, parameterCount } from './facts.ts';

export interface InlayHintContext extends FactsContext {
  settings(uri: string): Promise<Settings>;
}

export class EquiInlayHintProvider implements InlayHintProvider {
  private readonly context: InlayHintContext;

  constructor(context: InlayHintContext) {
    this.context = context;
  }

  async getInlayHints(document: LangiumDocument, { range }: InlayHintParams): Promise<InlayHint[]> {
    if (!(await this.context.settings(document.uri.toString())).inlayHints) return [];
    const hints: InlayHint[] = [];
    for (const item of specificationOf(document)?.items ?? []) {
      const name = GrammarUtils.findNodeForProperty(item.$cstNode, 'name');
      if (!name || name.range.end.line < range.start.line || name.range.start.line > range.end.line) continue;
      const label = isModel(item)
        ? parametersText(await parameterCount(item, this.context))
        : isData(item)
          ? dataText(await dataSummary(item, this.context))
          : undefined;
      if (label) hints.push({ position: name.range.end, label, kind: InlayHintKind.Type, paddingLeft: true });
    }
    return hints;
  }
}

function parametersText(count: number | undefined): string | undefined {
  return count === undefined ? undefined : counted(count, 'parameter');
}

/** `12 samples, point: 128`; `16 of 1,000 samples` where not all are used. */
export function dataText(summary: DataSummary | undefined): string | undefined {
  if (!summary) return undefined;
  const { available, used, sizes } = summary;
  const samples =
    available === undefined || used === undefined
      ? ''
      : used === available
        ? counted(available, 'sample')
        : `${grouped(used)} of ${counted(available, 'sample')}`;
  const known = Object.entries(sizes).map(
    ([index, size]) => `${index}: ${size === undefined ? 'varies' : grouped(size)}`,
  );
  return [samples, ...known].filter(Boolean).join(', ') || undefined;
}
