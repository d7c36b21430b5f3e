/** Hovers: the result of a check, and what the names of the language and of the file mean. */

import { typeText } from '@noether/engine/catalog';
import {
  type AstNode,
  type CstNode,
  CstUtils,
  GrammarUtils,
  type LangiumDocument,
  type LeafCstNode,
} from 'langium';
import type { HoverProvider } from 'langium/lsp';
import type { Hover, HoverParams } from 'vscode-languageserver';
import {
  type Data,
  docCommentOf,
  type Entry,
  foreignTitles,
  type Item,
  isBenchmark,
  isCheck,
  isCompare,
  isData,
  isDataOption,
  isDiscover,
  isEntry,
  isGroupExpression,
  isItem,
  isModel,
  isPort,
  isTerm,
  isTrain,
  isUse,
  type Model,
  readData,
  readModel,
  typeDescriptions,
} from '../language/index.ts';
import { counted } from '../report/words.ts';
import { agreementMarkdown } from './agreement-markdown.ts';
import type { PlannedItem } from './check.ts';
import { checkOf, pathOf } from './check-node.ts';
import type { Checks } from './checks.ts';
import type { ItemKind } from './cursor.ts';
import { absolutePath } from './declarations.ts';
import { familyMarkdown, groupMarkdown, optionMarkdown, typeMarkdown, wrapperMarkdown } from './describe.ts';
import { discoveryMarkdown } from './discovery-markdown.ts';
import { dataSummary, type FactsContext, parameterCount } from './facts.ts';
import { dataText } from './inlay-hints.ts';
import type { Items } from './items.ts';
import { resultMarkdown } from './result-markdown.ts';
import { arrayText, itemDocs, optionsOf } from './vocabulary.ts';

export interface HoverContext extends FactsContext {
  readonly checks: Checks;
  readonly items: Items;
  itemsOf(uri: string): readonly PlannedItem[];
}

export class EquiHoverProvider implements HoverProvider {
  private readonly context: HoverContext;

  constructor(context: HoverContext) {
    this.context = context;
  }

  async getHoverContent(document: LangiumDocument, { position }: HoverParams): Promise<Hover | undefined> {
    const root = document.parseResult.value.$cstNode;
    if (!root) return undefined;
    const leaf = CstUtils.findLeafNodeAtOffset(root, document.textDocument.offsetAt(position));
    if (!leaf || leaf.hidden) return undefined;
    const value = await this.markdown(document, leaf);
    return value ? { contents: { kind: 'markdown', value }, range: leaf.range } : undefined;
  }

  private async markdown(document: LangiumDocument, leaf: LeafCstNode): Promise<string | undefined> {
    const node = leaf.astNode;
    if (isTerm(node) && covers(node, 'name', leaf)) return this.term(node, leaf.text);
    if (isEntry(node) && covers(node, 'name', leaf)) return this.entry(document, node);
    if (isPort(node) && covers(node, 'name', leaf)) {
      return `**${node.direction} ${node.name}**: the ${node.direction === 'input' ? 'graph reads it' : 'graph computes it'}.`;
    }
    if (isUse(node)) return itemDocs.use.doc;
    if (!isItem(node)) return undefined;
    if (isModel(node) && covers(node, 'family', leaf)) return this.family(leaf.text);
    if (isModel(node) && covers(node, 'wrapper', leaf)) return wrapperMarkdown(leaf.text);
    const target = referenced(node, leaf) ?? (covers(node, 'name', leaf) ? node : undefined);
    if (isModel(target)) return this.model(target);
    if (isData(target)) return this.data(target);
    return this.item(document, node);
  }

  private term(term: AstNode, name: string): string | undefined {
    if (isGroupExpression(term.$container)) {
      const { groups, ambient } = this.context.vocabulary;
      const known = isDiscover(term.$container.$container) ? ambient : groups;
      const group = known.find((each) => each.name === name);
      return group && groupMarkdown(group);
    }
    const container = term.$container;
    if (isPort(container) || (isEntry(container) && isData(container.$container))) {
      const type = typeDescriptions.find((each) => each.name === name);
      if (type) return typeMarkdown(type);
    }
    const entry = nearestEntry(term);
    return entry && this.option(entry);
  }

  private option(entry: Entry): string | undefined {
    const item = entry.$container;
    const family = isModel(item) ? (item.family ?? item.source ?? item.wrapper) : undefined;
    const kind = item.$type.toLowerCase() as ItemKind;
    const option = optionsOf(kind, family, this.context.knowledge.families).find(
      ({ name }) => name === entry.name,
    );
    return option && optionMarkdown(option);
  }

