/** Runs checks at the command of a test: no process, no clock, no file. */
import type { Verdict } from '@noether/engine/catalog';
import type { CheckPlan } from '../../plan/plan.ts';
import type { CheckOutcome } from '../../report/report.ts';
import type { CheckRunner, RunnerEvent, RunRequest, RunResult } from '../runner.ts';

/** A run that waits for the test to end it. */
export interface FakeRun {
  readonly request: RunRequest;
  end(outcome: CheckOutcome): void;
}

export class FakeRunner implements CheckRunner {
  /** Stands for the bytes of the files: changing it changes the hash of every check that reads the file. */
  readonly files = new Map<string, string>();
  readonly cache = new Map<string, CheckOutcome>();
  readonly runs: FakeRun[] = [];
  /** Files that cannot be read. */
  readonly missing = new Set<string>();
  private readonly listeners: ((event: RunnerEvent) => void)[] = [];

  async inputsHash({ model, data, group, options }: CheckPlan): Promise<string> {
    if (this.missing.has(data.file)) throw new Error(`no ${data.file}`);
    const bytes = this.files.get(data.file) ?? 'first';
    return JSON.stringify({
      model: { ...model, name: undefined },
      group,
      seed: options.seed,
      file: data.file,
      bytes,
    });
  }

  async cached(inputsHash: string): Promise<CheckOutcome | undefined> {
    return this.cache.get(inputsHash);
  }

  async run(request: RunRequest): Promise<RunResult> {
    const ended = Promise.withResolvers<CheckOutcome>();
    this.runs.push({ request, end: ended.resolve });
    request.signal.addEventListener('abort', () => ended.resolve({ status: 'cancelled', findings: [] }));
    const inputsHash = await this.inputsHash(request.check);
    if (request.signal.aborted) ended.resolve({ status: 'cancelled', findings: [] });
    const outcome = await ended.promise;
    if (outcome.status === 'done') this.cache.set(inputsHash, outcome);
    return { outcome, inputsHash, cached: false };
  }

  onEvent(listener: (event: RunnerEvent) => void): void {
    this.listeners.push(listener);
  }

  tell(message: string): void {
    for (const listener of this.listeners) listener({ message });
  }

  async clearCache(): Promise<void> {
    this.cache.clear();
  }

  async dispose(): Promise<void> {}
}

/** An outcome as a worker reports it, with one output. */
export function doneOutcome(verdict: Verdict, gap = verdict === 'violated' ? 0.31 : 3.1e-7): CheckOutcome {
  const floor = 1.5e-7;
  return {
    status: 'done',
    findings: [],
    verification: {
      verdict,
      action: { elements: 4, error: 2e-16 },
      ...(verdict === 'violated'
        ? {
            directions: [
              {
                direction: 'rotation about x',
                output: 'energy',
                holds: false,
                gap: 0.3,
                rate: 0.21,
                unit: 'radian',
              },
              {
                direction: 'rotation about z',
                output: 'energy',
                holds: true,
                gap: 4e-7,
                rate: 2e-8,
                unit: 'radian',
              },
            ],
          }
        : {}),
      samples: 12,
      elements: 64,
      seed: 0,
      seconds: { forward: 0.5, total: 1 },
      outputs: [
        {
          output: 'energy',
          verdict,
          gap,
          largestGap: gap,
          medianGap: gap / 2,
          floor,
          ratio: gap / floor,
          repeat: 0,
          floorMethod: 'float64 twin',
          tolerance: 1.5e-6,
          scale: 1,
          exceedance: {
            count: verdict === 'violated' ? 700 : 0,
            draws: 768,
            confidence: 0.95,
            upperBound: 0.004,
          },
          worst: {
            sample: 3,
            sampleId: 'objects.npz[3]',
            element: { kind: 'identity' },
            elementText: '137 degrees about (0.20, 0.90, 0.38)',
            draw: 7,
            gap,
          },
          reason:
            verdict === 'inconclusive'
              ? 'the tolerance 1e-9 is below the rounding floor 1.5e-7'
              : 'see the gap',
        },
      ],
    },
  };
}
