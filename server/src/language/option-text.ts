/** Options in words: for messages, hovers and the documentation. */
import { type GroupSpec, groupText } from '@noether/engine/catalog';
import { listText } from './closest.ts';
import type { LanguageOption } from './option-descriptions.ts';
import type { ReadValue } from './options.ts';

/** What an option takes, as a phrase: "a whole number from 1 to 64", "holds, violated or inconclusive". */
export function optionTypeText(option: LanguageOption): string {
  switch (option.type) {
    case 'number':
    case 'integer':
      return rangeText(option);
    case 'number or word':
      return `${rangeText(option)}, or ${listText(option.words.map(({ name }) => name))}`;
    case 'boolean':
      return 'true or false';
    case 'choice':
      return listText(option.choices);
    case 'choices':
      return `one or several of ${listText(option.choices, 'and')}`;
    case 'fields':
      return 'one or several names of data fields';
    case 'integers':
      return `one or several whole numbers${boundsText(option)}`;
    case 'numbers':
      return `one or several numbers${boundsText(option)}`;
    case 'call':
      return listText(
        option.calls.map(({ name, parameters }) =>
          parameters.length ? `${name}(${parameters.join(', ')})` : name,
        ),
      );
    case 'file':
      return 'a path in quotes';
    case 'map':
      return 'names by names, such as [atom: n_atoms]';
    case 'group':
      return 'a group, such as SO(3), or several in brackets';
    case 'function':
      return listText(option.functions.map(({ name }) => `${name}(FIELD)`));
  }
}

interface Bounded {
  readonly type: string;
  readonly min?: number;
  readonly max?: number;
}

/** "a whole number of at least 1". */
export function rangeText(option: Bounded): string {
  const whole = option.type === 'integer' || option.type === 'integers';
  return `${whole ? 'a whole number' : 'a number'}${boundsText(option)}`;
}

/** " from 1 to 64", " of at least 1", or nothing. */
export function boundsText({ min, max }: Pick<Bounded, 'min' | 'max'>): string {
  if (min !== undefined && max !== undefined) return ` from ${numberText(min)} to ${numberText(max)}`;
  if (min !== undefined) return ` of at least ${numberText(min)}`;
  if (max !== undefined) return ` of at most ${numberText(max)}`;
  return '';
}

/** A value as one would write it in a specification. */
export function optionValueText(value: ReadValue | undefined): string {
  if (value === undefined) return 'none';
  if (Array.isArray(value)) {
    return value.length === 1 ? optionValueText(value[0]) : `[${value.map(optionValueText).join(', ')}]`;
  }
  if (typeof value !== 'object') return String(value);
  if ('kind' in value) return groupText(value as GroupSpec);
  if ('call' in value)
    return `${value.call}(${(value as { arguments: readonly number[] }).arguments.join(', ')})`;
  return `[${Object.entries(value)
    .map(([key, name]) => `${key}: ${name}`)
    .join(', ')}]`;
}

/** The default of an option, as documentation shows it. */
export function defaultText(option: LanguageOption): string {
  return optionValueText(option.default as ReadValue | undefined);
}

/** Large numbers in the short form that the language reads too: 1e12. */
function numberText(number: number): string {
  const short = number.toExponential().replace('+', '');
  return short.length < String(number).length ? short : String(number);
}
