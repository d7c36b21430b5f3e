/** The files that a string in a specification may name. */
import { readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { LangiumDocument } from 'langium';
import { absolutePath } from './declarations.ts';

/** What the path is for; decides which files are offered. */
export type PathPurpose = 'use' | 'data' | 'model' | 'option';

const extensions: Readonly<Record<PathPurpose, readonly string[]>> = {
  use: ['.equi'],
  data: ['.npz', '.npy', '.safetensors', '.xyz', '.extxyz', '.csv'],
  model: ['.onnx', '.json'],
  option: ['.safetensors'],
};

/** Folders and files that are never meant. */
const hidden = /^\.|^(node_modules|__pycache__)$/;
const most = 200;

export interface PathProposal {
  readonly name: string;
  readonly folder: boolean;
}

/** Entries of the folder that `typed` reaches, relative to the document: `data/ob` lists `data`. */
export async function pathProposals(
  document: LangiumDocument,
  typed: string,
  purpose: PathPurpose,
): Promise<PathProposal[]> {
  if (document.uri.scheme !== 'file') return [];
  const folder = absolutePath(document, typed.slice(0, typed.lastIndexOf('/') + 1) || '.');
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter((entry) => !hidden.test(entry.name) && join(folder, entry.name) !== document.uri.fsPath)
      .filter((entry) => !entry.isFile() || extensions[purpose].includes(extname(entry.name).toLowerCase()))
      .slice(0, most)
      .map((entry) => ({ name: entry.name, folder: entry.isDirectory() }));
  } catch {
    return [];
  }
}
