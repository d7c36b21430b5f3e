/** What may be written, for each expectation of the cursor. */
import { wrapperDescriptions } from '@noether/engine/catalog';
import type { LangiumDocument, LangiumDocuments } from 'langium';
import { docCommentOf } from '../language/documentation.ts';
import { isData, type Model } from '../language/generated/ast.ts';
import { defaultText } from '../language/option-text.ts';
import { modelSources } from '../language/read-model.ts';
import { typeDescriptions } from '../language/type-descriptions.ts';
import type { Cursor, Expectation, ItemHead } from './cursor.ts';
import { absolutePath, indexNames, visibleData, visibleItems, visibleModels } from './declarations.ts';
import {
  familyMarkdown,
  groupMarkdown,
  optionMarkdown,
  optionWords,
  typeMarkdown,
  wrapperMarkdown,
} from './describe.ts';
import { pathProposals } from './path-completion.ts';
import { arrayText, itemDocs, optionsOf, type Vocabulary } from './vocabulary.ts';

export interface Proposal {
  readonly label: string;
  readonly kind:
    | 'keyword'
    | 'snippet'
    | 'option'
    | 'value'
    | 'type'
    | 'group'
    | 'family'
    | 'model'
    | 'data'
    | 'field'
    | 'index'
    | 'file'
    | 'folder';
  readonly detail?: string;
  readonly doc?: string;
  /** What is inserted, an LSP snippet; default: the label. */
  readonly insert?: string;
  /** What the client compares with what is typed; default: the label. */
  readonly filter?: string;
}

export class Proposals {
  private readonly vocabulary: Vocabulary;
  private readonly documents: LangiumDocuments;

  constructor(vocabulary: Vocabulary, documents: LangiumDocuments) {
    this.vocabulary = vocabulary;
    this.documents = documents;
  }

  async at(document: LangiumDocument, { expected, item, typed, quoted }: Cursor): Promise<Proposal[]> {
    if (quoted) return this.inQuotes(document, expected, item, typed);
    switch (expected.at) {
      case 'nothing':
        return [];
      case 'item':
        return Object.entries(itemDocs).map(([kind, { doc, snippet }]) => ({
          label: kind,
          kind: 'snippet',
          doc,
          insert: snippet,
        }));
      case 'word':
        return expected.words.map((label) => ({ label, kind: 'keyword' }));
      case 'family':
        return this.vocabulary.families.map((family) => ({
          label: family.name,
          kind: 'family',
          detail: `${family.paper.authors} (${family.paper.year})`,
          doc: familyMarkdown(family),
        }));
      case 'source':
        return modelSources.map(({ name, doc }) => ({
          label: name,
          kind: 'keyword',
          doc,
          insert: `${name} "$0"`,
        }));
      case 'wrapper':
        return wrapperDescriptions.map(({ name, usage, group }) => ({
          label: name,
          kind: 'model',
          detail: usage,
          doc: wrapperMarkdown(name),
          insert: group === 'required' ? `${name}(\${1:model}, \${2:C(4)})` : `${name}(\${1:model})`,
        }));
      case 'model':
        return visibleModels(document, this.documents)
          .filter(({ name }) => item?.kind !== 'model' || name !== item.name)
          .map((model) => ({
            label: model.name,
            kind: 'model',
            detail: modelDetail(model),
            doc: docCommentOf(model),
          }));
      case 'data':
        return visibleData(document, this.documents).map((data) => ({
          label: data.name,
          kind: 'data',
          detail: `"${data.path}"`,
          doc: docCommentOf(data),
        }));
      case 'group':
        return this.groups(document, item);
      case 'group-argument':
        return this.groupArguments(document, item, expected);
      case 'path':
        // The quotes are still missing.
        return [{ label: '""', kind: 'file', detail: 'a path relative to this file', insert: '"$0"' }];
      case 'entry':
        return this.entries(document, item!, expected.afterType);
      case 'value':
        return this.values(document, item!, expected);
      case 'type':
        return types();
      case 'type-argument':
      case 'port-name':
      case 'field-source':
      case 'index':
        return this.names(document, item!, expected);
    }
  }

