/** Asks a worker of its own which backends load on this machine: loading them is what may crash. */
import { type BackendState, Fault, type Finding } from '@noether/engine/catalog';
import { deferred } from './deferred.ts';
import { endingInWords } from './findings.ts';
import { workerFile } from './worker-file.ts';
import { startWorker } from './worker-process.ts';

/**
 * Every backend with its availability and the reason, best first.
 * @throws Fault `backend/survey-failed` when the worker ends, or takes longer than `limit` seconds.
 */
export async function surveyInWorker({
  log = () => {},
  file = workerFile(),
  limit = 60,
}: {
  log?: (line: string) => void;
  file?: string;
  limit?: number;
} = {}): Promise<readonly BackendState[]> {
  const answer = deferred<readonly BackendState[]>();
  const worker = startWorker({
    file,
    memoryLimit: 4096,
    onMessage: (message) => {
      if (message.type === 'survey') answer.resolve(message.survey);
    },
    onLog: log,
  });
  worker.send({ type: 'survey' });
  const timer = setTimeout(() => worker.kill(), limit * 1000);
  const ended = worker.ended.then((ending) => {
    throw new Fault(failed(endingInWords(ending)));
  });
  try {
    return await Promise.race([answer.promise, ended]);
  } finally {
    clearTimeout(timer);
    worker.kill();
    await ended.catch(() => {});
  }
}

function failed(found: string): Omit<Finding, 'severity'> {
  return {
    code: 'backend/survey-failed',
    message: 'The worker process that looks for backends ended unexpectedly',
    found,
    advice: 'Run it again with --verbose to see what the worker printed',
  };
}
