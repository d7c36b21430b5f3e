/** Values on the command line, read with messages that say what is possible. Commander puts the option's name in front. */
import { InvalidArgumentError } from 'commander';

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

/** `3:17`, as reports write it. */
export function pair(text: string): { sample: number; draw: number } {
  const match = /^(\d+):(\d+)$/.exec(text.trim());
  if (!match) throw new InvalidArgumentError('It must be SAMPLE:DRAW, two whole numbers such as 3:17.');
  return { sample: Number(match[1]), draw: Number(match[2]) };
}

/** For an option that may be given several times. */
export function collect(text: string, before: readonly string[] = []): string[] {
  return [...before, text];
}
