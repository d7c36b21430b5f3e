/**
 * The loop of a worker process: takes tasks from the channel, runs them, reports. What runs a task is injected, and
 * loaded only when the first task arrives, so that a worker is ready (and killable) before a tensor library loads.
 */
import {
  type BackendState,
  type Finding,
  findingOf,
  type PythonDescription,
  type PythonQuestion,
  type TableAnswer,
  type TableQuestion,
} from '@noether/engine/catalog';
import type { CloudsAnswer, CloudsQuestion } from './ask-clouds.ts';
import type { Evaluated, EvaluateRequest } from './evaluate-in-worker.ts';
import type { ExportAnswer, ExportRequest } from './export-request.ts';
import { startGuard } from './guard.ts';
import type { Execute, FromWorker, Outcome, ToWorker } from './messages.ts';

export interface Services {
  loadExecute(): Promise<Execute>;
  /** Which backends load here. */
  survey(): Promise<readonly BackendState[]>;
  /** One run of a comparison. */
  evaluate(request: EvaluateRequest): Promise<Evaluated>;
  /** A built-in model as files. */
  exportModel(request: ExportRequest): Promise<ExportAnswer>;
  /** What a Python callable takes. */
  askPython(question: PythonQuestion): Promise<PythonDescription>;
  /** The classes of a table, and how good predictions of them are. */
  predictTable(question: TableQuestion, onFold: (done: number, total: number) => void): Promise<TableAnswer>;
  /** Clouds that a trained denoiser makes. */
  makeClouds(question: CloudsQuestion, onStep: (done: number, total: number) => void): Promise<CloudsAnswer>;
}

/** Progress of one stage is sent at most this often, in milliseconds: thousands of steps must not fill the channel. */
const progressInterval = 50;

/** Serves until the channel closes, which is also how a worker learns that its server has died. */
export function serve({
  loadExecute,
  survey,
  evaluate,
  askPython,
  exportModel,
  predictTable,
  makeClouds,
}: Services): void {
  if (!process.send) {
    console.error('This is the worker of Noether; it is started by `noether`, not by hand.');
    process.exit(2);
  }
  startGuard();
  let running: AbortController | undefined;

  process.on('disconnect', () => process.exit(0));
  process.on('message', (message: ToWorker) => {
    switch (message.type) {
      case 'cancel':
        running?.abort();
        break;
      case 'survey':
        void survey().then((found) => send({ type: 'survey', survey: found }));
        break;
      case 'evaluate':
        tell('evaluated', evaluate(message.request));
        break;
      case 'python':
        tell('python', askPython(message.question));
        break;
      case 'export':
        tell('exported', exportModel(message.request));
        break;
      case 'table':
        tell('table', predictTable(message.question, stageSender('folds')));
        break;
      case 'clouds':
        tell('clouds', makeClouds(message.question, stageSender('steps')));
        break;
      case 'run': {
        const controller = new AbortController();
        running = controller;
        void run(loadExecute, message, controller.signal).then((outcome) => {
          running = undefined;
          send({ type: 'outcome', outcome });
        });
      }
    }
  });
  send({ type: 'ready', pid: process.pid });
}

type Answered = Extract<FromWorker, { readonly answer: unknown }>;

/** Sends the answer to a question, or what was wrong with it. */
function tell<T extends Answered['type']>(
  type: T,
  answer: Promise<Exclude<Extract<Answered, { type: T }>['answer'], Finding>>,
): void {
  void answer.catch(findingOf).then((found) => send({ type, answer: found } as Answered));
}

/** Progress of the only stage that a question has. */
function stageSender(stage: string): (done: number, total: number) => void {
  const onProgress = progressSender();
  return (done, total) => onProgress(done, total, stage);
}

async function run(
  loadExecute: Services['loadExecute'],
  { task, settings }: Extract<ToWorker, { type: 'run' }>,
  signal: AbortSignal,
): Promise<Outcome> {
  try {
    const execute = await loadExecute();
    return await execute(task, settings, { onProgress: progressSender(), signal });
  } catch (error) {
    if (signal.aborted) return { status: 'cancelled', findings: [] };
    const finding = findingOf(error);
    // The log gets the stack of a defect; the user gets its message.
    if (finding.code === 'job/internal') console.error(error);
    return { status: 'failed', findings: [finding] };
  }
}

function progressSender(): Parameters<Execute>[2]['onProgress'] {
  let lastStage: string | undefined;
  let sentAt = 0;
  let sentPoints = 0;
  return (done, total, stage, training) => {
    const now = performance.now();
    if (lastStage === stage && done < total && now - sentAt < progressInterval) return;
    if (lastStage !== stage) sentPoints = 0;
    lastStage = stage;
    sentAt = now;
    if (!training) return send({ type: 'progress', done, total, stage });
    const { curve = [], ...rest } = training;
    const points = curve.slice(sentPoints);
    sentPoints = curve.length;
    send({
      type: 'progress',
      ...{ done, total, stage },
      training: points.length > 0 ? { ...rest, points } : rest,
    });
  };
}

function send(message: FromWorker): void {
  // A closed channel means that the server is gone; 'disconnect' ends this process, so a failed send is no news.
  if (process.connected) process.send!(message, undefined, undefined, () => {});
}
