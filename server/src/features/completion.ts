/** Completion: what fits at the cursor, from the language, the document and the headers of the files it names. */

import type { LangiumDocument } from 'langium';
import type { CompletionProvider, LangiumServices } from 'langium/lsp';
import {
  type CompletionItem,
  CompletionItemKind,
  CompletionList,
  type CompletionParams,
  InsertTextFormat,
} from 'vscode-languageserver';
import { type Cursor, cursorAt, type Token } from './cursor.ts';
import { type Proposal, Proposals } from './proposals.ts';
import type { Vocabulary } from './vocabulary.ts';

const kinds: Readonly<Record<Proposal['kind'], CompletionItemKind>> = {
  keyword: CompletionItemKind.Keyword,
  snippet: CompletionItemKind.Snippet,
  option: CompletionItemKind.Property,
  value: CompletionItemKind.EnumMember,
  type: CompletionItemKind.TypeParameter,
  group: CompletionItemKind.Interface,
  family: CompletionItemKind.Class,
  model: CompletionItemKind.Function,
  data: CompletionItemKind.Variable,
  field: CompletionItemKind.Field,
  index: CompletionItemKind.Unit,
  file: CompletionItemKind.File,
  folder: CompletionItemKind.Folder,
};

export class EquiCompletionProvider implements CompletionProvider {
  readonly completionOptions = { triggerCharacters: ['"', '/', ':', '[', '('] };
  private readonly services: LangiumServices;
  private readonly proposals: Proposals;
  private snippets = false;

  constructor(services: LangiumServices, vocabulary: Vocabulary) {
    this.services = services;
    this.proposals = new Proposals(vocabulary, services.shared.workspace.LangiumDocuments);
    services.shared.lsp.LanguageServer.onInitialize(({ capabilities }) => {
      this.snippets = capabilities.textDocument?.completion?.completionItem?.snippetSupport ?? false;
    });
  }

  async getCompletion(
    document: LangiumDocument,
    params: CompletionParams,
  ): Promise<CompletionList | undefined> {
    const offset = document.textDocument.offsetAt(params.position);
    const cursor = this.cursor(document, offset);
    if (!cursor) return undefined;
    const proposals = await this.proposals.at(document, cursor);
    const items = proposals.map((proposal, i) => this.item(document, cursor, proposal, i));
    // A list of files ends at the next slash, so that the client has to ask again.
    return CompletionList.create(items, cursor.quoted);
  }

  /** `undefined` inside of comments. */
  private cursor(document: LangiumDocument, offset: number): Cursor | undefined {
    const text = document.textDocument.getText();
    const { tokens, hidden, errors } = this.services.parser.Lexer.tokenize(text);
    const inComment = hidden.some(
      ({ tokenType, startOffset, endOffset }) =>
        tokenType.name.endsWith('COMMENT') &&
        startOffset < offset &&
        // A line comment includes the place behind its last character, a closed block comment does not.
        (tokenType.name === 'BLOCK_COMMENT' ? offset <= endOffset! : offset <= endOffset! + 1),
    );
    if (inComment) return undefined;
    const line = document.textDocument.positionAt(offset).line;
    const openQuote = errors.find(
      (error) => text[error.offset] === '"' && error.offset < offset && error.line === line + 1,
    );
    const plain = tokens.map(
      (token): Token => ({
        image: token.image,
        start: token.startOffset,
        end: token.endOffset! + 1,
        line: token.startLine!,
      }),
    );
    return cursorAt(plain, offset, openQuote?.offset, text);
  }

  private item(document: LangiumDocument, cursor: Cursor, proposal: Proposal, rank: number): CompletionItem {
    const { textDocument } = document;
    const item: CompletionItem = {
      label: proposal.label,
      kind: kinds[proposal.kind],
      // The order of the proposals is the order of their descriptions, which is meant.
      sortText: String(rank).padStart(4, '0'),
    };
    if (proposal.detail) item.detail = proposal.detail;
    if (proposal.doc) item.documentation = { kind: 'markdown', value: proposal.doc };
    const replaced = textDocument.getText().slice(cursor.start, cursor.end);
    // In a path only the part behind the last slash in front of the cursor is replaced.
    const folder =
      proposal.kind === 'file' || proposal.kind === 'folder' ? cursor.typed.lastIndexOf('/') + 1 : 0;
    const insert = proposal.insert ?? proposal.label;
    const isSnippet = insert.includes('$') && !cursor.quoted;
    const newText = isSnippet && !this.snippets ? withoutPlaceholders(insert) : insert;
    if (isSnippet && this.snippets) item.insertTextFormat = InsertTextFormat.Snippet;
    const range = {
      start: textDocument.positionAt(cursor.start + folder),
      // What lies behind the cursor belongs to the word, except for a path: a slash there starts another part.
      end: textDocument.positionAt(replaced.includes('/') ? cursor.start + cursor.typed.length : cursor.end),
    };
    item.textEdit = { range, newText };
    if (proposal.filter) item.filterText = proposal.filter;
    return item;
  }
}

/** `elements: ${1:64}` becomes `elements: 64`. */
function withoutPlaceholders(snippet: string): string {
  return snippet.replace(/\$\{\d+:([^}]*)\}/g, '$1').replace(/\$\d+/g, '');
}