  private async inQuotes(
    document: LangiumDocument,
    expected: Expectation,
    item: ItemHead | undefined,
    typed: string,
  ): Promise<Proposal[]> {
    const purpose =
      expected.at === 'path'
        ? expected.purpose
        : expected.at === 'value' && this.option(item!, expected.name)?.type === 'file'
          ? 'option'
          : undefined;
    if (purpose) {
      const found = await pathProposals(document, typed, purpose);
      return found.map(({ name, folder }) => ({
        label: folder ? `${name}/` : name,
        kind: folder ? 'folder' : 'file',
      }));
    }
    if (expected.at === 'port-name' || expected.at === 'field-source')
      return this.names(document, item!, expected);
    return [];
  }

  private option(item: ItemHead, name: string) {
    return optionsOf(item.kind, item.family, this.vocabulary.families).find((option) => option.name === name);
  }

  private groupsFor(item: ItemHead | undefined) {
    return item?.kind === 'discover' ? this.vocabulary.ambient : this.vocabulary.groups;
  }

  private groups(document: LangiumDocument, item: ItemHead | undefined): Proposal[] {
    const [index] = this.indexNames(document, item);
    return this.groupsFor(item).map((group) => {
      const required = group.parameters.filter(({ required }) => required);
      const placeholders = required.map((parameter, i) => {
        const guess =
          parameter.type === 'index'
            ? (index ?? 'index')
            : (parameter.choices?.at(-1) ?? parameter.default ?? 4);
        return `${parameter.positional ? '' : `${parameter.name}: `}\${${i + 1}:${guess}}`;
      });
      return {
        label: group.name,
        kind: 'group',
        detail: group.usage,
        doc: groupMarkdown(group),
        insert: placeholders.length ? `${group.name}(${placeholders.join(', ')})` : group.name,
      };
    });
  }

  private groupArguments(
    document: LangiumDocument,
    item: ItemHead | undefined,
    { group, given }: Expectation & { at: 'group-argument' },
  ): Proposal[] {
    const parameters = this.groupsFor(item).find(({ name }) => name === group)?.parameters ?? [];
    return parameters
      .filter(({ name }) => !given.includes(name))
      .flatMap((parameter): Proposal[] => {
        if (parameter.type === 'index') return this.indexNames(document, item).map(indexProposal);
        if (!parameter.positional) {
          const insert = `${parameter.name}: \${1:${parameter.default ?? 1}}`;
          return [{ label: parameter.name, kind: 'option', doc: parameter.doc, insert }];
        }
        return (parameter.choices ?? []).map((choice) => ({
          label: String(choice),
          kind: 'value',
          doc: parameter.doc,
        }));
      });
  }

  /** Index sets of the check's data first; of everything visible where the data tells none. */
  private indexNames(document: LangiumDocument, item: ItemHead | undefined): string[] {
    const items = visibleItems(document, this.documents);
    const own = indexNames(items.filter((each) => isData(each) && each.name === item?.data));
    return own.length ? own : indexNames(items);
  }

  private async entries(document: LangiumDocument, item: ItemHead, afterType: boolean): Promise<Proposal[]> {
    const options = optionsOf(item.kind, item.family, this.vocabulary.families)
      .filter(({ name }) => !item.given.includes(name))
      .map((option): Proposal => {
        const shown = defaultText(option);
        return {
          label: option.name,
          kind: 'option',
          detail: option.default === undefined ? undefined : `default ${shown}`,
          doc: optionMarkdown(option),
          insert: option.type === 'file' ? `${option.name}: "$0"` : `${option.name}: $0`,
        };
      });
    const more: Proposal[] = [];
    if (item.kind === 'data') more.push(...(await this.arrays(document, item)));
    if (item.kind === 'model' && item.source) {
      more.push(
        {
          label: 'input',
          kind: 'keyword',
          doc: 'An input of the graph, with the type of what feeds it.',
          insert: 'input ',
        },
        {
          label: 'output',
          kind: 'keyword',
          doc: 'An output of the graph, with its type.',
          insert: 'output ',
        },
      );
    }
    if (afterType) more.push({ label: 'from', kind: 'keyword', doc: 'The name that the file itself uses.' });
    return [...more, ...options];
  }

