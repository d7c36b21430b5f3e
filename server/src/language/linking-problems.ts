/** A name that refers to nothing: what it may have meant, and where it may be declared. */
import type { AstNodeDescription, LangiumDocument, LinkingError, URI } from 'langium';
import { closest, listText } from './closest.ts';
import { shownPath } from './diagnostics.ts';
import { isData, isModel } from './generated/ast.ts';
import type { EquiServices } from './module.ts';
import type { Problem, Repair } from './problem.ts';
import { specificationOf } from './uses.ts';

/** Fields of the problem, or `undefined` when the declaration is there but could not be parsed: then that is told. */
export function linkingProblem(
  error: LinkingError,
  document: LangiumDocument,
  services: EquiServices,
): Problem | undefined {
  const { container, property, index, reference } = error.info;
  const name = reference.$refText;
  if (name === '' || isDeclaredInBrokenText(name, document)) return undefined;
  const type = services.shared.AstReflection.getReferenceType(error.info);
  const kind = kindText(type);
  const scope = services.references.ScopeProvider.getScope(error.info);
  const known = [...new Set(scope.getAllElements().map((element) => element.name))];
  const anchor = { node: container, property, index };
  const other = declarationOfOtherKind(name, document);
  if (other) {
    return {
      ...anchor,
      code: 'spec/wrong-kind',
      message: `\`${name}\` is ${other.kind}, not ${kind}`,
      expected: known.length ? `${kind}: ${listText(known)}` : kind,
      found: `${other.kind} \`${name}\``,
      related: [{ message: 'declared here', node: other.node, property: 'name' }],
    };
  }
  const elsewhere = unusedFileWith(name, type, document, services);
  const near = closest(name, known);
  const repairs: Repair[] = near ? [{ title: `Change to \`${near}\``, text: near }] : [];
  if (elsewhere) {
    const path = shownPath(elsewhere, document.uri);
    const first = specificationOf(document)?.$cstNode?.root;
    if (first?.astNode) {
      repairs.push({
        title: `Add \`use "${path}"\``,
        text: `use "${path}"\n`,
        anchor: { node: firstNode(document) },
        where: 'before',
      });
    }
  }
  return {
    ...anchor,
    code: 'spec/unknown-name',
    message: near
      ? `there is no ${kindNoun(type)} \`${name}\`; did you mean \`${near}\`?`
      : `there is no ${kindNoun(type)} \`${name}\``,
    expected: known.length ? listText(known) : `${kind}; none is declared`,
    found: name,
    advice: elsewhere
      ? `${shownPath(elsewhere, document.uri)} declares it: write \`use "${shownPath(elsewhere, document.uri)}"\` at the top.`
      : known.length
        ? `Declared are ${listText(known, 'and')}.`
        : `Declare it: \`${declarationExample(type, name, services.knowledge.families[0]?.name ?? 'FAMILY')}\`.`,
    repairs,
  };
}

function kindText(type: string): string {
  return type === 'Model' ? 'a model' : type === 'Data' ? 'data' : 'a model or data';
}

function kindNoun(type: string): string {
  return type === 'Model' ? 'model' : type === 'Data' ? 'data' : 'model or data';
}

function declarationExample(type: string, name: string, family: string): string {
  return type === 'Data' ? `data ${name} from "data/${name}.npz" { … }` : `model ${name} is ${family}`;
}

function firstNode(document: LangiumDocument) {
  const specification = specificationOf(document)!;
  return [...specification.uses, ...specification.items].sort(
    (a, b) => (a.$cstNode?.offset ?? 0) - (b.$cstNode?.offset ?? 0),
  )[0]!;
}

function declarationOfOtherKind(name: string, document: LangiumDocument) {
  const node = specificationOf(document)?.items.find(
    (item) => (isData(item) || isModel(item)) && item.name === name,
  );
  return node && { node, kind: isModel(node) ? 'a model' : 'data' };
}

/** A file of the workspace that declares the name, but is not used here. */
function unusedFileWith(
  name: string,
  type: string,
  document: LangiumDocument,
  { shared }: EquiServices,
): URI | undefined {
  const found: AstNodeDescription | undefined = shared.workspace.IndexManager.allElements(type).find(
    (element) => element.name === name && element.documentUri.toString() !== document.uri.toString(),
  );
  return found?.documentUri;
}

function isDeclaredInBrokenText(name: string, { parseResult, textDocument }: LangiumDocument): boolean {
  if (parseResult.parserErrors.length === 0 && parseResult.lexerErrors.length === 0) return false;
  return new RegExp(`\\b(?:data|model)\\s+${name}\\b`).test(textDocument.getText());
}
