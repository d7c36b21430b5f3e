/** The specification of a repair: finding the one that is meant, and putting lines into it. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { NodeFileSystem } from 'langium/node';
import { type Check, createEquiServices, isCheck } from '../language/index.ts';
import { specificationOf } from '../language/uses.ts';
import { type RepairText, withRepairs } from '../repair/repair-text.ts';
import { CommandLineFault, commandLineFault } from './faults.ts';
import { findSpecFiles } from './spec-files.ts';
import { openDocuments } from './specifications.ts';

/** The specification that has checks of the model. */
export async function fileOf(model: string, file: string | undefined): Promise<string> {
  if (file !== undefined) {
    const { files, findings } = await findSpecFiles([file]);
    if (findings[0]) throw new CommandLineFault(findings[0]);
    if (files.length === 1) return files[0]!;
    return theOne(model, files);
  }
  const { files } = await findSpecFiles(['.']);
  return theOne(model, files);
}

async function theOne(model: string, files: readonly string[]): Promise<string> {
  const documents = await openDocuments(files, createEquiServices(NodeFileSystem));
  const having = documents.filter((document) =>
    specificationOf(document)?.items.some((item) => isCheck(item) && item.model?.$refText === model),
  );
  if (having.length === 1) return having[0]!.uri.fsPath;
  const shown = (having.length > 0 ? having.map(({ uri }) => uri.fsPath) : files).map((one) =>
    relative(process.cwd(), one),
  );
  throw commandLineFault('repair/no-file', {
    message:
      having.length > 0
        ? `Several specifications check \`${model}\``
        : `No specification here checks \`${model}\``,
    expected: 'one specification, named after the model',
    found: shown.join(', ') || 'no specifications',
    advice: `Name it: noether repair ${model} ${shown[0] ?? 'FILE.equi'}`,
  });
}

/** Puts the lines into the file in one step. @throws Fault when the file has changed since it was read. */
export function writeRepairs(
  path: string,
  text: string,
  repairs: readonly { readonly node: Check; readonly lines: RepairText }[],
): void {
  if (readFileSync(path, 'utf8') !== text) {
    throw commandLineFault('repair/file-changed', {
      message: 'The specification has changed while its checks ran, and stays as it is',
      expected: 'the text that was read at the start',
      found: 'another one',
      place: { file: path },
      advice: 'Run the command again.',
    });
  }
  // From the last check to the first, so that earlier places stay where they are.
  const repairedText = repairs
    .toSorted((a, b) => b.node.$cstNode!.offset - a.node.$cstNode!.offset)
    .reduce((before, { node, lines }) => withRepairs(before, node, [lines]), text);
  const aside = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(aside, repairedText);
    renameSync(aside, path);
  } catch (error) {
    throw commandLineFault('spec/not-written', {
      message: 'The specification cannot be written',
      expected: 'a folder that may be written to',
      found: String((error as NodeJS.ErrnoException).code),
      place: { file: path },
    });
  }
}
