/** Markdown about the things of the language: options, types, families, groups. For hovers and completion. */
import {
  type AmbientDescription,
  type FamilyDescription,
  wrapperDescriptions,
} from '@noether/engine/catalog';
import type { LanguageOption } from '../language/option-descriptions.ts';
import { defaultText, optionTypeText } from '../language/option-text.ts';
import type { TypeDescription } from '../language/type-descriptions.ts';

/** What an option is, what it takes, its default and its unit. */
export function optionMarkdown(option: LanguageOption): string {
  const facts = [`Takes ${optionTypeText(option)}.`];
  if (option.unit) facts.push(`Unit: ${option.unit}.`);
  if (option.default !== undefined) facts.push(`Default: \`${defaultText(option)}\`.`);
  return [`**${option.name}**`, option.doc, facts.join(' '), wordList(option), breaksText(option)]
    .filter(Boolean)
    .join('\n\n');
}

/** The words that an option takes, each with its meaning. */
export function optionWords(option: LanguageOption): { name: string; insert: string; doc: string }[] {
  const plain = (name: string) => ({ name, insert: name, doc: option.breaks?.[name] ?? '' });
  switch (option.type) {
    case 'boolean':
      return ['true', 'false'].map(plain);
    case 'choice':
    case 'choices':
      return option.choices.map(plain);
    case 'number or word':
      return option.words.map(({ name, doc }) => ({ name, insert: name, doc }));
    case 'call':
      return option.calls.map(({ name, parameters, doc }) => ({
        name: parameters.length ? `${name}(${parameters.join(', ')})` : name,
        insert: parameters.length
          ? `${name}(${parameters.map((parameter, i) => `\${${i + 1}:${parameter}}`).join(', ')})`
          : name,
        doc,
      }));
    case 'function':
      return option.functions.map(({ name, doc }) => ({
        name: `${name}(FIELD)`,
        insert: `${name}(\${1:field})`,
        doc,
      }));
    default:
      return [];
  }
}

function wordList(option: LanguageOption): string {
  const words = optionWords(option).filter(
    ({ doc }) => doc !== '' && !Object.values(option.breaks ?? {}).includes(doc),
  );
  return words.map(({ name, doc }) => `- \`${name}\`: ${doc}`).join('\n');
}

function breaksText(option: LanguageOption): string {
  return Object.entries(option.breaks ?? {})
    .map(([value, what]) => `- \`${value}\` ${what}.`)
    .join('\n');
}

/** What a wrapper does to a model; `undefined` for a word that is none. */
export function wrapperMarkdown(name: string): string | undefined {
  const wrapper = wrapperDescriptions.find((each) => each.name === name);
  return wrapper && [`**${wrapper.name}**: \`${wrapper.usage}\``, wrapper.doc].join('\n\n');
}

export function typeMarkdown(type: TypeDescription): string {
  return [
    `**${type.form}**`,
    type.doc,
    `\`\`\`equi\n${type.example}\n\`\`\``,
    `Shape of one sample: \`${type.shape}\`.`,
  ].join('\n\n');
}

export function familyMarkdown({ name, doc, paper, options }: FamilyDescription): string {
  const title = paper.link ? `[${paper.title}](${paper.link})` : paper.title;
  const names = options.map((option) => `\`${option.name}\``).join(', ');
  return [`**${name}**`, doc, `${paper.authors}: *${title}* (${paper.year})`, `Options: ${names}.`].join(
    '\n\n',
  );
}

export function groupMarkdown({ usage, doc, example, parameters }: AmbientDescription): string {
  const list = parameters.map(({ name, doc, unit, default: fallback }) => {
    const facts = [unit ? `unit: ${unit}` : '', fallback === undefined ? '' : `default: ${fallback}`].filter(
      Boolean,
    );
    return `- \`${name}\`: ${doc}${facts.length ? ` (${facts.join('; ')})` : ''}`;
  });
  return [`**${usage}**`, doc, list.join('\n'), `\`\`\`equi\n${example}\n\`\`\``]
    .filter(Boolean)
    .join('\n\n');
}
