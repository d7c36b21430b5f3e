/** A running Python: starting it, asking it, and how it ended. */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { NdArray } from '../../tensor/array.ts';
import { endedFault, faultOf, memoryFault, notStartedFault, type PythonFacts } from './faults.ts';
import { encodeFrame, type Frame, FrameReader, protocolVersion } from './protocol.ts';

/** What the process ends with when it takes more memory than it may (noether_worker/guard.py). */
const memoryExit = 87;

/** Characters of standard error that are kept for a message. */
const tailLength = 4000;

export interface PythonProcess {
  /** As it says of itself: "3.11.7". */
  readonly python: string;
  readonly numpy: string;
  readonly alive: boolean;
  /**
   * Sends a request and waits for its reply; one at a time.
   * @throws Fault `model/python-…` for what the process says is wrong, and when it ends.
   */
  ask(
    header: Readonly<Record<string, unknown>>,
    arrays?: readonly (NdArray & { readonly name: string })[],
  ): Promise<Frame>;
  /** Faults from now on are about this model. */
  serve(facts: PythonFacts): void;
  /** While it is not held, it does not keep Noether's own process alive. */
  hold(held: boolean): void;
  /** Ends it, and settles when it is gone. */
  end(): Promise<void>;
}

/** Where the worker's files lie: beside this source file, or in the folder `python` beside the bundle. */
function workerFile(): string {
  const fromSources = import.meta.url.endsWith('.ts');
  return fileURLToPath(new URL(fromSources ? './worker.py' : './python/worker.py', import.meta.url));
}

interface Waiting {
  resolve(frame: Frame): void;
  reject(error: unknown): void;
}

/**
 * @param interpreter absolute path.
 * @param folder the process's working folder: the specification's.
 * @param log gets each line that the user's code, or Python itself, prints.
 * @throws Fault `model/python-…` when there is no working Python with numpy.
 */
export async function startPython(
  interpreter: string,
  folder: string,
  first: PythonFacts,
  log: (line: string) => void,
): Promise<PythonProcess> {
  let facts = first;
  // -B: no __pycache__ in the user's folders, which are only read.
  const child = spawn(interpreter, ['-B', '-X', 'utf8', workerFile()], {
    cwd: folder,
    env: { ...oneThread, ...process.env, PYTHONUNBUFFERED: '1' },
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
  });
  let tail = '';
  let rest = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    tail = (tail + text).slice(-tailLength);
    const lines = (rest + text).split('\n');
    rest = lines.pop()!.slice(-tailLength);
    for (const line of lines) log(line);
  });

  let waiting: Waiting | undefined;
  let ended: unknown;
  const fail = (error: unknown) => {
    ended ??= error;
    waiting?.reject(ended);
    waiting = undefined;
  };
  const gone = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      fail(notStartedFault(facts, error.message));
      resolve();
    });
    child.once('close', (code, signal) => {
      if (rest) log(rest);
      fail(code === memoryExit ? memoryFault(facts) : endedFault(facts, { code, signal, tail }));
      resolve();
    });
  });
  const reader = new FrameReader((frame) => {
    const asked = waiting;
    waiting = undefined;
    asked?.resolve(frame);
  });
  child.stdout.on('data', (chunk: Buffer) => {
    try {
      reader.push(chunk);
    } catch {
      // Not frames: whatever it is, it is not our worker that speaks.
      child.kill('SIGKILL');
    }
  });
  // A pipe that breaks means that the process has ended, which 'close' tells with its reason.
  child.stdin.on('error', () => {});
  child.stdout.on('error', () => {});

  const reply = () =>
    new Promise<Frame>((resolve, reject) => {
      if (ended) reject(ended);
      else waiting = { resolve, reject };
    });
  const ready = checked(await reply(), facts);
  if (ready.header.protocol !== protocolVersion) {
    throw new Error(`the Python worker speaks protocol ${ready.header.protocol}, not ${protocolVersion}`);
  }
  return {
    python: String(ready.header.python),
    numpy: String(ready.header.numpy),
    get alive() {
      return ended === undefined;
    },
    async ask(header, arrays = []) {
      // What it printed before says nothing about how it ends now.
      tail = '';
      const answer = reply();
      for (const piece of encodeFrame(header, arrays)) child.stdin.write(piece);
      return checked(await answer, facts);
    },
    serve(next) {
      facts = next;
    },
    hold(held) {
      for (const part of [child, child.stdin, child.stdout, child.stderr] as unknown as ChildProcess[]) {
        if (held) part.ref();
        else part.unref();
      }
    },
    async end() {
      child.kill('SIGKILL');
      await gone;
    },
  };
}

/** One worker takes one core, and sums that threads share out would differ from run to run. What the user sets goes first. */
const oneThread = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1' };

function checked(frame: Frame, facts: PythonFacts): Frame {
  if (frame.header.type === 'fault') throw faultOf(frame.header, facts);
  return frame;
}