  /** Arrays of the data file that no field reads yet. */
  private async arrays(document: LangiumDocument, item: ItemHead): Promise<Proposal[]> {
    const arrays = item.path ? await this.vocabulary.arrays(absolutePath(document, item.path)) : undefined;
    return (arrays ?? [])
      .filter(({ name }) => !item.given.includes(name))
      .map((array) => {
        const { name } = array;
        const written = /^[_a-zA-Z]\w*$/.test(name) ? name : JSON.stringify(name);
        return {
          label: name,
          kind: 'field',
          detail: arrayText(array),
          insert: `${written}: $0`,
        };
      });
  }

  private values(
    document: LangiumDocument,
    item: ItemHead,
    { name }: Expectation & { at: 'value' },
  ): Proposal[] {
    const option = this.option(item, name);
    if (!option) return item.kind === 'data' ? types() : [];
    if (option.type === 'file') return [{ label: '""', kind: 'file', insert: '"$0"' }];
    if (option.type === 'fields')
      return this.fields(document, item).map((label) => ({ label, kind: 'field' }));
    const words = optionWords(option).map(
      ({ name, insert, doc }): Proposal => ({ label: name, kind: 'value', doc: doc || undefined, insert }),
    );
    const fallback = option.default === undefined ? undefined : defaultText(option);
    if (fallback !== undefined && !words.some(({ label }) => label === fallback) && fallback !== '[]') {
      words.push({ label: fallback, kind: 'value', detail: 'default' });
    }
    return words;
  }

  /** Names of data fields that an option of this item may mean. */
  private fields(document: LangiumDocument, item: ItemHead): string[] {
    const data = visibleData(document, this.documents);
    const own = data.filter(({ name }) => name === item.data);
    const names = (own.length ? own : data).flatMap(({ entries }) => entries.map(({ name }) => name));
    const options = new Set(optionsOf('data', undefined, []).map(({ name }) => name));
    return [...new Set(names)].filter((name) => !options.has(name));
  }

  private async names(document: LangiumDocument, item: ItemHead, expected: Expectation): Promise<Proposal[]> {
    const path = item.path ? absolutePath(document, item.path) : undefined;
    switch (expected.at) {
      case 'index':
        return this.indexNames(document, item).map(indexProposal);
      case 'type-argument':
        return expected.name === 'irreps' ? [{ label: '"8x0e + 4x1o"', kind: 'value' }] : [];
      case 'port-name': {
        const graph = path ? await this.vocabulary.graph(path) : undefined;
        const ports = (expected.direction === 'input' ? graph?.inputs : graph?.outputs) ?? [];
        return ports.map(({ name, text }) => ({
          label: name,
          kind: 'field',
          detail: text,
          insert: `${name}: $0`,
        }));
      }
      case 'field-source': {
        if (item.kind === 'data') {
          const arrays = path ? await this.vocabulary.arrays(path) : undefined;
          return (arrays ?? []).map((array) => ({
            label: array.name,
            kind: 'field',
            detail: arrayText(array),
          }));
        }
        if (expected.direction === 'output') {
          const graph = path ? await this.vocabulary.graph(path) : undefined;
          return (graph?.outputs ?? []).map(({ name, text }) => ({
            label: name,
            kind: 'field',
            detail: text,
          }));
        }
        return this.fields(document, item).map((label) => ({ label, kind: 'field' }));
      }
      default:
        return [];
    }
  }
}

function types(): Proposal[] {
  return typeDescriptions.map((type) => ({
    label: type.name,
    kind: 'type',
    detail: type.shape,
    doc: typeMarkdown(type),
    insert: typeSnippets[type.name] ?? `${type.name}$0`,
  }));
}

const typeSnippets: Readonly<Record<string, string>> = {
  // biome-ignore-start lint/suspicious/noTemplateCurlyInString: placeholders of LSP snippets
  tensor: 'tensor(${1:2})$0',
  irreps: 'irreps("${1:8x0e + 4x1o}")$0',
  category: 'category(${1:2})$0',
  // biome-ignore-end lint/suspicious/noTemplateCurlyInString: placeholders of LSP snippets
};

function indexProposal(label: string): Proposal {
  return { label, kind: 'index', detail: 'index set' };
}

function modelDetail({ family, source, path, wrapper, inner }: Model): string {
  if (wrapper !== undefined) return `${wrapper}(${inner?.$refText ?? ''})`;
  return family ?? `${source} "${path}"`;
}
