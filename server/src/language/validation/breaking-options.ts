/** An option of a model family that breaks the symmetry that a check claims for it. */
import type { GroupSpec } from '@noether/engine/catalog';
import type { Check } from '../generated/ast.ts';
import { factorsOf } from '../groups.ts';
import { optionValueText } from '../option-text.ts';
import type { Repair, Report } from '../problem.ts';
import type { CheckReading } from '../read-check.ts';
import type { ModelReading } from '../read-model.ts';

/** The words by which descriptions name what is broken, and the groups that contain it. */
const motions: readonly { readonly word: RegExp; readonly groups: readonly GroupSpec['kind'][] }[] = [
  { word: /rotation/i, groups: ['SO', 'O', 'SE', 'E', 'C', 'D', 'Lorentz'] },
  { word: /translation/i, groups: ['T', 'SE', 'E'] },
  { word: /reflection|mirror|inversion|parity/i, groups: ['O', 'E', 'D', 'Z2'] },
  { word: /permutation|order of/i, groups: ['S'] },
  { word: /boost|lorentz/i, groups: ['Lorentz'] },
  { word: /shift/i, groups: ['shift'] },
];

/** Whether what a description says is broken belongs to the group; a description that names nothing known always does. */
export function concerns(breaks: string, group: GroupSpec): boolean {
  const named = motions.filter(({ word }) => word.test(breaks));
  if (named.length === 0) return true;
  return factorsOf(group).some(({ kind }) => named.some(({ groups }) => groups.includes(kind)));
}

/** Information at the check, with the option as the related place. Silent when the check expects a violation. */
export function checkBreakingOptions(
  reading: CheckReading & { readonly group: GroupSpec },
  model: ModelReading,
  report: Report,
): void {
  if (model.kind !== 'family' || reading.options.expect !== 'holds') return;
  for (const description of model.family.options) {
    const value = model.options[description.name];
    if (!description.breaks || value === undefined) continue;
    const single = Array.isArray(value) ? value : [value];
    for (const one of single) {
      const key = typeof one === 'object' && 'call' in one ? one.call : String(one);
      const breaks = description.breaks[key];
      if (!breaks || !concerns(breaks, reading.group)) continue;
      const entry = model.entries.get(description.name);
      const written = `${description.name}: ${optionValueText(one)}`;
      report({
        code: 'model/breaks-symmetry',
        severity: 'information',
        message: `\`${written}\` of \`${model.node.name}\` ${breaks}`,
        advice: 'If that is meant, write `expect: violated`, so that the check records it.',
        node: reading.node,
        property: 'model',
        repairs: [expectViolated(reading.node)],
        related: entry && [{ message: `\`${written}\``, node: entry }],
      });
    }
  }
}

function expectViolated(check: Check): Repair {
  const title = 'Expect the violation';
  const expect = check.entries.find(({ name }) => name === 'expect');
  if (expect) return { title, text: 'violated', anchor: { node: expect, property: 'value' } };
  const last = check.entries.at(-1);
  if (last) return { title, text: '  expect: violated', anchor: { node: last }, where: 'after' };
  const braces = check.$cstNode?.text.trimEnd().endsWith('}');
  const lastPart = check.name ? 'name' : 'group';
  return braces
    ? { title, text: ' { expect: violated }', anchor: { node: check }, where: 'after' }
    : { title, text: ' { expect: violated }', anchor: { node: check, property: lastPart }, where: 'after' };
}
