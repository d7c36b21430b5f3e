/** One question to a worker process of its own: tensors and Python are only ever in workers. */
import { Fault, type Finding } from '@noether/engine/catalog';
import { deferred } from './deferred.ts';
import { endingInWords, timeLimitFinding } from './findings.ts';
import type { FromWorker, Progress, ToWorker } from './messages.ts';
import { workerFile } from './worker-file.ts';
import { type Ending, startWorker } from './worker-process.ts';

export interface Question<T> {
  readonly message: ToWorker;
  /** The answer, where a message is it. */
  answerIn(message: FromWorker): T | Finding | undefined;
  /** Seconds. */
  readonly limit: number;
  /** "that looks into the model": ends the sentence about the worker that crashed. */
  readonly what: string;
  readonly onProgress?: (progress: Progress) => void;
  readonly log?: (line: string) => void;
}

/** @throws Fault what the worker answers with, or `job/…` when it does not answer. */
export async function askWorker<T extends object>(question: Question<T>): Promise<T> {
  const { message, limit, what, log = () => {} } = question;
  const answer = deferred<T | Finding>();
  const worker = startWorker({
    file: workerFile(),
    memoryLimit: 4096,
    onMessage: (said) => {
      if (said.type === 'progress') question.onProgress?.(said);
      const found = question.answerIn(said);
      if (found) answer.resolve(found);
    },
    onLog: log,
  });
  worker.send(message);
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    worker.kill();
  }, limit * 1000);
  const lost = worker.ended.then((ending) => {
    throw new Fault(late ? timeLimitFinding(limit) : ended(ending, what));
  });
  try {
    const found = await Promise.race([answer.promise, lost]);
    if ('code' in found && 'message' in found) throw new Fault(found as Finding);
    return found as T;
  } finally {
    clearTimeout(timer);
    worker.kill();
    await lost.catch(() => {});
  }
}

function ended(ending: Ending, what: string): Omit<Finding, 'severity'> {
  return {
    code: 'job/worker-crashed',
    message: `The worker process ${what} ended unexpectedly`,
    found: endingInWords(ending),
    advice: 'Run it again with --verbose to see what was printed',
  };
}