  private async entry(document: LangiumDocument, entry: Entry): Promise<string | undefined> {
    const data = entry.$container;
    if (!isData(data) || isDataOption(entry)) return this.option(entry);
    const field = readData(data).fields.find(({ node }) => node === entry);
    if (!field) return undefined;
    const arrays = await this.context.vocabulary.arrays(absolutePath(document, data.path));
    const array = arrays?.find(({ name }) => name === (field.source ?? field.name));
    const found = array ? `Array \`${array.name}\`: ${arrayText(array)}.` : '';
    return [`**${field.name}**: \`${typeText(field.type)}\``, found].filter(Boolean).join('\n\n');
  }

  private family(name: string): string | undefined {
    const family = this.context.knowledge.families.find((each) => each.name === name);
    return family && familyMarkdown(family);
  }

  private async model(model: Model): Promise<string> {
    const reading = readModel(model, this.context.knowledge);
    const count = await parameterCount(model, this.context);
    const origin =
      reading?.kind === 'wrapped'
        ? `\`${reading.inner.node.name}\`, wrapped.\n\n${wrapperMarkdown(reading.wrapper.name)}`
        : reading?.kind === 'family'
          ? familyMarkdown(reading.family)
          : reading
            ? `From ${foreignTitles[reading.kind]}: \`${reading.path}\`.\n\n${[
                ...reading.inputs,
                ...reading.outputs,
              ]
                .map(({ node, name, type }) => `- ${node.direction} \`${name}: ${typeText(type)}\``)
                .join('\n')}`
            : '';
    const size = count === undefined ? '' : `${counted(count, 'parameter')}.`;
    return [`**model ${model.name}**`, docCommentOf(model), size, origin].filter(Boolean).join('\n\n');
  }

  private async data(data: Data): Promise<string> {
    const { fields } = readData(data);
    const arrays = await this.context.vocabulary.arrays(absolutePath(documentOf(data), data.path));
    const rows = fields.map(({ name, source, type }) => {
      const array = arrays?.find((each) => each.name === (source ?? name));
      return `| \`${name}\` | \`${typeText(type)}\` | ${array ? arrayText(array) : ''} |`;
    });
    return [
      `**data ${data.name}** from \`${data.path}\``,
      docCommentOf(data),
      dataText(await dataSummary(data, this.context)),
      rows.length ? ['| field | type | array |', '|:--|:--|:--|', ...rows].join('\n') : '',
    ]
      .filter(Boolean)
      .join('\n\n');
  }

  private item(document: LangiumDocument, item: Item): string | undefined {
    if (isCheck(item)) {
      const check = checkOf(item, this.context.checks.of(document.uri.toString()));
      if (check) return resultMarkdown(check);
    }
    if (isCompare(item) || isDiscover(item)) {
      const uri = document.uri.toString();
      const plan = this.context.itemsOf(uri).find(({ path }) => path === pathOf(item))?.plan;
      const { agreement, discovery } = (plan && this.context.items.of(uri, plan)?.outcome) ?? {};
      if (plan && agreement) return agreementMarkdown(plan.title, agreement);
      if (plan && discovery) return discoveryMarkdown(plan.title, discovery);
    }
    return itemDocs[item.$type.toLowerCase() as ItemKind]?.doc;
  }
}

function documentOf(node: AstNode): LangiumDocument {
  let root = node;
  while (root.$container) root = root.$container;
  return root.$document!;
}

/** True when `leaf` is (a part of) the text of the property. */
function covers(node: AstNode, property: string, leaf: CstNode): boolean {
  return GrammarUtils.findNodesForProperty(node.$cstNode, property).some(
    ({ offset, end }) => offset <= leaf.offset && leaf.end <= end,
  );
}

/** The declaration that a leaf refers to. */
function referenced(item: Item, leaf: CstNode): Model | Data | undefined {
  if (isModel(item) && covers(item, 'inner', leaf)) return item.inner?.ref;
  if (isBenchmark(item) && covers(item, 'models', leaf)) {
    return item.models.find(({ $refNode }) => $refNode?.offset === leaf.offset)?.ref;
  }
  if (isCompare(item) && covers(item, 'other', leaf)) return item.other?.ref;
  if ((isCheck(item) || isTrain(item) || isCompare(item) || isDiscover(item)) && covers(item, 'model', leaf))
    return item.model?.ref;
  const hasData = isCheck(item) || isTrain(item) || isBenchmark(item) || isCompare(item) || isDiscover(item);
  return hasData && covers(item, 'data', leaf) ? item.data?.ref : undefined;
}

function nearestEntry(node: AstNode): Entry | undefined {
  for (let each: AstNode | undefined = node; each; each = each.$container) if (isEntry(each)) return each;
  return undefined;
}
