/** Problems and diagnostics: what travels with a diagnostic for quick fixes, reports and the command line. */
import type { Finding, FindingCode, Severity } from '@noether/engine/catalog';
import type { AstNode, URI } from 'langium';
import {
  AstUtils,
  type DiagnosticInfo,
  GrammarUtils,
  type LangiumDocument,
  UriUtils,
  type ValidationAcceptor,
} from 'langium';
import type { Diagnostic, Range } from 'vscode-languageserver-types';
import type { Anchor, Problem, Repair } from './problem.ts';

/** A repair as an editor applies it. */
export interface RepairEdit {
  readonly title: string;
  readonly range: Range;
  readonly newText: string;
}

/** The `data` of every diagnostic of the language. */
export interface DiagnosticData {
  readonly code: FindingCode;
  readonly expected?: string;
  readonly found?: string;
  readonly advice?: string;
  readonly repairs: readonly RepairEdit[];
}

/** `source` of every diagnostic of the language. */
export const diagnosticSource = 'noether';

const zero: Range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

/** The text that an anchor marks. A property that the parser made up has none; then the node is marked. */
export function rangeOf({ node, property, index }: Anchor): Range {
  const part = property ? GrammarUtils.findNodeForProperty(node.$cstNode, property, index) : undefined;
  return (part ?? node.$cstNode)?.range ?? zero;
}

/** What a diagnostic says: the message, and the advice on a line of its own. */
export function messageText({ message, advice }: Pick<Problem, 'message' | 'advice'>): string {
  return advice ? `${message}\n${advice}` : message;
}

/** Hands a problem to Langium's validation. */
export function acceptProblem(accept: ValidationAcceptor, problem: Problem): void {
  const { node, property, index, severity = 'error' } = problem;
  const info: DiagnosticInfo<AstNode, string> = {
    node,
    range: rangeOf({ node, property, index }),
    code: problem.code,
    data: dataOf(problem),
    tags: problem.unnecessary ? [1] : undefined,
    relatedInformation: problem.related?.map((place) => ({
      message: place.message,
      location: { uri: AstUtils.getDocument(place.node).uri.toString(), range: rangeOf(place) },
    })),
  };
  accept(
    severity === 'information' ? 'info' : severity,
    messageText(problem),
    info as DiagnosticInfo<AstNode>,
  );
}

export function dataOf(problem: Problem): DiagnosticData {
  const { code, expected, found, advice, repairs = [] } = problem;
  const document = AstUtils.getDocument(problem.node).uri.toString();
  // A repair in another file would need its version; the editor is only offered those of this one.
  const here = repairs.filter(
    ({ anchor }) => !anchor || AstUtils.getDocument(anchor.node).uri.toString() === document,
  );
  return { code, expected, found, advice, repairs: here.map((repair) => editOf(repair, problem)) };
}

function editOf({ title, text, anchor, where = 'replace' }: Repair, problem: Problem): RepairEdit {
  const range = rangeOf(anchor ?? problem);
  const at = where === 'before' ? range.start : range.end;
  return { title, newText: text, range: where === 'replace' ? range : { start: at, end: at } };
}

const severities: readonly Severity[] = ['error', 'warning', 'information', 'hint'];

/** Whether a diagnostic is one of the language, with its data. */
export function isLanguageDiagnostic(
  diagnostic: Diagnostic,
): diagnostic is Diagnostic & { data: DiagnosticData } {
  return diagnostic.source === diagnosticSource && typeof diagnostic.data?.code === 'string';
}

/** A diagnostic of a document as a finding, for reports and the command line. */
export function findingOfDiagnostic(diagnostic: Diagnostic, uri: URI): Finding {
  const data: Partial<DiagnosticData> = isLanguageDiagnostic(diagnostic) ? diagnostic.data : {};
  const { advice } = data;
  const suffix = advice ? `\n${advice}` : '';
  const text = typeof diagnostic.message === 'string' ? diagnostic.message : diagnostic.message.value;
  const message = text.endsWith(suffix) ? text.slice(0, text.length - suffix.length) : text;
  return {
    code: data.code ?? 'spec/other',
    severity: severities[(diagnostic.severity ?? 1) - 1]!,
    message,
    expected: data.expected,
    found: data.found,
    advice,
    place: { file: uri.fsPath, line: diagnostic.range.start.line + 1 },
  };
}

/** All findings of a built document, in the order of the text. */
export function findingsOf(document: LangiumDocument): Finding[] {
  return [...(document.diagnostics ?? [])]
    .sort(
      (a, b) => a.range.start.line - b.range.start.line || a.range.start.character - b.range.start.character,
    )
    .map((diagnostic) => findingOfDiagnostic(diagnostic, document.uri));
}

/** The name of a file as messages show it: relative to the file that mentions it. */
export function shownPath(uri: URI, from: URI): string {
  return UriUtils.relative(UriUtils.dirname(from), uri) || UriUtils.basename(uri);
}
