/** The one way in which Noether says that a name is not known: the nearest name, the whole list, and a repair. */
import type { FindingCode } from '@noether/engine/catalog';
import { closest, listText } from './closest.ts';
import type { Anchor, Problem } from './problem.ts';

export interface UnknownName extends Anchor {
  readonly code: FindingCode;
  /** What kind of thing was looked for: "type", "option of a check". */
  readonly kind: string;
  readonly name: string;
  readonly known: readonly string[];
  /** Names that people coming from elsewhere use: `{ float: 'scalar' }`. */
  readonly aliases?: Readonly<Record<string, string>>;
}

/** `there is no type \`vectr\`; did you mean \`vector\`?` */
export function unknownName({ code, kind, name, known, aliases, ...anchor }: UnknownName): Problem {
  const alias = aliases?.[name.toLowerCase()];
  const near = alias && known.includes(alias) ? alias : closest(name, known);
  return {
    ...anchor,
    code,
    message: near
      ? `there is no ${kind} \`${name}\`; did you mean \`${near}\`?`
      : `there is no ${kind} \`${name}\``,
    expected: known.length ? listText(known) : `a ${kind}; there are none`,
    found: name,
    advice: known.length ? `Known are ${listText(known, 'and')}.` : undefined,
    repairs: near ? [{ title: `Change to \`${near}\``, text: near }] : [],
  };
}
