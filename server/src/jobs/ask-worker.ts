/** One question to a worker process of its own: tensors and Python are only ever in workers. */
import { Fault, type Finding } from '@noether/engine/catalog';
import { deferred } from './deferred.ts';
import { endingInWords } from './findings.ts';
import type { FromWorker, Progress, ToWorker } from './messages.ts';
import { workerFile } from './worker-file.ts';
import { type Ending, startWorker } from './worker-process.ts';

export interface Question<T> {
  readonly message: ToWorker;
  /** The answer, where a message is it. */
  answerIn(message: FromWorker): T | Finding | undefined;
  /** What to say when the worker ends before it answers; `late`: because it had taken longer than `limit`. */
  lost(ending: Ending, late: boolean): Omit<Finding, 'severity'>;
  /** Seconds; without it the worker may take its time. */
  readonly limit?: number;
  /** MB; default 4096. */
  readonly memoryLimit?: number;
  readonly signal?: AbortSignal;
  /** Default: the worker that was built, or its source. */
  readonly file?: string;
  readonly onProgress?: (progress: Progress) => void;
  readonly log?: (line: string) => void;
}

/** @throws Fault what the worker answers with, or `lost` when it ends without an answer; the signal's reason when aborted. */
export async function askWorker<T extends object>(question: Question<T>): Promise<T> {
  const { message, limit, signal, memoryLimit = 4096, file = workerFile(), log = () => {} } = question;
  signal?.throwIfAborted();
  const answer = deferred<T | Finding>();
  const worker = startWorker({
    file,
    memoryLimit,
    onMessage: (said) => {
      if (said.type === 'progress') question.onProgress?.(said);
      const found = question.answerIn(said);
      if (found) answer.resolve(found);
    },
    onLog: log,
  });
  worker.send(message);
  const stop = () => worker.kill();
  signal?.addEventListener('abort', stop, { once: true });
  let late = false;
  const timer =
    limit === undefined
      ? undefined
      : setTimeout(() => {
          late = true;
          worker.kill();
        }, limit * 1000);
  const lost = worker.ended.then((ending) => {
    signal?.throwIfAborted();
    throw new Fault(question.lost(ending, late));
  });
  try {
    const found = await Promise.race([answer.promise, lost]);
    if (isFinding(found)) throw new Fault(found);
    return found;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
    worker.kill();
    await lost.catch(() => {});
  }
}

function isFinding(answer: object): answer is Finding {
  return 'code' in answer && 'message' in answer;
}

/** For `lost`: the worker crashed. @param who starts the sentence: "The process of this run" */
export function crashed(who: string, ending: Ending): Omit<Finding, 'severity'> {
  return {
    code: 'job/worker-crashed',
    message: `${who} ended unexpectedly`,
    found: endingInWords(ending),
    advice: 'Run it again with --verbose to see what was printed',
  };
}
