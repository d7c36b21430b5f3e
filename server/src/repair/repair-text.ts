/** A proposal as lines of the specification: the wrapped models, and the check of the outermost. */
import type { Check } from '../language/index.ts';
import type { Proposal, WrapStep } from './propose.ts';

export interface RepairText {
  /** The outermost model. */
  readonly name: string;
  /** All models that are declared, the outermost last. */
  readonly names: readonly string[];
  /** `model leaky_framed = framed(leaky, SE(3))` and the check, a line each; with the line breaks of the file. */
  readonly text: string;
}

/**
 * @param check whose data, group and options the new check has; a verdict that it expects is left out
 * @param taken names that are declared already
 */
export function repairText(check: Check, { steps }: Proposal, taken: ReadonlySet<string>): RepairText {
  const used = new Set(taken);
  const lines: string[] = [];
  const names: string[] = [];
  let inner = check.model.$refText;
  const base = inner;
  for (const step of steps) {
    const name = freeName(`${base}_${step.wrapper}${step.options.signs === 'one' ? '_one' : ''}`, used);
    used.add(name);
    names.push(name);
    lines.push(`model ${name} = ${wrapText(step, inner)}`);
    inner = name;
  }
  lines.push(`check ${inner} on ${check.data.$refText} under ${check.group.$cstNode!.text}${blockOf(check)}`);
  return { name: inner, names, text: lines.join('\n') };
}

function wrapText({ wrapper, group, options }: WrapStep, inner: string): string {
  const given = Object.entries(options).map(([name, value]) => `${name}: ${value}`);
  const block = given.length > 0 ? ` { ${given.join('  ')} }` : '';
  return `${wrapper}(${group === undefined ? inner : `${inner}, ${group}`})${block}`;
}

/** The options of the check, but not what it expects. */
function blockOf({ entries, $cstNode }: Check): string {
  const kept = entries.filter(({ name }) => name !== 'expect').map((entry) => entry.$cstNode!.text);
  if (kept.length === 0) return '';
  const spread = /\{[^}]*\n/.test($cstNode!.text);
  return spread ? ` {\n${kept.map((entry) => `  ${entry}`).join('\n')}\n}` : ` { ${kept.join('  ')} }`;
}

function freeName(wanted: string, taken: ReadonlySet<string>): string {
  if (!taken.has(wanted)) return wanted;
  let number = 2;
  while (taken.has(`${wanted}_${number}`)) number++;
  return `${wanted}_${number}`;
}

/** Where the lines go: behind the check and what else stands on its last line, if that is a comment. */
export function placeBehind(check: Check, text: string): number {
  const { end } = check.$cstNode!;
  const rest = /^[^\S\r\n]*(?:\/\/[^\r\n]*)?(?=\r?\n|$)/.exec(text.slice(end));
  return end + (rest ? rest[0].length : 0);
}

/** What is put in at {@link placeBehind}: the lines, after a blank one, with the line breaks of the file. */
export function addedBehind(text: string, repairs: readonly RepairText[]): string {
  const lineBreak = text.includes('\r\n') ? '\r\n' : '\n';
  return `\n\n${repairs.map((repair) => repair.text).join('\n\n')}`.replaceAll('\n', lineBreak);
}

/** The text of a file with lines put in behind a check, a blank line between. */
export function withRepairs(text: string, check: Check, repairs: readonly RepairText[]): string {
  const at = placeBehind(check, text);
  const added = addedBehind(text, repairs);
  const end = text.includes('\r\n') ? '\r\n' : '\n';
  return `${text.slice(0, at)}${added}${text.slice(at) === '' ? end : text.slice(at)}`;
}
