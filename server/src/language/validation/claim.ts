/** What can be said of a `claim` before anything is run: measures, their subjects, seeds. */
import { AstUtils } from 'langium';
import { listText } from '../closest.ts';
import { type Claim, isData, isMeasure, isModel, type Measure, type Subject } from '../generated/ast.ts';
import { innerModel } from '../inner-model.ts';
import { measureDescriptions, qualifierDescriptions } from '../measure-descriptions.ts';
import type { Report } from '../problem.ts';
import { readClaim } from '../read-claim.ts';
import { trainingsBefore } from '../trainings.ts';
import { unknownName } from '../unknown-name.ts';

export function checkClaim(claim: Claim, report: Report): void {
  const { seeds } = readClaim(claim, report);
  if (!claim.condition) return;
  const measures = AstUtils.streamAllContents(claim.condition).filter(isMeasure).toArray();
  if (measures.length === 0 && claim.condition.right) {
    report({
      code: 'spec/constant-claim',
      severity: 'warning',
      message: 'this comparison measures nothing: both sides are numbers',
      expected: 'a measure, such as `accuracy(model, data)`',
      node: claim.condition,
    });
  }
  for (const measure of measures) checkMeasure(measure, claim, report);
  if (seeds < 3 && measures.some((measure) => isChancy(measure, claim))) {
    report({
      code: 'claim/few-seeds',
      severity: 'warning',
      message: `${seeds === 1 ? 'one seed says' : 'two seeds say'} little about a trained model`,
      expected: 'at least 3 seeds',
      found: String(seeds),
      advice: 'Write `seeds: 3` or more.',
      node: claim.entries.find(({ name }) => name === 'seeds') ?? claim,
    });
  }
}

/** Whether its value depends on a training. */
function isChancy(measure: Measure, claim: Claim): boolean {
  return (
    learnt.has(measure.name) &&
    measure.subjects.some(({ target }) => {
      const model = target?.ref;
      return isModel(model) && trainingsBefore(claim, model).length > 0;
    })
  );
}

const learnt = new Set(['accuracy', 'mean_iou', 'auc', 'mae', 'mse']);

function checkMeasure(measure: Measure, claim: Claim, report: Report): void {
  const description = measureDescriptions.find(({ name }) => name === measure.name);
  if (!description) {
    report(
      unknownName({
        code: 'spec/unknown-measure',
        kind: 'measure',
        name: measure.name,
        known: measureDescriptions.map(({ name }) => name),
        node: measure,
        property: 'name',
      }),
    );
    return;
  }
  const kinds = measure.subjects.map((subject) => kindOf(subject));
  const wanted = description.takesData ? ['model', 'data'] : ['model'];
  const fits =
    kinds.length === wanted.length && kinds.every((kind, i) => kind === 'unknown' || kind === wanted[i]);
  if (!fits) {
    report({
      code: 'spec/measure-subjects',
      message: `\`${description.name}\` is written \`${description.name}(${wanted.join(', ')})\``,
      expected: listText(
        wanted.map((kind) => (kind === 'model' ? 'a model' : kind)),
        'and',
      ),
      found: kinds.length ? listText(kinds, 'and') : 'nothing',
      node: measure,
    });
  }
  for (const subject of measure.subjects) checkQualifier(subject, report);
  const model = measure.subjects.map(({ target }) => target?.ref).find(isModel);
  if (!fits || !model) return;
  if (description.name === 'gap' && measure.subjects.every(({ qualifier }) => qualifier === undefined)) {
    report({
      code: 'claim/no-group',
      message: '`gap` needs to know the group: say how the data is moved',
      expected: 'as in `gap(model, rotated data)`',
      found: 'data that is not moved',
      node: measure,
    });
  }
  const hasWeights = innerModel(model).entries.some(({ name }) => name === 'weights');
  if (learnt.has(description.name) && !hasWeights && trainingsBefore(claim, model).length === 0) {
    report({
      code: 'claim/not-trained',
      message: `\`${description.name}\` is about a trained model, and \`${model.name}\` is not trained before this claim`,
      expected: `a \`train ${model.name} on …\` above`,
      found: 'none',
      advice: 'Train the model earlier in this file, or give it `weights` that Noether has saved.',
      node: measure,
    });
  }
}

function kindOf(subject: Subject): 'model' | 'data' | 'unknown' {
  const target = subject.target?.ref;
  return isModel(target) ? 'model' : isData(target) ? 'data' : 'unknown';
}

function checkQualifier(subject: Subject, report: Report): void {
  if (subject.qualifier === undefined) return;
  const known = qualifierDescriptions.map(({ name }) => name);
  if (!known.includes(subject.qualifier)) {
    report(
      unknownName({
        code: 'spec/unknown-qualifier',
        kind: 'way of moving data',
        name: subject.qualifier,
        known,
        node: subject,
        property: 'qualifier',
      }),
    );
  } else if (kindOf(subject) === 'model') {
    report({
      code: 'spec/measure-subjects',
      message: `\`${subject.qualifier}\` belongs to data, not to a model`,
      found: `\`${subject.qualifier} ${subject.target.$refText}\``,
      node: subject,
    });
  }
}
