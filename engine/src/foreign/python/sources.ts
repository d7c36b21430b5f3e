/**
 * Which files a Python module is made of, without running Python: its own, and those of the modules that it imports from
 * the same folder. Imports that are made while the program runs (importlib, plug-ins) are not seen.
 */
import { readFile, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';

/**
 * Absolute paths of the sources, the module's own first; empty when the module is not in the folder (it is installed, or
 * does not exist).
 * @param folder absolute path of the folder that imports start from.
 * @param module dotted: `package.module`.
 */
export async function pythonSources(folder: string, module: string): Promise<string[]> {
  const found = new Set<string>();
  const waiting = [...(await filesOfModule(folder, module))];
  for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
    if (found.has(file)) continue;
    found.add(file);
    const text = await readFile(file, 'utf8').catch(() => '');
    for (const name of importedBy(text, packageOf(folder, file))) {
      waiting.push(...(await filesOfModule(folder, name)));
    }
  }
  return [...found];
}

/** The module's own file first, then those of the packages around it, which are run before it. */
async function filesOfModule(folder: string, module: string): Promise<string[]> {
  const parts = module.split('.');
  const own = await fileOf(join(folder, ...parts));
  const around: string[] = [];
  for (let depth = parts.length - 1; depth > 0; depth--) {
    const file = join(folder, ...parts.slice(0, depth), '__init__.py');
    if (await isFile(file)) around.push(file);
  }
  // `from package import name`: the last part may be a name inside the package.
  return own === undefined ? around : [own, ...around];
}

async function fileOf(path: string): Promise<string | undefined> {
  for (const file of [join(path, '__init__.py'), `${path}.py`]) if (await isFile(file)) return file;
  return undefined;
}

async function isFile(file: string): Promise<boolean> {
  return (await stat(file).catch(() => undefined))?.isFile() ?? false;
}

/** The dotted package that a file belongs to: relative imports start there. */
function packageOf(folder: string, file: string): string[] {
  const inside = relative(folder, dirname(file));
  return inside === '' ? [] : inside.split(sep);
}

/** Dotted names of everything that a text may import; names that are no modules among them lead to no file. */
function importedBy(text: string, own: readonly string[]): string[] {
  // Lines that are continued by a backslash or brackets are one statement.
  const plain = text
    .replace(/#[^\n]*/g, '')
    .replace(/\\\r?\n/g, ' ')
    .replace(/\(([^()]*)\)/g, (whole) => whole.replace(/\s+/g, ' '));
  const names: string[] = [];
  for (const match of plain.matchAll(/^[ \t]*import[ \t]+([^\n;]+)/gm)) {
    for (const part of match[1]!.split(',')) names.push(part.trim().split(/\s/)[0]!);
  }
  for (const match of plain.matchAll(/^[ \t]*from[ \t]+(\.*)([\w.]*)[ \t]+import[ \t]+([^\n;]+)/gm)) {
    const [, dots, from, list] = match;
    const start = dots ? own.slice(0, own.length - (dots.length - 1)) : [];
    const base = [...start, ...(from ? from.split('.') : [])];
    if (base.length > 0) names.push(base.join('.'));
    for (const part of list!.replace(/[()]/g, '').split(',')) {
      const name = part.trim().split(/\s/)[0]!;
      if (/^\w+$/.test(name)) names.push([...base, name].join('.'));
    }
  }
  return names.filter((name) => /^[\p{L}_][\p{L}\p{N}_.]*$/u.test(name));
}
