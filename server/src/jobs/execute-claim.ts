/** Evaluates a claim: trains what is to be trained, once for each seed, measures, compares. */
import { type Dataset, decide, findingOf, loadDataset } from '@noether/engine';
import { innermostPlan, withInnermost } from '../plan/innermost.ts';
import type { ClaimPlan, DataPlan, MeasurePlan, RunSettings } from '../plan/plan.ts';
import type { ClaimOutcome } from '../report/report.ts';
import type { ExecuteContext } from './execute.ts';
import { trainOnce } from './execute-train.ts';
import { placed } from './facts.ts';
import { type MeasureContext, measureNow } from './measure.ts';
import { backendOf } from './open-model.ts';
import { findTrained, namesOf, trainingOf } from './trained-weights.ts';

/** A user's mistake ends as findings; only cancellation rejects. Finished trainings are kept for the next attempt. */
export async function executeClaim(
  plan: ClaimPlan,
  settings: RunSettings,
  context: ExecuteContext,
): Promise<ClaimOutcome> {
  const started = performance.now();
  let current: MeasurePlan | undefined;
  try {
    const load = datasets(settings);
    const seeds = Array.from({ length: plan.seeds }, (_, i) => plan.seed + i);
    const values: number[][] = plan.measures.map(() => []);
    for (const [place, seed] of seeds.entries()) {
      for (const [index, measure] of plan.measures.entries()) {
        current = measure;
        context.signal.throwIfAborted();
        const own = values[index]!;
        // What no seed changes is measured once.
        if (place > 0 && isFact(measure)) own.push(own[0]!);
        else own.push(await measureWith(measure, seed));
      }
    }
    const decision = decide(plan.left, plan.comparison, plan.right, values, plan.confidence);
    const family = plan.measures.find(({ model }) => innermostPlan(model).kind === 'family')?.model;
    return {
      status: 'done',
      decision,
      measures: plan.measures.map(({ text }, i) => ({ text, values: values[i]! })),
      seconds: (performance.now() - started) / 1000,
      ...(family ? await backendOf(family, settings) : {}),
      findings: [],
    };

    async function measureWith(measure: MeasurePlan, seed: number): Promise<number> {
      const model = weighs(measure) ? withSeed(measure, seed) : untrained(measure);
      const inner = innermostPlan(model);
      const training = inner.kind === 'family' ? trainingOf(inner) : undefined;
      // A claim writes nothing to the user's own places.
      if (training && !findTrained(training, await namesOf(training, settings), settings)) {
        const { save: _, ...unsaved } = training;
        await trainOnce(unsaved, await load(training.data), settings, context);
      }
      const dataset = measure.data && (await load(measure.data));
      const own: MeasureContext = { plan: { ...measure, model }, training, dataset, seed, settings, context };
      context.onProgress(seeds.indexOf(seed), seeds.length, `measuring ${measure.text}, seed ${seed}`);
      return measureNow(own);
    }
  } catch (error) {
    context.signal.throwIfAborted();
    const finding = placed(findingOf(error), current?.model, current?.data);
    return { status: 'failed', findings: [finding], seconds: (performance.now() - started) / 1000 };
  }
}

function isFact({ measure }: MeasurePlan): boolean {
  return measure === 'parameters' || measure === 'flops';
}

/** Whether the value depends on the weights at all: costs do not, and nothing is to be trained for them. */
function weighs({ measure }: MeasurePlan): boolean {
  return !['parameters', 'flops', 'time', 'memory'].includes(measure);
}

function untrained({ model }: MeasurePlan): MeasurePlan['model'] {
  return withInnermost(model, (inner) => {
    if (inner.kind !== 'family') return inner;
    const { trained: _, ...own } = inner;
    return own;
  });
}

/** The same training from another seed: its weights are not those that the user asked to save, and are only kept. */
function withSeed({ model }: MeasurePlan, seed: number): MeasurePlan['model'] {
  return withInnermost(model, (inner) => {
    if (inner.kind !== 'family' || !inner.trained || inner.trained.options.seed === seed) return inner;
    const { save: _, ...trained } = inner.trained;
    return { ...inner, trained: { ...trained, options: { ...trained.options, seed } } };
  });
}

/** Each data set is loaded once. */
function datasets(settings: RunSettings): (plan: DataPlan) => Promise<Dataset> {
  const loaded = new Map<string, Promise<Dataset>>();
  return (plan) => {
    const key = JSON.stringify(plan);
    let dataset = loaded.get(key);
    if (!dataset) {
      dataset = loadDataset(plan, { maxBytes: settings.maxDataBytes });
      loaded.set(key, dataset);
    }
    return dataset;
  };
}
