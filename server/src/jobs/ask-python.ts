/** Asks a worker of its own what a Python callable takes: only worker processes start Python. */
import type { PythonDescription, PythonQuestion } from '@noether/engine/catalog';
import { askWorker, crashed } from './ask-worker.ts';
import { timeLimitFinding } from './findings.ts';

/** Seconds that importing and building the model may take. */
const limit = 300;

/** @throws Fault `model/python-…` for what is wrong with the callable, `job/…` when the worker does not answer. */
export function askPython(
  question: PythonQuestion,
  log?: (line: string) => void,
): Promise<PythonDescription> {
  return askWorker<PythonDescription>({
    message: { type: 'python', question },
    answerIn: (message) => (message.type === 'python' ? message.answer : undefined),
    limit,
    lost: (ending, late) =>
      late ? timeLimitFinding(limit) : crashed('The worker process that looks into the model', ending),
    ...(log ? { log } : {}),
  });
}
