/** Quick fixes: the repairs that diagnostics bring, and what can be done about a verdict. */
import { bindInputs, type Redeclaration, typeText } from '@noether/engine/catalog';
import { AstUtils, type LangiumDocument } from 'langium';
import type { CodeActionProvider } from 'langium/lsp';
import {
  type CodeAction,
  CodeActionKind,
  type CodeActionParams,
  type Diagnostic,
  type Range,
  type TextEdit,
} from 'vscode-languageserver';
import { isLanguageDiagnostic, type RepairEdit } from '../language/diagnostics.ts';
import {
  type Check as CheckNode,
  type Discover,
  innermost,
  isCheck,
  isDiscover,
  isModel,
  type Knowledge,
  type Model,
  readData,
  readModel,
} from '../language/index.ts';
import { specificationOf } from '../language/uses.ts';
import { shortNumber } from '../report/words.ts';
import type { PlannedItem } from './check.ts';
import { checkOf, pathOf } from './check-node.ts';
import type { Checks } from './checks.ts';
import { redeclarationEdits } from './declaration-edit.ts';
import { absolutePath, visibleItems } from './declarations.ts';
import { addEntry, setEntry } from './entry-edit.ts';
import type { FactsContext } from './facts.ts';
import type { Items } from './items.ts';
import { repairActions } from './repair-actions.ts';
import type { VerifyData } from './verify-diagnostics.ts';

export interface CodeActionContext extends FactsContext {
  readonly checks: Checks;
  readonly items: Items;
  itemsOf(uri: string): readonly PlannedItem[];
}

export class EquiCodeActionProvider implements CodeActionProvider {
  private readonly context: CodeActionContext;

  constructor(context: CodeActionContext) {
    this.context = context;
  }

  async getCodeActions(document: LangiumDocument, params: CodeActionParams): Promise<CodeAction[]> {
    const actions: CodeAction[] = [];
    for (const diagnostic of params.context.diagnostics) {
      actions.push(
        ...repairs(document, diagnostic),
        ...this.wrapActions(document, diagnostic),
        ...verdictActions(document, diagnostic),
      );
    }
    for (const item of specificationOf(document)?.items ?? []) {
      if (!item.$cstNode || !touches(item.$cstNode.range, params.range)) continue;
      if (isModel(item))
        actions.push(...(await this.portActions(document, item, params.context.diagnostics)));
      if (isDiscover(item)) actions.push(...this.discoverActions(document, item));
      if (isCheck(item)) {
        actions.push(...this.checkActions(document, item));
        actions.push(...fieldActions(item, this.context.knowledge, params.context.diagnostics));
      }
    }
    const { only } = params.context;
    return only ? actions.filter(({ kind }) => only.some((wanted) => kind?.startsWith(wanted))) : actions;
  }

  /** Declares the inputs and outputs of the graph that the model leaves out; how they transform is the user's to say. */
  private async portActions(
    document: LangiumDocument,
    model: Model,
    diagnostics: readonly Diagnostic[],
  ): Promise<CodeAction[]> {
    const reading = readModel(model, this.context.knowledge);
    if (reading?.kind !== 'onnx' || !reading.path) return [];
    const graph = await this.context.vocabulary.graph(absolutePath(document, reading.path));
    if (!graph) return [];
    const declared = new Set(
      [...reading.inputs, ...reading.outputs].flatMap(({ name, source }) => [name, source]),
    );
    const missing = [
      ...graph.inputs.map((port) => ({ ...port, direction: 'input' })),
      ...graph.outputs.map((port) => ({ ...port, direction: 'output' })),
    ].filter(({ name }) => !declared.has(name));
    return missing.flatMap(({ name, direction, dims }) => {
      const written = /^[_a-zA-Z]\w*$/.test(name) ? name : JSON.stringify(name);
      const edit = addEntry(model, `${direction} ${written}: ${typeGuess(dims)}`);
      const about = diagnostics.filter(isLanguageDiagnostic);
      return edit ? [fix(document, `Declare the ${direction} \`${name}\``, [edit], about[0])] : [];
    });
  }

