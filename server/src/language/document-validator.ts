/** Syntax and linking errors in our words; everything else is Langium's way. */

import {
  DefaultDocumentValidator,
  type LangiumDocument,
  type ParseResult,
  type ValidationAcceptor,
  type ValidationOptions,
} from 'langium';
import type { CancellationToken } from 'vscode-languageserver';
import type { Diagnostic } from 'vscode-languageserver-types';
import { acceptProblem, type DiagnosticData, diagnosticSource, messageText } from './diagnostics.ts';
import { linkingProblem } from './linking-problems.ts';
import type { EquiServices } from './module.ts';
import type { Problem } from './problem.ts';
import { type SyntaxProblem, syntaxProblems } from './syntax-problems.ts';

export class EquiDocumentValidator extends DefaultDocumentValidator {
  private readonly services: EquiServices;

  constructor(services: EquiServices) {
    super(services);
    this.services = services;
  }

  /** Where the text is broken, its meaning is guessed: what was made out of such a line is not commented on. */
  override async validateDocument(
    document: LangiumDocument,
    options?: ValidationOptions,
    cancelToken?: CancellationToken,
  ): Promise<Diagnostic[]> {
    const diagnostics = await super.validateDocument(document, options, cancelToken);
    const broken = new Set(
      this.syntaxProblemsOf(document.parseResult).map(
        ({ start }) => document.textDocument.positionAt(start).line,
      ),
    );
    return diagnostics.filter(
      ({ code, range }) => !broken.has(range.start.line) || String(code).startsWith('syntax/'),
    );
  }

  private syntaxProblemsOf(result: ParseResult): SyntaxProblem[] {
    if (result.lexerErrors.length === 0 && result.parserErrors.length === 0) return [];
    const text = result.value.$document!.textDocument.getText();
    return syntaxProblems(text, result, this.services.parser.Lexer.tokenize(text).tokens);
  }

  /** Done together with parsing errors, so that a line tells its first problem only. */
  protected override processLexingErrors(): void {}

  protected override processParsingErrors(result: ParseResult, diagnostics: Diagnostic[]): void {
    const document = result.value.$document!;
    const { textDocument } = document;
    const rangeBetween = (start: number, end: number) => ({
      start: textDocument.positionAt(start),
      end: textDocument.positionAt(end),
    });
    for (const problem of this.syntaxProblemsOf(result)) {
      const { code, expected, found, advice, repairs = [], related } = problem;
      const data: DiagnosticData = {
        code,
        expected,
        found,
        advice,
        repairs: repairs.map(({ title, start, end, text: newText }) => ({
          title,
          range: rangeBetween(start, end),
          newText,
        })),
      };
      diagnostics.push({
        severity: 1,
        range: rangeBetween(problem.start, problem.end),
        message: messageText(problem),
        code,
        data,
        source: diagnosticSource,
        relatedInformation: related && [
          {
            message: related.message,
            location: { uri: document.uri.toString(), range: rangeBetween(related.start, related.end) },
          },
        ],
      });
    }
  }

  protected override processLinkingErrors(document: LangiumDocument, diagnostics: Diagnostic[]): void {
    const accept: ValidationAcceptor = (severity, message, info) =>
      diagnostics.push(this.toDiagnostic(severity, message, info));
    for (const reference of document.references) {
      const problem: Problem | undefined =
        reference.error && linkingProblem(reference.error, document, this.services);
      if (problem) acceptProblem(accept, problem);
    }
  }

  protected override getSource(): string {
    return diagnosticSource;
  }
}
