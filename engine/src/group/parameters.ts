/** The ranges of group parameters, held against the documented ones. */
import { Fault } from '../fault.ts';
import { type GroupParameter, groupDescriptions } from './description.ts';
import type { GroupSpec } from './group.ts';

/**
 * Checks the parameters of one factor.
 * @throws Fault `group/bad-parameter`, naming the parameter, its range and what was found.
 */
export function checkParameters(spec: Exclude<GroupSpec, { kind: 'product' }>): void {
  const description = groupDescriptions.find(({ name }) => name === spec.kind)!;
  for (const parameter of description.parameters) {
    const value = (spec as unknown as Record<string, unknown>)[parameter.name];
    if (isAllowed(value, parameter)) continue;
    const expected = rangeText(parameter);
    throw new Fault({
      code: 'group/bad-parameter',
      message: `${spec.kind}: "${parameter.name}" must be ${expected}, not ${shown(value)}`,
      expected,
      found: shown(value),
      advice: `Write it as in "${description.example}".`,
    });
  }
}

function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  return typeof value === 'number' ? String(value) : JSON.stringify(value);
}

function isAllowed(value: unknown, { type, required, choices, min, max }: GroupParameter): boolean {
  if (type === 'index') {
    return value === undefined ? !required : typeof value === 'string' && value !== '';
  }
  if (typeof value !== 'number' || !Number.isFinite(value)) return false;
  if (type === 'integer' && !Number.isInteger(value)) return false;
  if (choices && !choices.includes(value)) return false;
  return value >= (min ?? -Infinity) && value <= (max ?? Infinity);
}

/** "2 or 3", "an integer from 1 to 360", "a number from 0.001 to 10". */
function rangeText({ type, choices, min, max }: GroupParameter): string {
  if (type === 'index') return 'the name of an index set';
  if (choices) return choices.join(' or ');
  return `${type === 'integer' ? 'an integer' : 'a number'} from ${min} to ${max}`;
}
