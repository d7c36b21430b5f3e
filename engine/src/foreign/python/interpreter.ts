/** Which Python runs a model: looked up in files, without starting any. */
import { createHash } from 'node:crypto';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { delimiter, dirname, isAbsolute, join, resolve } from 'node:path';
import { Fault } from '../../fault.ts';

export interface PythonWish {
  /** The model's own wish: an absolute path, or a command such as `python3.12`. */
  readonly python?: string;
  /** The setting `noether.python`, `--python`, or what is chosen in the editor's Python extension: likewise. */
  readonly setting?: string;
  /** Absolute path of the specification's folder: a `.venv` is looked for there and in the folders around it. */
  readonly folder: string;
}

export interface Interpreter {
  /** Absolute path. */
  readonly file: string;
  /** Where the choice came from. */
  readonly reason: string;
}

/**
 * The first of: what the model asks for; the setting; `.venv` in the folder or above; python3, then python, on the PATH.
 * @throws Fault `model/python-no-interpreter`
 */
export async function findPython(
  { python, setting, folder }: PythonWish,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Interpreter> {
  if (python)
    return { file: await wanted(python, 'the model asks for', env), reason: 'asked for by the model' };
  if (setting) {
    const file = await wanted(
      setting,
      'the setting noether.python, --python or the editor’s choice of an interpreter asks for',
      env,
    );
    return { file, reason: 'the setting noether.python, --python or the editor’s choice' };
  }
  for (const parent of parentsOf(folder)) {
    for (const inside of environmentPaths) {
      const file = join(parent, '.venv', ...inside);
      if (await isFile(file)) return { file, reason: `the environment ${join(parent, '.venv')}` };
    }
  }
  for (const command of ['python3', 'python']) {
    const file = await onPath(command, env);
    if (file) return { file, reason: 'the first on the PATH' };
  }
  throw new Fault({
    code: 'model/python-no-interpreter',
    message: 'There is no Python to run the model with',
    expected: 'a .venv beside the specification, or python3 on the PATH',
    found: 'neither',
    advice: 'Name one: `python: "/path/to/bin/python"` in the model’s block, or the setting noether.python.',
  });
}

const environmentPaths = [
  ['bin', 'python'],
  ['Scripts', 'python.exe'],
];

async function wanted(python: string, who: string, env: NodeJS.ProcessEnv): Promise<string> {
  const isCommand = !/[\\/]/.test(python);
  const candidates = isCommand
    ? [await onPath(python, env)]
    : [python, ...environmentPaths.map((inside) => join(python, ...inside))];
  for (const file of candidates) if (file && isAbsolute(file) && (await isFile(file))) return file;
  throw new Fault({
    code: 'model/python-no-interpreter',
    message: `There is no Python at ${python}, which ${who}`,
    expected: isCommand ? 'a command on the PATH' : 'an interpreter, or the folder of an environment',
    found: 'nothing that can be run',
    advice: 'Make the environment, or name another one; a relative path starts at the specification.',
  });
}

async function onPath(command: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const endings = process.platform === 'win32' ? ['.exe', ''] : [''];
  for (const folder of (env.PATH ?? env.Path ?? '').split(delimiter).filter(isAbsolute)) {
    for (const ending of endings) {
      const file = join(folder, command + ending);
      if (await isFile(file)) return file;
    }
  }
  return undefined;
}

function parentsOf(folder: string): string[] {
  const parents = [folder];
  for (let parent = dirname(folder); parent !== parents.at(-1); parent = dirname(parent))
    parents.push(parent);
  return parents;
}

async function isFile(file: string): Promise<boolean> {
  return (await stat(file).catch(() => undefined))?.isFile() ?? false;
}

/**
 * Changes with the interpreter and with the packages that are installed beside it, as far as their names and versions
 * say (the `.dist-info` folders that installers write): for knowing whether a result still holds.
 */
export async function interpreterFingerprint(file: string): Promise<string> {
  const hash = createHash('sha256').update(file);
  const real = await realpath(file).catch(() => file);
  const facts = await stat(real).catch(() => undefined);
  hash.update(`\0${facts?.size}\0${facts?.mtimeMs}`);
  const prefixes = new Set([file, real].map((path) => resolve(dirname(path), '..')));
  for (const prefix of prefixes) {
    hash.update(await readFile(join(prefix, 'pyvenv.cfg'), 'utf8').catch(() => ''));
    for (const folder of await packageFolders(prefix)) {
      const names = await readdir(folder).catch(() => []);
      hash.update(`\0${folder}\0${names.filter((name) => /\.(dist|egg)-info$/.test(name)).sort()}`);
    }
  }
  return hash.digest('hex');
}

async function packageFolders(prefix: string): Promise<string[]> {
  const folders = [join(prefix, 'Lib', 'site-packages'), join(prefix, 'lib', 'python3', 'dist-packages')];
  for (const lib of [join(prefix, 'lib'), join(prefix, 'local', 'lib')]) {
    for (const name of (await readdir(lib).catch(() => [])).sort()) {
      if (!/^python3\.\d+$/.test(name)) continue;
      folders.push(join(lib, name, 'site-packages'), join(lib, name, 'dist-packages'));
    }
  }
  return folders;
}
