/** What can be said of a `train` block before anything is run: the loss, its target, the output that predicts it. */
import { actionOf, targetOf } from '@noether/engine/catalog';
import type { Train } from '../generated/ast.ts';
import { innermost } from '../innermost-reading.ts';
import type { Knowledge } from '../knowledge.ts';
import { collectProblems, hasErrors, type Report } from '../problem.ts';
import { readData } from '../read-data.ts';
import { foreignTitles, readModel } from '../read-model.ts';
import { readTrain } from '../read-train.ts';
import { knowsLossField } from './loss.ts';
import { fieldsOf, reportingFaults } from './static-check.ts';

export function checkTrain(train: Train, knowledge: Knowledge, report: Report): void {
  const { options, entries } = readTrain(train, report);
  const model = train.model?.ref;
  const data = train.data?.ref;
  if (!options || !model || !data) return;
  // Problems inside the two blocks are told there.
  const inside = collectProblems();
  const modelReading = readModel(model, knowledge, inside.report);
  const { fields } = readData(data, inside.report);
  if (!modelReading || hasErrors(inside.problems)) return;
  const loss = entries.get('loss')!;
  if (!knowsLossField(loss, options.loss, data.name, fields, report)) return;
  const wrapped = innermost(modelReading);
  if (modelReading.kind === 'wrapped') {
    report({
      code: 'train/not-trainable',
      message: `\`${model.name}\` cannot be trained: it is \`${modelReading.inner.node.name}\`, wrapped`,
      expected: 'a model of a family',
      found: modelReading.wrapper.usage,
      advice:
        wrapped.kind === 'family'
          ? `Train \`${wrapped.node.name}\`, and \`${model.name}\` has the trained weights.`
          : `Train \`${wrapped.node.name}\` where it was made, and export it again.`,
      node: train,
      property: 'model',
    });
    return;
  }
  if (modelReading.kind !== 'family') {
    report({
      code: 'train/not-trainable',
      message: `\`${model.name}\` cannot be trained here: it comes from elsewhere, and is not one of the model families`,
      expected: 'a model of a family',
      found: foreignTitles[modelReading.kind],
      advice: 'Train it where it was made, and export it again.',
      node: train,
      property: 'model',
    });
    return;
  }
  const plain = fieldsOf(fields);
  const signature = reportingFaults(
    () => modelReading.family.signature(modelReading.options, plain),
    { node: train, property: 'model' },
    report,
  );
  if (!signature) return;
  reportingFaults(() => targetOf(signature, { fields: plain }, options.loss), { node: loss }, report);
  const augment = entries.get('augment');
  if (!augment || !options.augment) return;
  for (const field of plain) {
    const answer = actionOf(options.augment, field.type);
    if (answer.acts) continue;
    report({ code: 'group/no-action', message: `\`${field.name}\`: ${answer.reason}`, node: augment });
  }
}
