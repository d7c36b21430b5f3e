/** Building specifications from text, for tests. */
import { readFileSync } from 'node:fs';
import { families } from '@noether/engine/catalog';
import { EmptyFileSystem, type LangiumDocument, URI } from 'langium';
import type { Diagnostic } from 'vscode-languageserver-types';
import type { Inspection } from '../inspection.ts';
import { createEquiServices, type EquiServiceSet } from '../module.ts';
import { distances } from './distances.ts';

export interface Built extends EquiServiceSet {
  /** By the names that were given. */
  readonly documents: Readonly<Record<string, LangiumDocument>>;
  /** The first one. */
  readonly document: LangiumDocument;
}

export function testServices(inspection?: Inspection): EquiServiceSet {
  return createEquiServices(EmptyFileSystem, {
    equi: {
      knowledge: () => ({ families: [...families, distances] }),
      ...(inspection ? { inspection: () => inspection } : {}),
    },
  });
}

/** @param files texts by file name; a text alone is `main.equi`. They lie in the folder /labs. */
export async function build(
  files: string | Readonly<Record<string, string>>,
  services = testServices(),
): Promise<Built> {
  const { shared } = services;
  const texts = typeof files === 'string' ? { 'main.equi': files } : files;
  const documents = Object.fromEntries(
    Object.entries(texts).map(([name, text]) => {
      const document = shared.workspace.LangiumDocumentFactory.fromString(text, URI.file(`/labs/${name}`));
      shared.workspace.LangiumDocuments.addDocument(document);
      return [name, document];
    }),
  );
  const all = Object.values(documents);
  await shared.workspace.DocumentBuilder.build(all, { validation: true });
  return { ...services, documents, document: all[0]! };
}

const severities = ['error', 'warning', 'information', 'hint'];

/** `3:7 error spec/unknown-name: …`, with repairs and expectations on lines of their own. */
export function diagnosticText({
  range,
  severity,
  code,
  message,
  data,
  relatedInformation,
}: Diagnostic): string {
  const { line, character } = range.start;
  const end = `${range.end.line === line ? '' : `${range.end.line + 1}:`}${range.end.character + 1}`;
  return [
    `${line + 1}:${character + 1}-${end} ${severities[severity! - 1]} ${code}`,
    ...String(message).split('\n'),
    ...(data.expected ? [`expected: ${data.expected}`] : []),
    ...(data.found ? [`found: ${data.found}`] : []),
    ...(relatedInformation ?? []).map(
      (place) => `see line ${place.location.range.start.line + 1}: ${place.message}`,
    ),
    ...data.repairs.map(
      (repair: { title: string; newText: string }) =>
        `repair: ${repair.title} -> ${JSON.stringify(repair.newText)}`,
    ),
  ].join('\n    ');
}

export function sorted(diagnostics: readonly Diagnostic[] = []): Diagnostic[] {
  return [...diagnostics].sort(
    (a, b) =>
      a.range.start.line - b.range.start.line ||
      a.range.start.character - b.range.start.character ||
      String(a.code).localeCompare(String(b.code)),
  );
}

/** Messages of a text with these codes; all of them without. */
export async function messagesOf(text: string, ...codes: string[]): Promise<string[]> {
  const { document } = await build(text);
  return sorted(document.diagnostics)
    .filter(({ code }) => codes.length === 0 || codes.includes(String(code)))
    .map(({ message }) => String(message));
}

const fixtures = new URL('../../../../test-fixtures/language/', import.meta.url);

export function fixture(path: string): string {
  return readFileSync(new URL(path, fixtures), 'utf8');
}

export const fixtureFolder = fixtures;
