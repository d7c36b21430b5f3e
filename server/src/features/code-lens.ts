/** Lenses: what is known of each check and what can be done about it, above its line. */

import type { LangiumDocument } from 'langium';
import type { CodeLensProvider } from 'langium/lsp';
import type { CodeLens, Range } from 'vscode-languageserver';
import {
  isBenchmark,
  isCheck,
  isClaim,
  isCompare,
  isDiscover,
  isModel,
  isTrain,
  type Model,
} from '../language/index.ts';
import { specificationOf } from '../language/uses.ts';
import { clientCommands, commands, type Settings } from '../protocol.ts';
import { counted } from '../report/words.ts';
import { type Check, isGoingOn, type PlannedItem } from './check.ts';
import { checkOf, pathOf } from './check-node.ts';
import type { Checks } from './checks.ts';
import { type FactsContext, parameterCount } from './facts.ts';
import { itemAction, itemText } from './item-text.ts';
import type { ItemPlan, Items } from './items.ts';
import { asExpected, isVerdict, summaryText } from './verdict.ts';

export interface CodeLensContext extends FactsContext {
  readonly checks: Checks;
  readonly items: Items;
  /** The client can open the plot of a training. */
  readonly showsTrainings: boolean;
  itemsOf(uri: string): readonly PlannedItem[];
  settings(uri: string): Promise<Settings>;
  /** Resolves when the checks belong to the text as it was built last. */
  planned(uri: string): Promise<void>;
}

/** While the text is broken, another block may stand where an item was. */
const itemKinds = {
  Train: 'train',
  Benchmark: 'benchmark',
  Compare: 'compare',
  Discover: 'discover',
  Claim: 'claim',
} as const;

export class EquiCodeLensProvider implements CodeLensProvider {
  private readonly context: CodeLensContext;

  constructor(context: CodeLensContext) {
    this.context = context;
  }

  async provideCodeLens(document: LangiumDocument): Promise<CodeLens[]> {
    const uri = document.uri.toString();
    if (!(await this.context.settings(uri)).codeLens) return [];
    await this.context.planned(uri);
    const root = specificationOf(document);
    if (!root) return [];
    const checks = this.context.checks.of(uri);
    const lenses: CodeLens[] = [];
    if (checks.length > 0) lenses.push(...fileLenses(uri, checks, this.context.checks.trusted));
    for (const item of root.items) {
      const range = item.$cstNode?.range;
      if (!range) continue;
      if (isCheck(item)) {
        const check = checkOf(item, checks);
        if (check) lenses.push(...checkLenses(uri, check, range, this.context.checks.trusted));
      } else if (isTrain(item) || isBenchmark(item) || isCompare(item) || isDiscover(item) || isClaim(item)) {
        const planned = this.context.itemsOf(uri).find(({ path }) => path === pathOf(item));
        if (planned && planned.plan.kind === itemKinds[item.$type])
          lenses.push(...this.itemLenses(uri, planned.plan, range));
      } else if (isModel(item)) lenses.push(...(await this.modelLenses(item, checks, range)));
    }
    return lenses;
  }

  private itemLenses(uri: string, plan: ItemPlan, range: Range): CodeLens[] {
    const state = this.context.items.of(uri, plan);
    const title = lens(range, itemText(plan, state));
    const action = itemAction(plan, state);
    const lenses = [title];
    if (this.context.checks.trusted && action) {
      const command = action === 'stop' ? commands.cancel : commands.runItem;
      lenses.push(lens(range, action, command, [uri, plan.id]));
    }
    if (this.context.showsTrainings && plan.kind === 'train')
      lenses.push(lens(range, 'plot', clientCommands.showTraining, [uri, plan.id]));
    return lenses;
  }

  private async modelLenses(model: Model, checks: readonly Check[], range: Range): Promise<CodeLens[]> {
    const parts: string[] = [];
    const parameters = await parameterCount(model, this.context);
    if (parameters !== undefined) parts.push(counted(parameters, 'parameter'));
    const own = checks.filter(({ plan }) => plan.model.name === model.name);
    if (own.length > 0) parts.push(`${counted(own.length, 'check')}: ${statesText(own)}`);
    return parts.length > 0 ? [lens(range, parts.join(' · '))] : [];
  }
}

/** `2 hold` is right, `2 holds` is not; the other states are no verbs. */
function plural(state: string): string {
  return state === 'holds' ? 'hold' : state;
}

/** `2 hold, 1 violated`: in the order of their first occurrence. */
export function statesText(checks: readonly Check[]): string {
  const counts = new Map<string, number>();
  for (const { state } of checks) counts.set(state, (counts.get(state) ?? 0) + 1);
  if (counts.size === 1) {
    const [[state, count]] = [...counts] as [[string, number]];
    return count === 1 ? state : `all ${plural(state)}`;
  }
  return [...counts].map(([state, count]) => `${count} ${count === 1 ? state : plural(state)}`).join(', ');
}

function fileLenses(uri: string, checks: readonly Check[], trusted: boolean): CodeLens[] {
  const top: Range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
  const all = `${counted(checks.length, 'check')}: ${statesText(checks)}`;
  if (!trusted) return [lens(top, `${all} · nothing is run: the workspace is not trusted`)];
  const lenses = [lens(top, all), lens(top, 'run all', commands.run, [uri])];
  if (checks.some(({ state }) => isGoingOn(state)))
    lenses.push(lens(top, 'cancel all', commands.cancel, [uri]));
  return lenses;
}

function checkLenses(uri: string, check: Check, range: Range, trusted: boolean): CodeLens[] {
  const title = `${mark(check)} ${summaryText(check)}`;
  const { id } = check.plan;
  if (!trusted) return [lens(range, title)];
  if (isGoingOn(check.state)) return [lens(range, title), lens(range, 'cancel', commands.cancel, [uri, id])];
  const again = check.state === 'not run' ? 'run' : 'run again';
  return [lens(range, title), lens(range, again, commands.run, [uri, id])];
}

/** One character that can be told at a glance, in any font. */
export function mark(check: Check): string {
  if (isVerdict(check.state) || check.state === 'failed') {
    if (check.state === 'failed') return '!';
    if (check.state === 'inconclusive' && !asExpected(check)) return '?';
    return asExpected(check) ? '✓' : '✗';
  }
  return isGoingOn(check.state) ? '…' : '○';
}

/** A lens without a command is shown as plain text; the protocol asks for the field all the same. */
function lens(range: Range, title: string, command = '', args?: string[]): CodeLens {
  const at: Range = { start: range.start, end: range.start };
  return { range: at, command: args ? { title, command, arguments: args } : { title, command } };
}
