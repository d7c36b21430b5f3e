/** `noether repair MODEL [FILE]`: wraps a model so that its violated checks hold, checks the wrapped one, and reports both. */
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { Finding } from '@noether/engine/catalog';
import { cacheFolder, createCache, createPool, createScheduler, version } from '../jobs/index.ts';
import { closest } from '../language/closest.ts';
import type { Check } from '../language/index.ts';
import type { CheckPlan } from '../plan/plan.ts';
import { alreadyRepaired } from '../repair/already.ts';
import { brokenFactors, type Proposal, propose } from '../repair/propose.ts';
import type { RepairText } from '../repair/repair-text.ts';
import { buildReport, type CheckOutcome, renderJson } from '../report/index.ts';
import { type CheckFlags, type CommandContext, checkWritable, writeAside } from './check-command.ts';
import { exitCodes } from './exit-codes.ts';
import { commandLineFault, printFinding } from './faults.ts';
import { fileOf, writeRepairs } from './repair-files.ts';
import { type Opened, openText, plansOf, textsOf } from './repair-plans.ts';
import { createRunner, type RepairRunner } from './repair-run.ts';
import { renderRepairs } from './repair-text.ts';
import { selectChecks } from './select-checks.ts';

export interface RepairFlags extends Omit<CheckFlags, 'watch' | 'replay'> {
  /** The lines are put into the file. */
  readonly write?: boolean;
  /** The proposal to take, by the name of its model; the first that holds without it. */
  readonly pick?: string;
}

/** A proposal, what it says in the file, and how it did. */
export interface Tried {
  readonly proposal: Proposal;
  readonly lines: RepairText;
  /** Absent where the lines have an error: `findings` says which. */
  readonly outcome?: CheckOutcome;
  readonly findings: readonly Finding[];
}

/** One check of the model. */
export interface Repaired {
  readonly plan: CheckPlan;
  readonly line: number;
  readonly before: CheckOutcome;
  /** Empty where there is nothing to repair, or no wrapper for it. */
  readonly tried: readonly Tried[];
  readonly without: readonly string[];
  readonly chosen?: Tried;
  /** A model of the file that wraps this one, and is checked on the same data under the same group. */
  readonly already?: string;
  /** Time of the chosen one over that of the model, median over rounds, and the samples of a pass. */
  readonly cost?: { readonly ratio: number; readonly batch: number };
}

/** Returns the exit code. @throws CommandLineFault when the command line is wrong. */
export async function repairCommand(
  model: string,
  file: string | undefined,
  flags: RepairFlags,
  { terminal, interruption }: CommandContext,
): Promise<number> {
  if (flags.json !== undefined && flags.json !== '-') checkWritable(flags.json);
  const path = await fileOf(model, file);
  const opened = await openText(path, readFileSync(path, 'utf8'));
  const errors = opened.built.findings.filter(({ severity }) => severity === 'error');
  for (const finding of errors) printFinding(finding, terminal);
  if (errors.length > 0 || !opened.built.plan) return exitCodes.wrong;
  const own = opened.checks.filter(({ plan }) => plan.model.name === model);
  if (own.length === 0)
    throw noCheck(
      model,
      opened.checks.map(({ plan }) => plan),
      path,
    );
  const selected = selectChecks(own, flags.only ?? []);
  const log = flags.verbose ? (line: string) => terminal.err(`${line}\n`) : undefined;
  const pool = createPool({ workers: flags.workers, memoryLimit: flags.memoryLimit, log });
  const cache = flags.cache ? createCache({ folder: cacheFolder(), log }) : undefined;
  const scheduler = createScheduler(pool, cache);
  interruption.onInterrupt(() => void scheduler.close());
  const started = new Date();
  const begin = performance.now();
  try {
    const runner = createRunner(scheduler, flags, terminal);
    const before = await runner.checks(selected);
    const taken = new Set(opened.names);
    const repaired: Repaired[] = [];
    for (const [i, planned] of selected.entries()) {
      repaired.push(await repairOne(planned, before[i]!, { opened, taken, runner, pick: flags.pick }));
    }
    if (interruption.code !== undefined) return interruption.code;
    requirePicked(flags.pick, repaired);
    const repairs = repaired.flatMap(({ chosen }, i) =>
      chosen ? [{ node: selected[i]!.node, lines: chosen.lines }] : [],
    );
    const written = flags.write === true && repairs.length > 0;
    if (written) writeRepairs(path, opened.text, repairs);
    if (flags.json !== undefined) {
      const json = renderJson(
        buildReport({
          engine: version,
          started,
          seconds: (performance.now() - begin) / 1000,
          checks: runner.finished.map((check) => ({ ...check, file: path, backend: flags.backend })),
          findings: opened.built.findings,
        }),
      );
      if (flags.json === '-') terminal.out(json);
      else writeAside(flags.json, json);
    }
    if (flags.json !== '-') {
      const shown = relative(process.cwd(), path) || path;
      terminal.out(renderRepairs({ model, file: shown, repaired, written }, terminal.style));
    }
    return exitCodeOf(repaired);
  } finally {
    await scheduler.close();
  }
}

