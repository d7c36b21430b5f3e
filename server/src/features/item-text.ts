/** What a lens says of a training, a benchmark, a comparison, a discovery or a claim. */

import { buildDiscoverReport } from '../report/build-items.ts';
import { timingText } from '../report/render-benchmarks.ts';
import { claimVerdictText, intervalText } from '../report/render-claims.ts';
import { entryText, worstEntry } from '../report/render-comparisons.ts';
import { discoveryText } from '../report/render-discoveries.ts';
import { metricsText } from '../report/render-trainings.ts';
import { counted, duration, grouped, shortNumber } from '../report/words.ts';
import type { ItemPlan, ItemProgress, ItemState } from './items.ts';

/** `✓ 300 steps: loss 0.67 -> 0.07, accuracy 0.98`, `1.2 ms, 0.8x of leaky`, `✓ holds: 0.29 (0.23 to 0.36)`. */
export function itemText(plan: ItemPlan, state: ItemState | undefined): string {
  if (!state) return untouched[plan.kind];
  switch (state.state) {
    case 'queued':
      return '… waiting';
    case 'running':
      return `… ${state.progress ? progressText(state.progress) : 'starting'}`;
    case 'cancelled':
      return stoppedText(state.progress);
    case 'failed':
      return `! ${state.outcome?.findings[0]?.message ?? 'could not be run'}`;
    case 'done':
      return doneText(plan, state);
  }
}

const untouched = {
  train: '○ not trained in this session',
  benchmark: '○ not measured',
  compare: '○ not compared',
  discover: '○ not searched',
  claim: '○ not evaluated',
} as const;

/** `training steady, seed 0: step 120 of 300, loss 0.31, 12 s left`. */
export function progressText({ done, total, stage, training }: ItemProgress): string {
  if (!training) return total > 1 && done > 0 ? `${stage} (${done} of ${total})` : stage;
  const { loss, secondsLeft } = training;
  return `${stage}: step ${grouped(done)} of ${grouped(total)}, loss ${shortNumber(loss)}, ${duration(secondsLeft)} left`;
}

function stoppedText(progress: ItemProgress | undefined): string {
  return progress?.training
    ? `○ stopped at step ${grouped(progress.done)} of ${grouped(progress.total)}`
    : '○ stopped';
}

function doneText(plan: ItemPlan, { outcome }: ItemState): string {
  if (plan.kind === 'train' && outcome?.training) {
    const { curve, steps, validation, test } = outcome.training;
    const held = test ?? validation;
    const losses = `loss ${shortNumber(curve[0]!.loss)} -> ${shortNumber(curve.at(-1)!.loss)}`;
    return `✓ ${counted(steps, 'step')}: ${losses}${held ? `, ${metricsText(held)}` : ''}`;
  }
  if (plan.kind === 'benchmark' && outcome?.benchmark) {
    const { runs, reference } = outcome.benchmark;
    const several = runs.length > 1;
    return runs
      .map(({ batch, entries }) => {
        const texts = entries.map(({ model, forward }) => `${model} ${timingText(forward, reference)}`);
        return `${several ? `batch ${batch}: ` : ''}${texts.join('; ')}`;
      })
      .join(' · ');
  }
  if (plan.kind === 'compare' && outcome?.agreement) {
    const { verdict, runs } = outcome.agreement;
    const mark = verdict === plan.expect ? '✓' : verdict === 'undecided' ? '?' : '✗';
    const ran = runs.filter(({ reason }) => reason === undefined).length;
    const missing = ran < runs.length ? `, ${runs.length - ran} could not run` : '';
    const worst = worstEntry(outcome.agreement);
    return `${mark} ${verdict}: ${counted(ran, 'run')}${missing}${worst ? `; furthest apart ${entryText(worst, runs)}` : ''}`;
  }
  if (plan.kind === 'discover' && outcome?.discovery) {
    const report = buildDiscoverReport({ plan, outcome, file: '', line: 1, cached: false, inputsHash: '' });
    const { verdict, algebra } = outcome.discovery;
    const mark = report.asExpected ? '✓' : verdict === 'undecided' ? '?' : '✗';
    const size = algebra ? `; ${algebra.dimension} of ${counted(algebra.ambient, 'dimension')}` : '';
    return `${mark} ${discoveryText(report)}${size}`;
  }
  if (plan.kind === 'claim' && outcome?.decision) {
    const { expect, text, id, title } = plan;
    const { verdict, difference } = outcome.decision;
    const asExpected = verdict === expect;
    const place = { id, title, file: '', line: 1, cached: false, inputsHash: '' };
    const words = claimVerdictText({ ...place, ...outcome, text, expect, asExpected });
    const mark = asExpected ? '✓' : verdict === 'undecided' ? '?' : '✗';
    return `${mark} ${words}: left - right is ${intervalText(difference)}`;
  }
  return '✓ done';
}

/** What clicking does: the word, and whether it stops. */
export function itemAction(plan: ItemPlan, state: ItemState | undefined): string | undefined {
  if (state?.state === 'queued' || state?.state === 'running') return 'stop';
  if (plan.kind === 'train') {
    if (state?.state === 'done') return undefined;
    return state?.state === 'cancelled' ? 'resume' : 'train';
  }
  const again = state?.state === 'done' ? ' again' : '';
  return `${{ benchmark: 'measure', compare: 'compare', discover: 'search', claim: 'evaluate' }[plan.kind]}${again}`;
}
