/** A training as a plot shows it: its learning curve, and what is known of it in words. */
import type { Metrics } from '@noether/engine/catalog';
import type { TrainPlan } from '../plan/plan.ts';
import type { TrainingInfo } from '../protocol.ts';
import { counted, duration, grouped, shortNumber } from '../report/words.ts';
import { itemAction, itemText } from './item-text.ts';
import type { ItemState } from './items.ts';
import { drawable, noCurve } from './learning-curve.ts';

type Fact = TrainingInfo['facts'][number];

/**
 * @param state what is known of this very plan; `undefined` before it is run
 * @param trusted whether anything may be run: without it nothing is offered
 */
export function trainingInfo(
  uri: string,
  plan: TrainPlan,
  state: ItemState | undefined,
  trusted = true,
): TrainingInfo {
  const { name, field } = plan.options.loss;
  const result = state?.outcome?.training;
  const curve = state?.curve ?? noCurve;
  const action = trusted ? (itemAction(plan, state) as TrainingInfo['action']) : undefined;
  return {
    uri,
    id: plan.id,
    title: plan.title,
    state: state?.state ?? 'not run',
    summary: itemText(plan, state),
    ...(action ? { action } : {}),
    loss: `${name}(${field})`,
    stepsWanted: plan.options.steps,
    // The result has the whole curve, also where an earlier session trained.
    points: drawable(result?.curve ?? curve.points).map(({ step, loss, validation }) => ({
      ...{ step, loss },
      ...(validation === undefined ? {} : { validation }),
    })),
    steps: curve.steps,
    facts: result ? resultFacts(result) : runningFacts(plan, state),
  };
}

/** What a plot shows when its training is no longer in the file. */
export function goneTraining(uri: string, id: string): TrainingInfo {
  return {
    ...{ uri, id, title: id, state: 'gone', loss: '', stepsWanted: 0, points: [], steps: [], facts: [] },
    summary: 'The file has no such training now.',
  };
}

function runningFacts(plan: TrainPlan, state: ItemState | undefined): Fact[] {
  const { progress, curve } = state ?? {};
  if (!progress?.training) return [{ name: 'steps', text: grouped(plan.options.steps) }];
  const { loss, secondsLeft } = progress.training;
  const validation = curve?.points.findLast((point) => point.validation !== undefined)?.validation;
  return [
    { name: 'step', text: `${grouped(progress.done)} of ${grouped(progress.total)}` },
    { name: 'loss', text: shortNumber(loss) },
    ...(validation === undefined ? [] : [{ name: 'validation loss', text: shortNumber(validation) }]),
    ...(state?.state === 'running' ? [{ name: 'time left', text: duration(secondsLeft) }] : []),
  ];
}

function resultFacts(training: NonNullable<NonNullable<ItemState['outcome']>['training']>): Fact[] {
  const { steps, ended, bestStep, curve, validation, test, seconds, resumedAt } = training;
  return [
    { name: 'steps', text: grouped(steps) + (ended === 'no more progress' ? ', no more progress' : '') },
    ...(bestStep === undefined ? [] : [{ name: 'kept', text: `step ${grouped(bestStep)}` }]),
    ...(curve.length > 0 ? [{ name: 'loss', text: shortNumber(curve.at(-1)!.loss) }] : []),
    ...metricFacts('validation', validation),
    ...metricFacts('test', test),
    { name: 'time', text: duration(seconds.total) },
    ...(resumedAt === undefined ? [] : [{ name: 'resumed', text: `after ${counted(resumedAt, 'step')}` }]),
  ];
}

function metricFacts(split: string, metrics: Metrics = {}): Fact[] {
  return Object.entries(metrics).map(([name, value]) => ({
    name: `${split} ${name}`,
    text: name === 'loss' ? shortNumber(value) : String(Number(value.toPrecision(3))),
  }));
}
