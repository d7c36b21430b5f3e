/** Tasks that only look: sample counts and shapes of data, facts about models. */
import type { LangiumDocument } from 'langium';
import {
  collectProblems,
  type EquiServices,
  hasErrors,
  isCheck,
  isData,
  isModel,
  readData,
  readModel,
} from '../language/index.ts';
import { specificationOf } from '../language/uses.ts';
import type { DescribePlan } from './plan.ts';
import { dataPlanOf, modelPlanOf } from './task-parts.ts';

/**
 * One task for each sound model and data block of a linked document; their ids are `model NAME` and `data NAME`. A
 * model comes with the data of its first check, because a family takes its sizes from the fields.
 */
export function describePlans(document: LangiumDocument, { knowledge }: EquiServices): DescribePlan[] {
  const items = specificationOf(document)?.items ?? [];
  const checks = items.filter(isCheck);
  return items.flatMap((item): DescribePlan[] => {
    const { report, problems } = collectProblems();
    if (isData(item)) {
      const reading = readData(item, report);
      if (hasErrors(problems)) return [];
      return [{ kind: 'describe', id: `data ${item.name}`, data: dataPlanOf(reading) }];
    }
    if (isModel(item)) {
      const reading = readModel(item, knowledge, report);
      const data = checks.find(({ model }) => model.ref === item)?.data.ref;
      const dataReading = data && readData(data, report);
      if (!reading || hasErrors(problems)) return [];
      return [
        {
          kind: 'describe',
          id: `model ${item.name}`,
          model: modelPlanOf(reading),
          ...(dataReading ? { data: dataPlanOf(dataReading) } : {}),
        },
      ];
    }
    return [];
  });
}
