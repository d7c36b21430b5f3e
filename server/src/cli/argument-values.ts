/** Values on the command line, read with messages that say what is possible. Commander puts the option's name in front. */
import { resolve } from 'node:path';
import type { Replay } from '@noether/engine/catalog';
import { InvalidArgumentError } from 'commander';
import { elementIn } from '../report/element-text.ts';

export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text.trim()) || value < least || value > most) {
      const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
      throw new InvalidArgumentError(`It must be a whole number ${range}.`);
    }
    return value;
  };
}

export function positiveNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value <= 0) {
    throw new InvalidArgumentError('It must be a number above 0.');
  }
  return value;
}

/** `3:17`, or `3:` and an element as reports write it. */
export function pair(text: string): Replay {
  const match = /^(\d+):(?:(\d+)|(\S.*))$/.exec(text.trim());
  const sample = Number(match?.[1]);
  if (match?.[2] !== undefined) return { sample, draw: Number(match[2]) };
  const element = match?.[3] === undefined ? undefined : elementIn(match[3]);
  if (element) return { sample, element };
  throw new InvalidArgumentError(
    'It must be SAMPLE:DRAW, two whole numbers such as 3:17, or SAMPLE:ELEMENT from a replay line.',
  );
}

/** A command such as `python3.12` stays; a path starts where the command line does. */
export function interpreter(text: string): string {
  return /[\\/]/.test(text) ? resolve(text) : text;
}

/** For an option that may be given several times. */
export function collect(text: string, before: readonly string[] = []): string[] {
  return [...before, text];
}
