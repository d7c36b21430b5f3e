/** Waiting for files to change. */
import { existsSync, type FSWatcher, watch } from 'node:fs';
import { basename, dirname } from 'node:path';

export interface FileWatch {
  /** Settles after the first change, once things have been quiet for a moment. */
  readonly changed: Promise<void>;
  close(): void;
}

/** Milliseconds without a further change: an editor that saves touches a file several times. */
const quiet = 150;

/**
 * Watches the folders of the files, not the files: editors replace a file when they save, and what is missing may come.
 * @param folders in which a new specification counts as a change.
 */
export function watchFiles(files: readonly string[], folders: readonly string[]): FileWatch {
  const names = new Map<string, Set<string>>();
  const namesIn = (folder: string) => {
    const there = names.get(folder) ?? new Set<string>();
    names.set(folder, there);
    return there;
  };
  for (const file of files) {
    // Of a path that does not exist yet, the part that does: its next step is what will appear.
    let path = file;
    while (!existsSync(dirname(path)) && dirname(path) !== path) path = dirname(path);
    namesIn(dirname(path)).add(basename(path));
  }
  for (const folder of folders) namesIn(folder);

  const watchers: FSWatcher[] = [];
  let timer: NodeJS.Timeout | undefined;
  const close = () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
  const changed = new Promise<void>((resolve) => {
    for (const [folder, wanted] of names) {
      try {
        const watcher = watch(folder, (_, name) => {
          const counts =
            name === null || wanted.has(name) || (folders.includes(folder) && name.endsWith('.equi'));
          if (!counts) return;
          clearTimeout(timer);
          timer = setTimeout(resolve, quiet);
        });
        watcher.on('error', () => {});
        watchers.push(watcher);
      } catch {
        // The folder has gone meanwhile: nothing in it can be watched.
      }
    }
  }).finally(close);
  return { changed, close };
}
