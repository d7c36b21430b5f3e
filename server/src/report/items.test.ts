/** Trainings, benchmarks and claims in reports: built, rendered, valid. */
import type { Benchmark, ClaimDecision, Training } from '@noether/engine/catalog';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import schema from '../../../schemas/report-1.schema.json' with { type: 'json' };
import type { BenchmarkPlan, ClaimPlan, DataPlan, TrainPlan } from '../plan/plan.ts';
import { type FinishedItem, renderJson, renderSummary, renderTerminal } from './index.ts';
import type { BenchmarkOutcome, ClaimOutcome, TrainOutcome } from './report.ts';
import { testReport } from './testing/reports.ts';
import { bytesText, fineDuration } from './words.ts';

const validate = new Ajv2020({ allErrors: true, strict: true }).compile(schema);
const style = { width: 120, colour: false, folder: '/home/emmy/work' };
const data: DataPlan = {
  name: 'scans',
  file: '/home/emmy/scans.npz',
  fields: [],
  samples: 9,
  skip: 0,
  sizes: {},
};
const model = { kind: 'family', name: 'steady', family: 'Rapidash', options: {} } as const;
const place = { file: '/home/emmy/work/paper.equi', line: 7, cached: false, inputsHash: 'cd'.repeat(32) };

const training: Training = {
  steps: 240,
  stepsWanted: 300,
  ended: 'no more progress',
  bestStep: 180,
  curve: [
    { step: 15, loss: 1.234, rate: 1e-3, validation: 1.1 },
    { step: 240, loss: 0.0421, rate: 1e-4, validation: 0.06 },
  ],
  samples: { train: 80, validation: 10, test: 10 },
  validation: { loss: 0.05, accuracy: 0.98, mean_iou: 0.95 },
  test: { loss: 0.06, accuracy: 0.9737, mean_iou: 0.912 },
  output: 'scalars',
  loss: { name: 'cross_entropy', field: 'part' },
  seed: 0,
  seconds: { total: 75.2, step: 0.31 },
};

function trainItem(outcome: Partial<TrainOutcome> = {}): FinishedItem<TrainPlan, TrainOutcome> {
  const options = { loss: training.loss, steps: 300 } as TrainPlan['options'];
  const title = 'train steady on scans';
  return {
    ...place,
    plan: { kind: 'train', id: title, title, model, data, options, timeLimit: 3600 },
    outcome: {
      status: 'done',
      training,
      weights: { file: '/home/emmy/work/runs/steady.safetensors', reused: false },
      findings: [],
      ...outcome,
    },
  };
}

const timing = { median: 0.0012, lowerQuartile: 0.0011, upperQuartile: 0.0015, repeats: 30 };
const entry = {
  title: 'Rapidash R3',
  backend: 'wasm',
  precision: 'float32',
  parameterCount: 4417,
  flops: 1.25e6,
  memory: { tensors: 3.4e6, process: 2.5e8 },
} as const;
const benchmark: Benchmark = {
  reference: 'leaky',
  seconds: 4,
  runs: [
    {
      batch: 16,
      entries: [
        {
          ...entry,
          model: 'steady',
          forward: { ...timing, ratio: 0.8 },
          step: { ...timing, median: 0.21, ratio: 0.75 },
        },
        { ...entry, model: 'leaky', forward: { ...timing, median: 0.0015 } },
      ],
    },
  ],
};

const benchmarkItem: FinishedItem<BenchmarkPlan, BenchmarkOutcome> = {
  ...place,
  plan: {
    kind: 'benchmark',
    id: 'benchmark steady, leaky on scans',
    title: 'benchmark steady, leaky on scans',
    models: [model],
    data,
    options: { batches: [16], repeats: 30, warmup: 5, training: true, seconds: 300 },
    timeLimit: 300,
  },
  outcome: { status: 'done', benchmark, findings: [] },
};

function decision(verdict: ClaimDecision['verdict']): ClaimDecision {
  return {
    verdict,
    left: { values: [0.91, 0.93, 0.92], mean: 0.92, low: 0.895, high: 0.945 },
    right: { values: [0.61, 0.66, 0.6], mean: 0.623, low: 0.54, high: 0.703 },
    difference: { values: [0.3, 0.27, 0.32], mean: 0.2967, low: 0.234, high: 0.359 },
    confidence: 0.95,
    reason: 'left - right lies in 0.234 to 0.359 at 95% over 3 seeds; claimed is > 0',
  };
}

