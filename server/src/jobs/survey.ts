/** Asks a worker of its own which backends load on this machine: loading them is what may crash. */
import type { BackendState } from '@noether/engine/catalog';
import { askWorker } from './ask-worker.ts';
import { endingInWords } from './findings.ts';

/**
 * Every backend with its availability and the reason, best first.
 * @throws Fault `backend/survey-failed` when the worker ends, or takes longer than `limit` seconds.
 */
export function surveyInWorker({
  limit = 60,
  ...options
}: {
  log?: (line: string) => void;
  file?: string;
  limit?: number;
} = {}): Promise<readonly BackendState[]> {
  return askWorker<readonly BackendState[]>({
    message: { type: 'survey' },
    answerIn: (message) => (message.type === 'survey' ? message.survey : undefined),
    limit,
    lost: (ending) => ({
      code: 'backend/survey-failed',
      message: 'The worker process that looks for backends ended unexpectedly',
      found: endingInWords(ending),
      advice: 'Run it again with --verbose to see what the worker printed',
    }),
    ...options,
  });
}
