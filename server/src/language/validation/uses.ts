/** `use` lines: is the file there, does it lead back here, is it needed. */
import { AstUtils, type LangiumDocuments } from 'langium';
import { shownPath } from '../diagnostics.ts';
import type { Specification, Use } from '../generated/ast.ts';
import type { Report } from '../problem.ts';
import { cycleThrough, specificationOf, usedUri } from '../uses.ts';
import { exportedNames } from './declarations.ts';

export function checkUses(specification: Specification, documents: LangiumDocuments, report: Report): void {
  const document = AstUtils.getDocument(specification);
  const seen = new Map<string, Use>();
  for (const use of specification.uses) {
    const uri = usedUri(use, document.uri);
    if (!uri) continue;
    const anchor = { node: use, property: 'path' };
    const earlier = seen.get(uri.toString());
    if (earlier) {
      report({
        ...anchor,
        code: 'spec/repeated-use',
        severity: 'warning',
        message: `\`${use.path}\` is used twice`,
        unnecessary: true,
        related: [{ message: 'first used here', node: earlier, property: 'path' }],
        repairs: [{ title: 'Remove the line', text: '', anchor: { node: use } }],
      });
      continue;
    }
    seen.set(uri.toString(), use);
    if (!use.path.endsWith('.equi')) {
      report({
        ...anchor,
        code: 'spec/use-extension',
        message: `\`use\` takes another specification, a file that ends in .equi, not \`${use.path}\``,
        expected: 'a path that ends in .equi',
        found: use.path,
      });
    } else if (uri.toString() === document.uri.toString()) {
      report({
        ...anchor,
        code: 'spec/use-cycle',
        message: `\`${use.path}\` is this file itself`,
        advice: 'Its own names are known without `use`.',
        repairs: [{ title: 'Remove the line', text: '', anchor: { node: use } }],
      });
    } else if (!documents.hasDocument(uri)) {
      report({
        ...anchor,
        code: 'spec/use-missing',
        message: `there is no file \`${use.path}\``,
        expected: 'a path relative to this file',
        found: uri.fsPath,
        advice: `Looked for ${uri.fsPath}.`,
      });
    } else {
      reportCycle(use, documents, report);
      reportUnneeded(use, specification, documents, report);
    }
  }
}

function reportCycle(use: Use, documents: LangiumDocuments, report: Report): void {
  const document = AstUtils.getDocument(use);
  const cycle = cycleThrough(use, document, documents);
  if (!cycle) return;
  const path = [document.uri, ...cycle].map((uri) => shownPath(uri, document.uri)).join(' -> ');
  report({
    code: 'spec/use-cycle',
    message: `files use each other in a circle: ${path}`,
    advice: 'Move what they share into a file that uses neither of them.',
    node: use,
    property: 'path',
  });
}

function reportUnneeded(
  use: Use,
  specification: Specification,
  documents: LangiumDocuments,
  report: Report,
): void {
  const document = AstUtils.getDocument(specification);
  const uri = usedUri(use, document.uri)!;
  const used = documents.getDocument(uri)!;
  const root = specificationOf(used);
  // A broken file, or broken text here, hides what is needed.
  if (!root || used.parseResult.parserErrors.length || document.parseResult.parserErrors.length) return;
  const isNeeded = document.references.some(
    (reference) =>
      '$nodeDescription' in reference &&
      reference.$nodeDescription?.documentUri.toString() === uri.toString(),
  );
  const names = new Set(exportedNames(root));
  const isMeant = document.references.some((reference) => names.has(reference.$refText));
  if (isNeeded || isMeant) return;
  report({
    code: 'spec/unused',
    severity: 'hint',
    message: `nothing of \`${use.path}\` is used`,
    unnecessary: true,
    node: use,
    repairs: [{ title: 'Remove the line', text: '' }],
  });
}
