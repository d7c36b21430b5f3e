/** Asks a worker of its own what a Python callable takes: only worker processes start Python. */
import { Fault, type Finding, type PythonDescription, type PythonQuestion } from '@noether/engine/catalog';
import { deferred } from './deferred.ts';
import { endingInWords, timeLimitFinding } from './findings.ts';
import { workerFile } from './worker-file.ts';
import type { Ending } from './worker-process.ts';
import { startWorker } from './worker-process.ts';

/** Seconds that importing and building the model may take. */
const limit = 300;

/** @throws Fault `model/python-…` for what is wrong with the callable, `job/…` when the worker does not answer. */
export async function askPython(
  question: PythonQuestion,
  log: (line: string) => void = () => {},
): Promise<PythonDescription> {
  const answer = deferred<PythonDescription | Finding>();
  const worker = startWorker({
    file: workerFile(),
    memoryLimit: 4096,
    onMessage: (message) => {
      if (message.type === 'python') answer.resolve(message.answer);
    },
    onLog: log,
  });
  worker.send({ type: 'python', question });
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    worker.kill();
  }, limit * 1000);
  const lost = worker.ended.then((ending) => {
    throw new Fault(late ? timeLimitFinding(limit) : ended(ending));
  });
  try {
    const found = await Promise.race([answer.promise, lost]);
    if ('code' in found) throw new Fault(found);
    return found;
  } finally {
    clearTimeout(timer);
    worker.kill();
    await lost.catch(() => {});
  }
}

function ended(ending: Ending): Omit<Finding, 'severity'> {
  return {
    code: 'job/worker-crashed',
    message: 'The worker process that looks into the model ended unexpectedly',
    found: endingInWords(ending),
    advice: 'Run it again with --verbose to see what was printed',
  };
}
