/** `package.module:build`: which callable of which module. */
import { Fault } from '../../fault.ts';

export interface PythonTarget {
  /** Dotted: `package.module`. */
  readonly module: string;
  /** A name in it, dotted where it is inside a class. */
  readonly name: string;
}

const dotted = '[\\p{L}_][\\p{L}\\p{N}_]*(?:\\.[\\p{L}_][\\p{L}\\p{N}_]*)*';
const pattern = new RegExp(`^(${dotted}):(${dotted})$`, 'u');

/** @throws Fault `model/python-target` when the text is of another form. */
export function parseTarget(text: string): PythonTarget {
  const match = pattern.exec(text);
  if (!match) {
    throw new Fault({
      code: 'model/python-target',
      message: `"${text}" names no Python callable`,
      expected: 'package.module:callable',
      found: text,
      advice: text.endsWith('.py')
        ? `Write the module without ".py", a colon and the name of the callable: "${moduleOf(text)}:build".`
        : 'Write the module as Python imports it, a colon, and the name of the callable: "models.net:build".',
    });
  }
  return { module: match[1]!, name: match[2]! };
}

function moduleOf(file: string): string {
  return file
    .replace(/\.py$/, '')
    .replace(/^\.?\//, '')
    .replaceAll('/', '.');
}
