/** `noether describe NAME`: a model family, a specification, a model file or a data file. */
import { stat } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { families } from '@noether/engine/catalog';
import { closest } from '../language/index.ts';
import { familiesText, familyText } from './describe-family.ts';
import { dataFileText, onnxFileText, pythonText, tfjsFileText } from './describe-file.ts';
import { describeSpecification } from './describe-specification.ts';
import { exitCodes } from './exit-codes.ts';
import { commandLineFault, printFinding } from './faults.ts';
import { findSpecFiles } from './spec-files.ts';
import type { Terminal } from './terminal.ts';

/** Files of models by their ending; all others are data. */
const texts: Readonly<Record<string, typeof dataFileText>> = { '.onnx': onnxFileText, '.json': tfjsFileText };

/** `package.module:build`; a drive letter has one character. */
const callable = /^[A-Za-z_][\w.]+:[A-Za-z_][\w.]*$/;

/** @throws Fault when there is nothing of this name, or the file cannot be read. */
export async function describeCommand(
  name: string | undefined,
  terminal: Terminal,
  verbose = false,
): Promise<number> {
  const { style } = terminal;
  if (name === undefined) {
    terminal.out(familiesText(families, style));
    return exitCodes.ok;
  }
  const family = families.find((each) => each.name === name);
  if (family) {
    terminal.out(familyText(family, style));
    return exitCodes.ok;
  }
  if (callable.test(name)) {
    const log = verbose ? (line: string) => terminal.err(`${line}\n`) : undefined;
    terminal.out(await pythonText(name, log, style));
    return exitCodes.ok;
  }
  const file = resolve(name);
  await expectFile(name, file);
  if (extname(file) === '.equi') return describeSpecificationFile(name, file, terminal);
  const text = texts[extname(file).toLowerCase()] ?? dataFileText;
  terminal.out(await text(file, style));
  return exitCodes.ok;
}

async function describeSpecificationFile(name: string, file: string, terminal: Terminal): Promise<number> {
  const { findings } = await findSpecFiles([name]);
  const described =
    findings.length > 0 ? { text: '', findings } : await describeSpecification(file, terminal.style);
  terminal.out(described.text);
  for (const finding of described.findings) if (finding.severity !== 'hint') printFinding(finding, terminal);
  return described.findings.some(({ severity }) => severity === 'error') ? exitCodes.wrong : exitCodes.ok;
}

async function expectFile(name: string, file: string): Promise<void> {
  const facts = await stat(file).catch(() => undefined);
  // A folder may be one of pictures.
  if (facts?.isFile() || facts?.isDirectory()) return;
  const names = families.map((each) => each.name);
  const near = closest(name, names);
  throw commandLineFault('spec/nothing-to-describe', {
    message: facts ? `${name} is not a plain file` : `There is no family of models and no file named ${name}`,
    expected: `${names.join(', ')}, or a specification, model or data file`,
    advice: near ? `Did you mean ${near}?` : undefined,
  });
}
