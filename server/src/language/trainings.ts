/** Which trainings a model has been through at a place in the file: those that stand before it. */
import { AstUtils } from 'langium';
import { type Claim, type Item, isSpecification, isTrain, type Model, type Train } from './generated/ast.ts';

/** The `train` blocks of a model before an item, in the order of the file. */
export function trainingsBefore(item: Item | Claim, model: Model): Train[] {
  const specification = AstUtils.getContainerOfType(item, isSpecification);
  const items = specification?.items ?? [];
  const place = items.indexOf(item as Item);
  return items.slice(0, place).filter((one): one is Train => isTrain(one) && one.model?.ref === model);
}