function claimItem(
  id: string,
  expect: ClaimPlan['expect'],
  outcome: ClaimOutcome,
): FinishedItem<ClaimPlan, ClaimOutcome> {
  const text = 'accuracy(steady, rotated scans) > accuracy(leaky, rotated scans)';
  return {
    ...place,
    plan: {
      kind: 'claim',
      id,
      title: id,
      left: { kind: 'measure', index: 0 },
      comparison: '>',
      right: { kind: 'measure', index: 1 },
      text,
      measures: [],
      seeds: 3,
      seed: 0,
      confidence: 0.95,
      expect,
      timeLimit: 7200,
    },
    outcome,
  };
}

const measured = (verdict: ClaimDecision['verdict']): ClaimOutcome => ({
  status: 'done',
  decision: decision(verdict),
  measures: [{ text: 'accuracy(steady, rotated scans)', values: [0.91, 0.93, 0.92] }],
  seconds: 93,
  findings: [],
});

const report = testReport({
  trainings: [
    trainItem(),
    trainItem({
      status: 'failed',
      training: undefined,
      weights: undefined,
      findings: [
        {
          code: 'train/not-finite',
          severity: 'error',
          message: 'training went out of bounds at step 3: loss NaN',
        },
      ],
    }),
  ],
  benchmarks: [benchmarkItem],
  claims: [
    claimItem('it generalises', 'holds', measured('holds')),
    claimItem('as the paper says', 'holds', measured('fails')),
    claimItem('known', 'fails', measured('fails')),
    claimItem('noise', 'holds', measured('undecided')),
    claimItem('stopped', 'holds', { status: 'cancelled', findings: [] }),
  ],
});

describe('trainings, benchmarks and claims', () => {
  const text = renderTerminal(report, style);

  it('are valid against the published schema, written and read', () => {
    validate(JSON.parse(renderJson(report)));
    expect(validate.errors).toBeNull();
  });

  it('count in the summary', () => {
    expect(report.summary).toMatchObject({
      trainings: { done: 1, notRun: 1 },
      benchmarks: { done: 1, notRun: 0 },
      claims: { claims: 5, asExpected: 2, notAsExpected: 2, notRun: 1 },
    });
    expect(renderSummary(report)).toBe(
      '1 training, 1 not run; 1 benchmark; 5 claims: 2 as expected, 2 not as expected, 1 not run; 12 s',
    );
    expect(testReport().trainings).toBeUndefined();
    expect(testReport().summary.claims).toBeUndefined();
  });

  it('shows what a training reached on samples that it has not seen, and where the weights are', () => {
    expect(text).toMatch(
      /train steady on scans +240 steps +1\.2 -> 0\.042 +accuracy 0\.974, mean_iou +80 \+ 10 \+ 10 +75 s, 0\.31 s/,
    );
    expect(text).toContain('train steady on scans: runs/steady.safetensors, ended early at step 240 of 300');
    expect(text).toMatch(/train steady on scans +not run/);
    expect(text).toContain('error paper.equi:7 train/not-finite');
  });

  it('compares times with the reference', () => {
    expect(text).toContain('benchmark steady, leaky on scans, batch 16');
    expect(text).toMatch(
      /steady +1\.2 ms, 0\.8x of leaky +0\.21 s, 0\.75x of leaky +1\.3e6 +4,417 +3\.4 MB +1\.1 ms to 1\.5 ms/,
    );
    expect(text).toMatch(/leaky +1\.5 ms {2}/);
    expect(text).toContain('machine: ');
  });

  it('gives claims with their numbers, and says what is not as expected', () => {
    expect(text).toMatch(/it generalises +holds +0\.92 +0\.623 +0\.297 \(0\.234 to 0\.359\) +93 s/);
    expect(text).toMatch(/as the paper says +fails, expected holds/);
    expect(text).toMatch(/known +fails, as expected/);
    expect(text).toContain('  accuracy(steady, rotated scans): 0.91, 0.93, 0.92');
    expect(text).toContain('error paper.equi:7 claim/fails');
    expect(text).toContain('warning paper.equi:7 claim/undecided');
    expect(text).not.toContain('known: left');
  });
});

describe('words', () => {
  it('times in themselves have two digits', () => {
    expect([3.4e-4, 0.0012, 0.0312, 0.0994, 0.31, 12].map(fineDuration)).toEqual([
      '340 us',
      '1.2 ms',
      '31 ms',
      '99 ms',
      '0.31 s',
      '12 s',
    ]);
  });

  it('memory is in powers of 1000', () => {
    expect([12, 999, 1000, 3.44e6, 9.999e8].map(bytesText)).toEqual([
      '12 bytes',
      '999 bytes',
      '1 kB',
      '3.4 MB',
      '1 GB',
    ]);
  });
});
