/** How a run gets on, on stderr: one line that is overwritten when someone looks, plain lines in a pipe. */
import type { Progress } from '../jobs/index.ts';
import { duration, shortNumber, wrap } from '../report/index.ts';
import type { Terminal } from './terminal.ts';

export interface ProgressDisplay {
  onStart(name: string): void;
  onProgress(name: string, progress: Progress): void;
  onEnd(name: string, result: string): void;
  /** Removes the line that is overwritten. Nothing may be shown afterwards. */
  close(): void;
}

/** Milliseconds between two drawings of the line. */
const interval = 100;

export function showProgress(total: number, terminal: Terminal): ProgressDisplay {
  return terminal.live ? liveLine(total, terminal) : plainLines(terminal);
}

function plainLines({ err }: Terminal): ProgressDisplay {
  return {
    onStart: (name) =>
      err(`${/^(train|benchmark|compare|discover) /.test(name) ? 'running' : 'checking'} ${name}\n`),
    onProgress: () => {},
    onEnd: (name, result) => err(`${name}: ${result}\n`),
    close: () => {},
  };
}

function liveLine(total: number, { err, errorWidth }: Terminal): ProgressDisplay {
  const running = new Map<string, string>();
  let ended = 0;
  let drawn = false;
  let timer: NodeJS.Timeout | undefined;

  function draw(): void {
    timer = undefined;
    const texts = [...running].map(([name, text]) => (text ? `${name}: ${text}` : name));
    const line = wrap(`[${ended}/${total}] ${texts.join('; ')}`, Math.max(20, errorWidth - 1))[0]!;
    err(`\r\x1b[2K${line}`);
    drawn = true;
  }
  const soon = () => {
    timer ??= setTimeout(draw, interval);
  };
  return {
    onStart(name) {
      running.set(name, '');
      soon();
    },
    onProgress(name, { done, total, stage, training }) {
      const share = total > 0 && done > 0 ? ` ${Math.round((100 * done) / total)}%` : '';
      const learning = training
        ? `, step ${done} of ${total}, loss ${shortNumber(training.loss)}, ${duration(training.secondsLeft)} left`
        : '';
      running.set(name, `${stage}${learning || share}`);
      soon();
    },
    onEnd(name) {
      running.delete(name);
      ended++;
      soon();
    },
    close() {
      clearTimeout(timer);
      timer = undefined;
      if (drawn) err('\r\x1b[2K');
      drawn = false;
    },
  };
}
