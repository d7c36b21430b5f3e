/** `train`, `benchmark`, `compare`, `discover` and `claim` blocks -> what to run. */
import { ambientText } from '@noether/engine/catalog';
import { AstUtils } from 'langium';
import {
  type Benchmark,
  type Claim,
  type Compare,
  collectProblems,
  type Data,
  type Discover,
  type EquiServices,
  hasErrors,
  type Item,
  isBenchmark,
  isCheck,
  isCompare,
  isDiscover,
  isSpecification,
  isTrain,
  type Model,
  type Report,
  readBenchmark,
  readClaim,
  readCompare,
  readData,
  readDiscover,
  readModel,
  readTrain,
  type Train,
  trainingsBefore,
} from '../language/index.ts';
import { checkClaim } from '../language/validation/claim.ts';
import { checkCompare } from '../language/validation/compare.ts';
import { checkDiscover } from '../language/validation/discover.ts';
import { checkTrain } from '../language/validation/train.ts';
import type {
  BenchmarkPlan,
  ClaimPlan,
  ComparePlan,
  DiscoverPlan,
  MeasurePlan,
  ModelPlan,
  TrainingRecipe,
  TrainPlan,
} from './plan.ts';
import { dataPlanOf, modelPlanOf, savePathOf } from './task-parts.ts';

/** `undefined` when anything that the block rests on has an error; the document's findings say which. */
export function planTrain(train: Train, services: EquiServices): TrainPlan | undefined {
  const model = train.model?.ref;
  const data = train.data?.ref;
  if (!model || !data) return undefined;
  const { report, problems } = collectProblems();
  checkTrain(train, services.knowledge, report);
  const { options, timeLimit } = readTrain(train);
  const modelPlan = plannedModel(train, model, services, report);
  const dataReading = readData(data, report);
  if (!options || !modelPlan || hasErrors(problems)) return undefined;
  const save = savePathOf(readTrain(train));
  const title = `train ${model.name} on ${data.name}`;
  return {
    kind: 'train',
    id: title,
    title,
    model: modelPlan,
    data: dataPlanOf(dataReading),
    options,
    ...(save === undefined ? {} : { save }),
    timeLimit,
  };
}

/** `undefined` as in {@link planTrain}. */
export function planBenchmark(benchmark: Benchmark, services: EquiServices): BenchmarkPlan | undefined {
  const data = benchmark.data?.ref;
  if (!data) return undefined;
  const { report, problems } = collectProblems();
  const { options, timeLimit } = readBenchmark(benchmark, report);
  const models = benchmark.models.map((model) =>
    model.ref ? plannedModel(benchmark, model.ref, services, report) : undefined,
  );
  const dataReading = readData(data, report);
  if (models.some((model) => !model) || hasErrors(problems)) return undefined;
  const names = benchmark.models.map(({ $refText }) => $refText).join(', ');
  const title = `benchmark ${names} on ${data.name}`;
  return {
    kind: 'benchmark',
    id: title,
    title,
    models: models as ModelPlan[],
    data: dataPlanOf(dataReading),
    options,
    timeLimit,
  };
}

/** `undefined` as in {@link planTrain}. */
export function planCompare(compare: Compare, services: EquiServices): ComparePlan | undefined {
  const model = compare.model?.ref;
  const data = compare.data?.ref;
  if (!model || !data || (compare.other && !compare.other.ref)) return undefined;
  const { report, problems } = collectProblems();
  checkCompare(compare, report);
  const other = compare.other?.ref === model ? undefined : compare.other?.ref;
  const { backends, precisions, within, expect, timeLimit } = readCompare(compare);
  const planned = plannedModel(compare, model, services, report);
  const plannedOther = other && plannedModel(compare, other, services, report);
  const dataReading = readData(data, report);
  if (!planned || (other && !plannedOther) || hasErrors(problems)) return undefined;
  const title = `compare ${model.name}${other ? ` with ${other.name}` : ''} on ${data.name}`;
  return {
    kind: 'compare',
    id: title,
    title,
    model: planned,
    ...(plannedOther ? { other: plannedOther } : {}),
    data: dataPlanOf(dataReading),
    options: { backends, precisions, within },
    expect,
    timeLimit,
  };
}

