/** The one way in which Noether says that a name is not known: the nearest name, the whole list, and a repair. */
import type { FindingCode } from '@noether/engine/catalog';
import { closest, listText } from './closest.ts';
import type { Anchor, Problem } from './problem.ts';

export interface UnknownName extends Anchor {
  readonly code: FindingCode;
  /** What kind of thing was looked for: "type", "option". */
  readonly kind: string;
  /** How the message begins; default: "there is no KIND". */
  readonly lead?: string;
  readonly name: string;
  readonly known: readonly string[];
  /** Names that people coming from elsewhere use: `{ float: 'scalar' }`. */
  readonly aliases?: Readonly<Record<string, string>>;
}

/** `there is no type \`vectr\`; did you mean \`vector\`?` */
export function unknownName({
  code,
  kind,
  lead = `there is no ${kind}`,
  name,
  known,
  aliases,
  ...anchor
}: UnknownName): Problem {
  const alias = aliases?.[name.toLowerCase()];
  const near = alias && known.includes(alias) ? alias : closest(name, known);
  return {
    ...anchor,
    code,
    message: near ? `${lead} \`${name}\`; did you mean \`${near}\`?` : `${lead} \`${name}\``,
    expected: known.length ? listText(known) : `no ${kind}`,
    found: name,
    advice: adviceText(known),
    repairs: near ? [{ title: `Change to \`${near}\``, text: near }] : [],
  };
}

function adviceText(known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  return known.length === 1 ? `The only one is ${known[0]}.` : `Known are ${listText(known, 'and')}.`;
}
