/**
 * Watches the data and model files that checks read, in this process. Clients watch their workspace at most, some watch
 * nothing, and data often lies elsewhere.
 */
import { type FSWatcher, watch } from 'node:fs';
import { dirname, join } from 'node:path';

/** Milliseconds of quiet after which changes are told: a large file is written in many pieces. */
const quiet = 150;
/** Folders at most; file systems limit watchers, and every save and run looks at the files again anyway. */
const mostFolders = 64;

export class FolderWatch {
  private readonly folders = new Map<string, FSWatcher>();
  private readonly changed = new Set<string>();
  private readonly tell: (files: ReadonlySet<string>) => void;
  private timer: NodeJS.Timeout | undefined;

  constructor(tell: (files: ReadonlySet<string>) => void) {
    this.tell = tell;
  }

  /** From now on watches the folders of exactly these files. */
  watch(files: Iterable<string>): void {
    const wanted = new Set([...files].map(dirname));
    for (const [folder, watcher] of this.folders) {
      if (wanted.has(folder)) continue;
      watcher.close();
      this.folders.delete(folder);
    }
    for (const folder of wanted) {
      if (this.folders.has(folder) || this.folders.size >= mostFolders) continue;
      try {
        const watcher = watch(folder, { persistent: false }, (_, name) => {
          if (name) this.note(join(folder, name));
        });
        // A folder that is deleted ends its watcher; a run will say that the file is missing.
        watcher.on('error', () => {
          watcher.close();
          this.folders.delete(folder);
        });
        this.folders.set(folder, watcher);
      } catch {
        // Not there, or no watcher to be had: saves and runs look at the files themselves.
      }
    }
  }

  close(): void {
    clearTimeout(this.timer);
    this.watch([]);
  }

  private note(file: string): void {
    this.changed.add(file);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      const files = new Set(this.changed);
      this.changed.clear();
      this.tell(files);
    }, quiet);
  }
}
