/** The life of a training, a benchmark and a claim in the editor, with a runner that the test holds in its hands. */
import type { Agreement } from '@noether/engine/catalog';
import { expect, it } from 'vitest';
import type { BenchmarkPlan, ClaimPlan, ComparePlan, DataPlan, TrainPlan } from '../plan/plan.ts';
import type { Settings } from '../protocol.ts';
import { agreementMarkdown } from './agreement-markdown.ts';
import { itemAction, itemText } from './item-text.ts';
import { type ItemOutcome, type ItemPlan, Items, type TaskRequest } from './items.ts';
import { trainingInfo } from './training-info.ts';

const uri = 'file:///paper.equi';
const settings = {} as Settings;
const data: DataPlan = { name: 'scans', file: '/scans.npz', fields: [], samples: 9, skip: 0, sizes: {} };
const model = { kind: 'family', name: 'steady', family: 'Rapidash', options: {} } as const;
const title = 'train steady on scans';
const training: TrainPlan = {
  kind: 'train',
  id: title,
  title,
  model,
  data,
  options: { steps: 300, loss: { name: 'cross_entropy', field: 'part' } } as TrainPlan['options'],
  timeLimit: 60,
};
const claim: ClaimPlan = {
  kind: 'claim',
  id: 'it generalises',
  title: 'it generalises',
  left: { kind: 'number', value: 1 },
  comparison: '>',
  right: { kind: 'number', value: 0 },
  text: '1 > 0',
  measures: [],
  seeds: 3,
  seed: 0,
  confidence: 0.95,
  expect: 'holds',
  timeLimit: 60,
};
const benchmark: BenchmarkPlan = {
  kind: 'benchmark',
  id: 'benchmark steady, leaky on scans',
  title: 'benchmark steady, leaky on scans',
  models: [model],
  data,
  options: { batches: [1], repeats: 3, warmup: 0, training: false, seconds: 9 },
  timeLimit: 60,
};

function bench() {
  const requests: { request: TaskRequest; end(outcome: ItemOutcome): void }[] = [];
  const bars: string[] = [];
  const items = new Items({
    runner: {
      runTask: (request) =>
        new Promise((end) => {
          request.signal.addEventListener('abort', () => end({ status: 'cancelled', findings: [] }));
          requests.push({ request, end });
        }),
    },
    beginProgress: async (name) => ({
      report: (message, fraction) => bars.push(`${name}: ${message}: ${fraction}`),
      done: () => bars.push('done'),
    }),
    changed() {},
  });
  const shown = (plan: ItemPlan) => [
    itemText(plan, items.of(uri, plan)),
    itemAction(plan, items.of(uri, plan)),
  ];
  const started = async (plan: ItemPlan) => {
    const ended = items.run(uri, plan, settings);
    await expect.poll(() => requests.length).toBeGreaterThan(0);
    const { request, end } = requests.pop()!;
    request.onStart();
    return { request, end, ended };
  };
  return { items, bars, shown, started };
}

it('a training is started, followed, stopped and taken up again', async () => {
  const { items, bars, shown, started } = bench();
  const info = () => trainingInfo(uri, training, items.of(uri, training));
  expect(shown(training)).toEqual(['○ not trained in this session', 'train']);
  const first = await started(training);
  expect(shown(training)).toEqual(['… starting', 'stop']);
  const stage = 'training steady, seed 0';
  const points = [{ step: 100, loss: 0.4, rate: 1, validation: 0.45 }];
  first.request.onProgress({
    ...{ done: 120, total: 300, stage },
    training: { loss: 0.3123, secondsLeft: 12.2, points },
  });
  expect(info()).toMatchObject({
    ...{ state: 'running', action: 'stop', loss: 'cross_entropy(part)', stepsWanted: 300 },
    points: [{ step: 100, loss: 0.4, validation: 0.45 }],
    steps: [{ step: 120, loss: 0.3123 }],
    facts: [
      { name: 'step', text: '120 of 300' },
      { name: 'loss', text: '0.31' },
      { name: 'validation loss', text: '0.45' },
      { name: 'time left', text: '12 s' },
    ],
  });
  const text = 'training steady, seed 0: step 120 of 300, loss 0.31, 12 s left';
  expect(shown(training)).toEqual([`… ${text}`, 'stop']);
  items.cancel(uri, title);
  await first.ended;
  expect(shown(training)).toEqual(['○ stopped at step 120 of 300', 'resume']);
  expect(bars).toEqual([`${title}: ${text}: 0.4`, 'done']);
  expect(info()).toMatchObject({ state: 'cancelled', action: 'resume', points: [{ step: 100 }] });
  expect(info().facts.map(({ name }) => name)).not.toContain('time left');

  const second = await started(training);
  // What is known of the curve stays while the run is taken up.
  expect(info().points).toHaveLength(1);
  const result = {
    steps: 300,
    ended: 'all steps',
    seconds: { total: 12.4, step: 0.04 },
    resumedAt: 120,
    curve: [
      { step: 15, loss: 0.67, rate: 1 },
      { step: 300, loss: 0.0721, rate: 1 },
    ],
    validation: { loss: 0.1, accuracy: 0.9824 },
  };
  second.end({ status: 'done', training: result as never, findings: [] });
  await second.ended;
  expect(shown(training)).toEqual(['✓ 300 steps: loss 0.67 -> 0.072, accuracy 0.982', undefined]);

  expect(info()).toMatchObject({ state: 'done', points: [{ step: 15 }, { step: 300, loss: 0.0721 }] });
  expect(info().action).toBeUndefined();
  expect(info().facts.map(({ name, text }) => `${name} ${text}`)).toEqual([
    'steps 300',
    'loss 0.072',
    'validation loss 0.1',
    'validation accuracy 0.982',
    'time 12 s',
    'resumed after 120 steps',
  ]);

  // Another plan is another training; the old one comes back with its text. A limit changes nothing.
  expect(shown({ ...training, options: { steps: 301 } as never })[1]).toBe('train');
  expect(shown({ ...training, timeLimit: 61 })[1]).toBeUndefined();
});

