/** Names: each declared once, and each used. */
import { AstUtils, type LangiumDocuments, type References } from 'langium';
import { shownPath } from '../diagnostics.ts';
import {
  type Check,
  type Data,
  isCheck,
  isData,
  isModel,
  type Model,
  type Specification,
} from '../generated/ast.ts';
import type { Report } from '../problem.ts';
import { specificationOf, usedUri } from '../uses.ts';

type Declaration = Data | Model;

function declarationsOf(specification: Specification): Declaration[] {
  return specification.items.filter((item) => isData(item) || isModel(item)).filter(({ name }) => name);
}

/** Names that a file offers to its users. */
export function exportedNames(specification: Specification): string[] {
  return declarationsOf(specification).map(({ name }) => name);
}

const kindOf = (node: Declaration) => (isModel(node) ? 'model' : 'data');

/** A model and data must not share a name either: claims name both in one place. */
export function checkRepeatedNames(specification: Specification, report: Report): void {
  const first = new Map<string, Declaration>();
  for (const node of declarationsOf(specification)) {
    const earlier = first.get(node.name);
    if (earlier) {
      report({
        code: 'spec/repeated-name',
        message: `\`${node.name}\` is declared twice${kindOf(earlier) === kindOf(node) ? '' : ', as data and as a model'}`,
        advice: 'Give one of them another name; references mean the first.',
        node,
        property: 'name',
        related: [{ message: 'first declared here', node: earlier, property: 'name' }],
      });
    } else {
      first.set(node.name, node);
    }
  }
  checkRepeatedCheckNames(specification, report);
}

function checkRepeatedCheckNames(specification: Specification, report: Report): void {
  const first = new Map<string, Check>();
  for (const node of specification.items.filter(isCheck)) {
    if (!node.name) continue;
    const earlier = first.get(node.name);
    if (earlier) {
      report({
        code: 'spec/repeated-name',
        message: `two checks are called \`${node.name}\``,
        advice: 'Give one of them another name after `as`.',
        node,
        property: 'name',
        related: [{ message: 'the first one', node: earlier, property: 'name' }],
      });
    } else {
      first.set(node.name, node);
    }
  }
}

/** A name of a used file that is declared here or in an earlier used file means the earlier one. */
export function checkShadowedNames(
  specification: Specification,
  documents: LangiumDocuments,
  report: Report,
): void {
  const document = AstUtils.getDocument(specification);
  const known = new Map<string, string>(
    declarationsOf(specification).map((node) => [node.name, 'this file']),
  );
  const seen = new Set<string>();
  for (const use of specification.uses) {
    const uri = usedUri(use, document.uri);
    const used = uri && documents.getDocument(uri);
    const root = used && specificationOf(used);
    if (!root || used === document || seen.has(uri.toString())) continue;
    seen.add(uri.toString());
    const hidden = exportedNames(root).filter((name) => known.has(name));
    for (const name of new Set(hidden)) {
      report({
        code: 'spec/shadowed-name',
        severity: 'warning',
        message: `\`${name}\` of ${use.path} is hidden: ${known.get(name)} declares that name too`,
        advice: 'Rename one of them.',
        node: use,
        property: 'path',
      });
    }
    for (const name of exportedNames(root)) {
      if (!known.has(name)) known.set(name, shownPath(uri, document.uri));
    }
  }
}

/** Faded: a declaration that nothing in the loaded files refers to. */
export function checkUnusedNames(specification: Specification, references: References, report: Report): void {
  // Broken text may hold the reference that is missing.
  if (AstUtils.getDocument(specification).parseResult.parserErrors.length > 0) return;
  for (const node of declarationsOf(specification)) {
    if (!references.findReferences(node, { includeDeclaration: false }).isEmpty()) continue;
    report({
      code: 'spec/unused',
      severity: 'hint',
      message: isModel(node)
        ? `no line checks the model \`${node.name}\``
        : `no line uses the data \`${node.name}\``,
      unnecessary: true,
      node,
      property: 'name',
    });
  }
}
