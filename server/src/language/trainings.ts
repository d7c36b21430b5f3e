/** Which trainings a model has been through at a place in the file: those that stand before it. */
import { AstUtils } from 'langium';
import { type Claim, type Item, isSpecification, isTrain, type Model, type Train } from './generated/ast.ts';
import { innerModel } from './inner-model.ts';

/** The `train` blocks of a model, or of the one that it wraps, before an item, in the order of the file. */
export function trainingsBefore(item: Item | Claim, model: Model): Train[] {
  const trained = innerModel(model);
  const specification = AstUtils.getContainerOfType(item, isSpecification);
  const items = specification?.items ?? [];
  const place = items.indexOf(item as Item);
  return items.slice(0, place).filter((one): one is Train => isTrain(one) && one.model?.ref === trained);
}