interface RepairSetting {
  readonly opened: Opened;
  /** Names of the file, and those that proposals have used up. */
  readonly taken: Set<string>;
  readonly runner: RepairRunner;
  readonly pick: string | undefined;
}

/** Tries every proposal for one check that is violated. */
async function repairOne(
  { plan, node, line }: { readonly plan: CheckPlan; readonly node: Check; readonly line: number },
  before: CheckOutcome,
  { opened, taken, runner, pick }: RepairSetting,
): Promise<Repaired> {
  const nothing = { plan, line, before, tried: [], without: [] };
  const { verification, data } = before;
  if (verification?.verdict !== 'violated') return nothing;
  const already =
    pick === undefined
      ? alreadyRepaired(
          opened.checks.map((each) => each.node),
          node,
        )
      : undefined;
  if (already !== undefined) return { ...nothing, already };
  const sizes = Object.fromEntries(Object.entries(data?.sizes ?? {}).map(([index, { max }]) => [index, max]));
  const broken = brokenFactors(plan.group, verification.directions);
  const { proposals, without } = propose(plan.group, broken, sizes);
  const texts = textsOf(node, proposals, taken);
  const planned = await plansOf(opened, node, texts);
  const outcomes = await runner.checks(
    planned.flatMap(({ plan: own }) => (own ? [{ plan: own, line }] : [])),
  );
  let next = 0;
  const tried = proposals.map((proposal, k): Tried => {
    const { plan: own, findings } = planned[k]!;
    return { proposal, lines: texts[k]!, findings, ...(own ? { outcome: outcomes[next++]! } : {}) };
  });
  const chosen = choose(tried, pick);
  const wrapped = chosen && planned[tried.indexOf(chosen)]!.plan;
  const cost = wrapped && (await runner.cost(plan, wrapped));
  return {
    ...nothing,
    tried,
    without,
    ...(chosen ? { chosen } : {}),
    ...(cost ? { cost } : {}),
  };
}

/** The one that is asked for, else the first that holds. */
function choose(tried: readonly Tried[], pick: string | undefined): Tried | undefined {
  const wanted = pick === undefined ? tried : tried.filter(({ lines }) => lines.name === pick);
  return wanted.find(({ outcome }) => outcome?.verification?.verdict === 'holds');
}

/** As other commands have them: what could not be run comes before what is not as it should be. */
function exitCodeOf(repaired: readonly Repaired[]): number {
  if (repaired.some(({ before }) => before.status !== 'done')) return exitCodes.notRun;
  const open = repaired.filter(
    ({ before, chosen, already }) =>
      before.verification?.verdict !== 'holds' && !chosen && already === undefined,
  );
  if (open.length === 0) return exitCodes.ok;
  const failed = open.some(({ tried }) => tried.some(({ outcome }) => outcome && outcome.status !== 'done'));
  return failed ? exitCodes.notRun : exitCodes.notAsExpected;
}

function requirePicked(pick: string | undefined, repaired: readonly Repaired[]): void {
  const names = repaired.flatMap(({ tried }) => tried.map(({ lines }) => lines.name));
  if (pick === undefined || names.includes(pick)) return;
  throw commandLineFault('repair/no-proposal', {
    message: `There is no proposal \`${pick}\``,
    expected: names.join(', ') || 'a check that is violated',
    found: pick,
    advice: 'Without --pick, the first proposal that holds is taken.',
  });
}

function noCheck(model: string, checks: readonly CheckPlan[], file: string) {
  const names = [...new Set(checks.map((plan) => plan.model.name))];
  const near = closest(model, names);
  return commandLineFault('repair/no-check', {
    message: `No check of the file is about a model \`${model}\`${near ? `; did you mean \`${near}\`?` : ''}`,
    expected: names.join(', ') || 'a specification with checks',
    found: model,
    place: { file },
    advice: 'A repair gives a model the symmetry of its check: write one, `check MODEL on DATA under GROUP`.',
  });
}