  /** A check of each group that a discovery found, unless there is one. */
  private discoverActions(document: LangiumDocument, node: Discover): CodeAction[] {
    const uri = document.uri.toString();
    const plan = this.context.itemsOf(uri).find(({ path }) => path === pathOf(node))?.plan;
    const discovery = plan && this.context.items.of(uri, plan)?.outcome?.discovery;
    const end = node.$cstNode?.range.end;
    if (!discovery || !end) return [];
    const checks = (specificationOf(document)?.items ?? []).filter(isCheck);
    return discovery.checks.flatMap((group) => {
      const line = `check ${node.model.$refText} on ${node.data.$refText} under ${group}`;
      const written = checks.some(
        (check) =>
          check.model.$refText === node.model.$refText &&
          check.data.$refText === node.data.$refText &&
          check.group?.$cstNode?.text.replace(/\s+/g, '') === group.replace(/\s+/g, ''),
      );
      const edit = { range: { start: end, end }, newText: `\n${line}` };
      return written ? [] : [fix(document, `Write \`${line}\``, [edit])];
    });
  }

  /** Wrappers that give the model what a violated check finds missing. */
  private wrapActions(document: LangiumDocument, diagnostic: Diagnostic): CodeAction[] {
    const data = diagnostic.data as Partial<VerifyData> | undefined;
    if (!data?.check || !['verify/violated', 'verify/worse-than-baseline'].includes(String(diagnostic.code)))
      return [];
    const node = checkAt(document, diagnostic.range);
    const check = node && checkOf(node, this.context.checks.of(document.uri.toString()));
    if (!node || !check) return [];
    return repairActions(document, node, check, visibleItems(document, this.context.documents), diagnostic);
  }

  private checkActions(document: LangiumDocument, node: CheckNode): CodeAction[] {
    const check = checkOf(node, this.context.checks.of(document.uri.toString()));
    if (!check || node.entries.some(({ name }) => name === 'seed')) return [];
    const { seed } = check.plan.options;
    const edit = setEntry(node, 'seed', String(seed));
    return edit
      ? [{ ...fix(document, `Pin the seed to ${seed}`, [edit]), kind: CodeActionKind.RefactorRewrite }]
      : [];
  }
}

function repairs(document: LangiumDocument, diagnostic: Diagnostic): CodeAction[] {
  if (!isLanguageDiagnostic(diagnostic)) return [];
  // The data comes back from the client, which may be any program.
  const offered: readonly RepairEdit[] = Array.isArray(diagnostic.data.repairs)
    ? diagnostic.data.repairs
    : [];
  return offered.map(({ title, range, newText }, i) => ({
    ...fix(document, title, [{ range, newText }], diagnostic),
    isPreferred: i === 0,
  }));
}

/** Declares the data fields that feed inputs of a model file which nothing feeds yet. */
function fieldActions(
  node: CheckNode,
  knowledge: Knowledge,
  diagnostics: readonly Diagnostic[],
): CodeAction[] {
  const diagnostic = diagnostics.find(({ code }) => code === 'model/input-unbound');
  const [model, data] = [node.model?.ref, node.data?.ref];
  const outer = model && readModel(model, knowledge);
  const reading = outer && innermost(outer);
  if (!diagnostic || !data || !reading || reading.kind === 'family') return [];
  const { fields } = readData(data);
  return reading.inputs.flatMap((input) => {
    try {
      bindInputs(
        { inputs: [input], outputs: [] },
        fields,
        input.source ? { [input.name]: input.source } : {},
      );
      return [];
    } catch {
      const name = input.source ?? input.name;
      // A field of that name has another type: which of the two is right only the user knows.
      if (fields.some((field) => field.name === name)) return [];
      const edit = addEntry(data, `${name}: ${typeText(input.type)}`);
      const title = `Declare the field \`${name}\` of \`${data.name}\``;
      return edit ? [fix(AstUtils.getDocument(data), title, [edit], diagnostic)] : [];
    }
  });
}

