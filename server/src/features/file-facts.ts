/**
 * What the headers of data and model files say, remembered until the file changes. Headers are small whatever the size
 * of the file, so this may run in the server's own process.
 */
import { stat } from 'node:fs/promises';

/** A function of a file's content whose answers are kept. At most {@link capacity} files are remembered. */
export class FileMemo<T> {
  private readonly compute: (file: string) => Promise<T>;
  private readonly known = new Map<string, { stamp: string; value: Promise<T> }>();

  constructor(compute: (file: string) => Promise<T>) {
    this.compute = compute;
  }

  /** @throws whatever the file system or the function throws; failures are not remembered. */
  async get(file: string): Promise<T> {
    const { mtimeMs, size, ino } = await stat(file);
    const stamp = `${ino}:${mtimeMs}:${size}`;
    const known = this.known.get(file);
    if (known?.stamp === stamp) return known.value;
    const value = this.compute(file);
    this.known.delete(file);
    this.known.set(file, { stamp, value });
    if (this.known.size > capacity) this.known.delete(this.known.keys().next().value!);
    value.catch(() => {
      if (this.known.get(file)?.value === value) this.known.delete(file);
    });
    return value;
  }

  /** The same, with `undefined` in place of a failure: validation and runs say what is wrong with a file. */
  async find(file: string): Promise<T | undefined> {
    try {
      return await this.get(file);
    } catch {
      return undefined;
    }
  }
}

const capacity = 256;
