/** The text of a starter specification. */
import { type Guess, guessGroup, guessText, guessType, indexSetOf, isBatched } from './guess-types.ts';
import type { ModelFacts } from './init-command.ts';

export interface StarterRequest {
  /** Of the model. */
  readonly name: string;
  /** What wrote it. */
  readonly command: string;
  readonly facts: ModelFacts;
  readonly data?: {
    readonly path: string;
    readonly arrays: readonly { readonly name: string; readonly shape: readonly (number | null)[] }[];
  };
}

export function starterText({ name, command, facts, data }: StarterRequest): string {
  const ports = [...facts.inputs, ...facts.outputs];
  const setting = { index: indexSetOf(ports), batched: isBatched(ports) };
  const guess = (direction: 'input' | 'output') => (port: (typeof ports)[number]) => ({
    direction,
    name: port.name,
    guess: guessType(port, direction, setting),
  });
  const inputs = facts.inputs.map(guess('input'));
  const outputs = facts.outputs.map(guess('output'));
  const group = guessGroup(inputs.map((input) => input.guess));
  const fields = inputs.map((input) => dataLine(input.name, input.guess, data?.arrays));
  const options = Object.entries({ checkpoint: facts.checkpoint, python: facts.python }).flatMap(
    ([option, value]) => (value === undefined ? [] : [`  ${option}: ${JSON.stringify(value)}`]),
  );
  return [
    `// Written by \`${command}\`.`,
    '// Lines marked "guess" were guessed from names and shapes: put right what is not so, and take the mark off.',
    '',
    data
      ? '// The samples.'
      : '// guess: name the file with your samples; `noether describe FILE` says what it holds.',
    `data samples from ${JSON.stringify(data?.path ?? 'samples.npz')} {`,
    ...aligned(fields),
    '}',
    '',
    `model ${name} from ${facts.source} ${JSON.stringify(facts.path)} {`,
    ...options,
    ...aligned(
      [...inputs, ...outputs].map(({ direction, name: port, guess: own }) => ({
        text: `${direction.padEnd(6)} ${written(port)}: ${guessText(own)}`,
        comment: `guess: ${own.why}`,
      })),
    ),
    '}',
    '',
    group
      ? `check ${name} on samples under ${group} // guess: the symmetry that the inputs suggest`
      : `// guess: nothing in the inputs suggests a symmetry. One to start with:\n// check ${name} on samples under SE(3)`,
    '',
  ].join('\n');
}

interface Line {
  readonly text: string;
  readonly comment: string;
}

/** A field of the data that feeds an input: by the array of its name, else by the only one that looks like it. */
function dataLine(
  name: string,
  guess: Guess,
  arrays: readonly { readonly name: string; readonly shape: readonly (number | null)[] }[] | undefined,
): Line {
  const text = `${written(name)}: ${guessText(guess)}`;
  if (!arrays) return { text, comment: 'guess' };
  if (arrays.some((array) => array.name === name)) return { text, comment: 'guess' };
  const spatial = 'dim' in guess.type.representation || guess.type.representation.kind === 'fourvector';
  const rank = 1 + guess.type.axes.length + (spatial ? 1 : 0);
  const alike = arrays.filter(({ shape }) => shape.length === rank);
  const [one] = alike;
  return one && alike.length === 1
    ? { text: `${text} from ${written(one.name)}`, comment: 'guess: the only array of this form' }
    : { text, comment: `guess: which of ${arrays.map((array) => array.name).join(', ')}?` };
}

function aligned(lines: readonly Line[]): string[] {
  const width = Math.max(0, ...lines.map(({ text }) => text.length));
  return lines.map(({ text, comment }) => `  ${text.padEnd(width)} // ${comment}`);
}

/** Names that are no words stand in quotes. */
function written(name: string): string {
  return /^[_a-zA-Z]\w*$/.test(name) ? name : JSON.stringify(name);
}