function checkAt(document: LangiumDocument, range: Range): CheckNode | undefined {
  return specificationOf(document)?.items.find(
    (item): item is CheckNode =>
      isCheck(item) && item.$cstNode !== undefined && touches(item.$cstNode.range, range),
  );
}

/** What can be done about a verdict, other than repairing the model. */
function verdictActions(document: LangiumDocument, diagnostic: Diagnostic): CodeAction[] {
  const data = diagnostic.data as Partial<VerifyData> | undefined;
  if (!data?.check) return [];
  const node = checkAt(document, diagnostic.range);
  if (!node) return [];
  const set = (name: string, value: string, title: string) => {
    const edit = setEntry(node, name, value);
    return edit ? [fix(document, title, [edit], diagnostic)] : [];
  };
  if (data.redeclare) return redeclareAction(node, data.redeclare, diagnostic);
  switch (diagnostic.code) {
    case 'verify/violated':
      return data.expected === 'violated'
        ? []
        : set('expect', 'violated', 'Record this as a known violation (`expect: violated`)');
    case 'verify/unexpectedly-holds':
      return set('expect', 'holds', 'Expect it to hold (`expect: holds`)');
    case 'verify/inconclusive': {
      if (data.resolvable === undefined) return [];
      // Rounded up, so that the tolerance written is not below the one that was computed.
      const within = shortNumber(data.resolvable * 1.05);
      return set(
        'within',
        within,
        `Raise the tolerance to what the arithmetic can resolve (\`within: ${within}\`)`,
      );
    }
    default:
      return [];
  }
}

/** Declares a field, and the port that it feeds, as the probes of a check suggest. */
function redeclareAction(node: CheckNode, redeclare: Redeclaration, diagnostic: Diagnostic): CodeAction[] {
  const edits = redeclarationEdits(node, redeclare);
  if (edits.size === 0) return [];
  const name = redeclare.field ?? redeclare.output;
  return [
    {
      title: `Declare \`${name}\` as \`${redeclare.type}\``,
      kind: CodeActionKind.QuickFix,
      diagnostics: [diagnostic],
      edit: { changes: Object.fromEntries(edits) },
    },
  ];
}

/** A type whose array has the shape that the graph takes for one sample: a place to start from. */
function typeGuess(dims: readonly (number | string | undefined)[] | undefined): string {
  const isBatch = (dim: number | string | undefined) =>
    dim === undefined || dim === 1 || /batch|sample|^[bn]$/i.test(String(dim));
  const own = dims && dims.length > 0 && isBatch(dims[0]) ? dims.slice(1) : (dims ?? []);
  const spatial = own.at(-1) === 3;
  const axes = own
    .slice(0, spatial ? -1 : undefined)
    .filter((dim) => typeof dim === 'string' && /^[_a-zA-Z]\w*$/.test(dim));
  return `${spatial ? 'vector' : 'scalar'}${axes.length ? `[${axes.join(', ')}]` : ''}`;
}

function fix(
  document: LangiumDocument,
  title: string,
  edits: TextEdit[],
  diagnostic?: Diagnostic,
): CodeAction {
  return {
    title,
    kind: CodeActionKind.QuickFix,
    ...(diagnostic ? { diagnostics: [diagnostic] } : {}),
    edit: { changes: { [document.textDocument.uri]: edits } },
  };
}

function touches(a: Range, b: Range): boolean {
  const before = (p: Range['start'], q: Range['start']) =>
    p.line < q.line || (p.line === q.line && p.character < q.character);
  return !before(a.end, b.start) && !before(b.end, a.start);
}