/** `undefined` as in {@link planTrain}. */
export function planDiscover(discover: Discover, services: EquiServices): DiscoverPlan | undefined {
  const model = discover.model?.ref;
  const data = discover.data?.ref;
  if (!model || !data) return undefined;
  const { report, problems } = collectProblems();
  checkDiscover(discover, services.knowledge, report);
  const { ambient, options, expect, timeLimit } = readDiscover(discover);
  const planned = plannedModel(discover, model, services, report);
  const dataReading = readData(data, report);
  if (!planned || !ambient || hasErrors(problems)) return undefined;
  const title = `discover ${model.name} on ${data.name} within ${ambientText(ambient)}`;
  return {
    kind: 'discover',
    id: title,
    title,
    model: planned,
    data: dataPlanOf(dataReading),
    ambient,
    options,
    ...(expect ? { expect } : {}),
    timeLimit,
  };
}

/** `undefined` as in {@link planTrain}. */
export function planClaim(claim: Claim, services: EquiServices): ClaimPlan | undefined {
  const { report, problems } = collectProblems();
  checkClaim(claim, report);
  const { comparison, seeds, seed, confidence, expect, timeLimit } = readClaim(claim);
  if (!comparison || hasErrors(problems)) return undefined;
  const measures = comparison.measures.map(
    ({ measure, text, model, data, move }): MeasurePlan | undefined => {
      const planned = plannedModel(claim, model, services, report);
      // A family takes its sizes from the fields of data, also where only its parameters are counted.
      const fed = data ?? dataOf(claim, model);
      return (
        planned && {
          measure,
          text,
          model: planned,
          ...(fed ? { data: dataPlanOf(readData(fed, report)) } : {}),
          ...(move ? { move } : {}),
        }
      );
    },
  );
  if (measures.some((measure) => !measure) || hasErrors(problems)) return undefined;
  return {
    kind: 'claim',
    id: claim.text,
    title: claim.text,
    left: comparison.left,
    comparison: comparison.operator,
    right: comparison.right,
    text: comparison.text,
    measures: measures as MeasurePlan[],
    seeds,
    seed,
    confidence,
    expect,
    timeLimit,
  };
}

/** The data that the file uses a model on. */
function dataOf(claim: Claim, model: Model): Data | undefined {
  const items = AstUtils.getContainerOfType(claim, isSpecification)?.items ?? [];
  for (const item of items) {
    if ((isCheck(item) || isTrain(item) || isDiscover(item)) && item.model?.ref === model)
      return item.data?.ref;
    if (isCompare(item) && (item.model?.ref === model || item.other?.ref === model)) return item.data?.ref;
    if (isBenchmark(item) && item.models.some(({ ref }) => ref === model)) return item.data?.ref;
  }
  return undefined;
}

/** The model as it is at this place of the file: after the trainings that stand before it. */
export function plannedModel(
  item: Item,
  model: Model,
  services: EquiServices,
  report: Report,
): ModelPlan | undefined {
  const reading = readModel(model, services.knowledge, report);
  if (!reading) return undefined;
  if (reading.kind === 'wrapped') {
    const inner = plannedModel(item, reading.inner.node, services, report);
    const plan = modelPlanOf(reading);
    return inner && plan.kind === 'wrapped' ? { ...plan, model: inner } : undefined;
  }
  const plan = modelPlanOf(reading);
  if (plan.kind !== 'family') return plan;
  let trained: TrainingRecipe | undefined;
  for (const train of trainingsBefore(item, model)) {
    const trainReading = readTrain(train, report);
    const data = train.data?.ref;
    if (!trainReading.options || !data) return undefined;
    const save = savePathOf(trainReading);
    trained = {
      data: dataPlanOf(readData(data, report)),
      options: trainReading.options,
      ...(save === undefined ? {} : { save }),
      ...(trained ? { before: trained } : {}),
    };
  }
  return trained ? { ...plan, trained } : plan;
}
