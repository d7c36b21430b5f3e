/** Asks a worker of its own to write a built-in model to files. */
import { askWorker, crashed } from './ask-worker.ts';
import type { ExportAnswer, ExportRequest } from './export-request.ts';
import { timeLimitFinding } from './findings.ts';

/** @throws Fault `export/…` for what cannot be exported, what loading data and models throws, `job/…` without an answer. */
export function askExport(
  request: ExportRequest,
  limit: number,
  log?: (line: string) => void,
): Promise<ExportAnswer> {
  return askWorker<ExportAnswer>({
    message: { type: 'export', request },
    answerIn: (message) => (message.type === 'exported' ? message.answer : undefined),
    limit,
    lost: (ending, late) =>
      late ? timeLimitFinding(limit) : crashed('The worker process that writes the model', ending),
    ...(log ? { log } : {}),
  });
}
