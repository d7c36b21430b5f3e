/** Which files of a workspace are specifications. */
import { DefaultWorkspaceManager, type FileSystemNode, UriUtils } from 'langium';

/** Folders that hold no specifications but may hold very many files. Dot folders are left out too. */
const skippedFolders = new Set([
  'node_modules',
  'venv',
  'env',
  'site-packages',
  '__pycache__',
  'wandb',
  'lightning_logs',
  'mlruns',
  'checkpoints',
  'ckpts',
  'dist',
  'out',
]);

/** True for `.equi` files and for folders that are worth entering. */
export function isWorthIndexing({ uri, isDirectory, isFile }: FileSystemNode): boolean {
  const name = UriUtils.basename(uri);
  if (name.startsWith('.')) return false;
  if (isDirectory) return !skippedFolders.has(name) && !name.endsWith('.egg-info');
  return isFile && name.endsWith('.equi');
}

export class EquiWorkspaceManager extends DefaultWorkspaceManager {
  override shouldIncludeEntry(entry: FileSystemNode): boolean {
    return isWorthIndexing(entry);
  }
}
