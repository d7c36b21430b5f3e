/** Asks a worker of its own to predict the classes of a user's table. */
import type { TableAnswer, TableQuestion } from '@noether/engine/catalog';
import { askWorker, crashed } from './ask-worker.ts';
import { timeLimitFinding } from './findings.ts';
import type { Progress } from './messages.ts';

/** @throws Fault `data/…` or `predict/…` for what is wrong with the table, `job/…` when the worker does not answer. */
export function askTable(
  question: TableQuestion,
  limit: number,
  onProgress: (progress: Progress) => void,
  log?: (line: string) => void,
): Promise<TableAnswer> {
  return askWorker<TableAnswer>({
    message: { type: 'table', question },
    answerIn: (message) => (message.type === 'table' ? message.answer : undefined),
    limit,
    lost: (ending, late) =>
      late ? timeLimitFinding(limit) : crashed('The worker process that predicts the table', ending),
    onProgress,
    ...(log ? { log } : {}),
  });
}
