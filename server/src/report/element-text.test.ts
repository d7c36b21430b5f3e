import { expect, it } from 'vitest';
import { pair } from '../cli/argument-values.ts';
import { elementIn, elementWord } from './element-text.ts';
import { replayCommand } from './replay.ts';
import { finished, testOutcome, violatedOutput } from './testing/reports.ts';

const { element } = violatedOutput.worst!;

it('an element is one word that no shell touches, and comes back exactly', () => {
  expect(elementWord(element)).toMatch(/^[\w-]+$/);
  expect(elementIn(elementWord(element))).toEqual(element);
  expect(elementIn(JSON.stringify(element))).toEqual(element);
});

it('what is no element is none', () => {
  const bad = [
    '',
    'x',
    '12',
    '[]',
    '{"kind":"lorentz"}',
    '{"kind":"euclidean","dim":4,"matrix":[],"translation":[]}',
  ];
  for (const text of bad) expect(elementIn(text)).toBeUndefined();
});

it('a witness that was found and not drawn replays by its element', () => {
  const { plan, file } = finished('leaky', testOutcome('violated', []));
  const { draw: _, ...found } = violatedOutput.worst!;
  const output = { ...violatedOutput, worst: found };
  const command = replayCommand(file, plan, 'auto', testOutcome('violated', [output]).verification);
  const [, argument] = /--replay (\S+)$/.exec(command)!;
  expect(pair(argument!)).toEqual({ sample: 3, element });
  expect(pair('3:17')).toEqual({ sample: 3, draw: 17 });
  for (const text of ['3', '3:', ':17', '3:x', '-1:2']) expect(() => pair(text)).toThrow('SAMPLE:DRAW');
});
