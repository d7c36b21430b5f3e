/** Asks a worker of its own to predict the classes of a user's table. */
import type { TableAnswer, TableQuestion } from '@noether/engine/catalog';
import { askWorker } from './ask-worker.ts';
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
    what: 'that predicts the table',
    onProgress,
    ...(log ? { log } : {}),
  });
}