it('a claim says how it ended, and is judged by what is expected now', async () => {
  const { shown, started } = bench();
  expect(shown(claim)).toEqual(['○ not evaluated', 'evaluate']);
  const { end, ended } = await started(claim);
  const estimate = { values: [0.3, 0.27, 0.32], mean: 0.2967, low: 0.234, high: 0.359 };
  const decision = { verdict: 'holds', left: estimate, right: estimate, difference: estimate } as never;
  end({ status: 'done', decision, findings: [] });
  await ended;
  expect(shown(claim)).toEqual(['✓ holds: left - right is 0.297 (0.234 to 0.359)', 'evaluate again']);
  expect(shown({ ...claim, expect: 'fails' })[0]).toBe(
    '✗ holds, expected fails: left - right is 0.297 (0.234 to 0.359)',
  );
});

it('a comparison shows its verdict, the pair that is furthest apart, and the matrix', async () => {
  const comparison: ComparePlan = {
    kind: 'compare',
    id: 'compare steady on scans',
    title: 'compare steady on scans',
    model,
    data,
    options: { backends: [], precisions: ['float32', 'float64'], within: 'auto' },
    expect: 'agree',
    timeLimit: 60,
  };
  const { shown, started } = bench();
  expect(shown(comparison)).toEqual(['○ not compared', 'compare']);
  const agreement: Agreement = {
    verdict: 'differ',
    runs: [
      { model: 'steady', backend: 'wasm', precision: 'float32', description: 'wasm' },
      { model: 'steady', backend: 'webgpu', precision: 'float32', reason: 'there is no graphics adapter' },
      { model: 'steady', backend: 'float64', precision: 'float64', description: 'float64' },
    ],
    entries: [
      {
        a: 0,
        b: 2,
        verdict: 'differ',
        output: 'energy',
        sample: 'scans.npz[3]',
        difference: 0.02,
        floor: 1e-6,
        ratio: 2e4,
        tolerance: 1e-5,
      },
    ],
    floors: [{ model: 'steady', method: 'float64 twin' }],
    samples: 4,
    seconds: 1,
  };
  const { end, ended } = await started(comparison);
  end({ status: 'done', agreement, findings: [] });
  await ended;
  expect(shown(comparison)).toEqual([
    '✗ differ: 2 runs, 1 could not run; furthest apart steady wasm float32 and steady float64: `energy` on scans.npz[3] by 0.02, 2e4 floors',
    'compare again',
  ]);
  expect(shown({ ...comparison, expect: 'differ' })[0]).toMatch(/^✓ differ/);
  expect(agreementMarkdown(comparison.title, agreement).split('\n')).toEqual([
    '**compare steady on scans**: differ',
    '',
    '|  | run | 2 | 3 |',
    '|:--|:--|--:|--:|',
    '| 1 | steady wasm float32 | not run | differ, 2e4x |',
    '| 2 | steady webgpu float32 |  | not run |',
    '| 3 | steady float64 |  |  |',
    '',
    '- furthest apart: steady wasm float32 and steady float64: `energy` on scans.npz[3] by 0.02, 2e4 floors',
    '- steady webgpu float32 could not run: there is no graphics adapter',
    '- 4 samples; x: in rounding floors (steady: float64 twin)',
  ]);
});

it('a benchmark shows times against the reference, and what went wrong is said', async () => {
  const { shown, started } = bench();
  const first = await started(benchmark);
  const timing = { median: 0.0012, lowerQuartile: 0.001, upperQuartile: 0.002, repeats: 3 };
  const entries = [
    { model: 'steady', forward: { ...timing, ratio: 0.8 } },
    { model: 'leaky', forward: { ...timing, median: 0.0015 } },
  ];
  first.end({
    status: 'done',
    benchmark: { reference: 'leaky', runs: [{ batch: 1, entries }], seconds: 1 } as never,
    findings: [],
  });
  await first.ended;
  expect(shown(benchmark)).toEqual(['steady 1.2 ms, 0.8x of leaky; leaky 1.5 ms', 'measure again']);
  const second = await started(benchmark);
  const message = 'the file holds no samples';
  second.end({ status: 'failed', findings: [{ code: 'data/empty', severity: 'error', message }] });
  await second.ended;
  expect(shown(benchmark)).toEqual([`! ${message}`, 'measure']);
});

it('what runs is not started twice, and ends with its document', async () => {
  const { items, started } = bench();
  const { ended, request } = await started(training);
  await items.run(uri, training, settings);
  items.remove(uri);
  await ended;
  expect(request.signal.aborted).toBe(true);
  expect(items.of(uri, training)).toBeUndefined();
});
