/** Reports for tests: plain data, as the engine would give them. */
import type { DirectionGap, LayerGap, OutputVerdict, Verdict } from '@noether/engine/catalog';
import type { CheckPlan } from '../../plan/plan.ts';
import { buildReport, type FinishedCheck, type ReportParts } from '../build-report.ts';
import type { CheckOutcome, Report } from '../report.ts';

const file = '/home/emmy/work/quickstart.equi';

export function testOutput(part: Partial<OutputVerdict> = {}): OutputVerdict {
  return {
    output: 'energy',
    verdict: 'holds',
    gap: 3.1e-7,
    largestGap: 3.1e-7,
    medianGap: 1.2e-7,
    meanGap: { mean: 1.3e-7, low: 1.1e-7, high: 1.5e-7, over: 'samples' },
    gap64: 5.5e-16,
    floor: 2.2e-7,
    ratio: 1.4,
    repeat: 0,
    floorMethod: 'float64 twin',
    tolerance: 2.2e-6,
    scale: 1.7,
    exceedance: { count: 0, draws: 64, confidence: 0.95, upperBound: 0.0457 },
    worst: {
      sample: 3,
      sampleId: 'objects.npz[3]',
      element: {
        kind: 'product',
        factors: [
          { kind: 'euclidean', dim: 3, matrix: [1, 0, 0, 0, 1, 0, 0, 0, 1], translation: [1.2, -0.4, 3] },
          { kind: 'permutation', index: 'point', order: [1, 0, 2] },
        ],
      },
      elementText: '137.2 degrees about (0.20, 0.90, 0.38), moved by (1.2, -0.4, 3.0)',
      draw: 17,
      gap: 3.1e-7,
    },
    reason: 'gap 3.1e-7 is within 2.2e-6',
    ...part,
  };
}

export const violatedOutput = testOutput({
  verdict: 'violated',
  gap: 0.31,
  largestGap: 0.31,
  gap64: 0.31,
  ratio: 1.4e6,
  exceedance: { count: 64, draws: 64, confidence: 0.95, upperBound: 1 },
  reason: 'gap 0.31 is above 2.2e-6, 1.4e6 x the rounding floor',
});

const testDirections: readonly DirectionGap[] = [
  { direction: 'rotation about x', output: 'energy', holds: false, gap: 0.3, rate: 0.21, unit: 'radian' },
  { direction: 'rotation about z', output: 'energy', holds: true, gap: 4e-7, rate: 2e-8, unit: 'radian' },
  { direction: 'swap of two in point', output: 'energy', holds: true, gap: 0 },
];

const testLayers: readonly LayerGap[] = [
  { layer: 'after_embedding', as: 'declared', gap: 0.4, floor: 1.2e-7, holds: false },
];

export function testOutcome(verdict: Verdict, outputs: readonly OutputVerdict[]): CheckOutcome {
  return {
    status: 'done',
    verification: {
      verdict,
      outputs,
      action: { elements: 4, error: 2.2e-16 },
      ...(verdict === 'violated' ? { directions: testDirections, layers: testLayers } : {}),
      samples: 8,
      elements: 8,
      seed: 7,
      seconds: { forward: 0.8, total: 1.234 },
    },
    model: {
      name: 'steady',
      title: 'Rapidash R3, 3 layers',
      parameterCount: 12417,
      inputs: [{ name: 'positions', type: 'position[point]' }],
      outputs: [{ name: 'energy', type: 'scalar' }],
      backend: 'wasm',
    },
    data: {
      name: 'objects',
      file: '/home/emmy/work/data/objects.npz',
      samples: 8,
      available: 40,
      fields: [{ name: 'positions', type: 'position[point]', shape: '[128, 3]' }],
      sizes: { point: { min: 128, max: 128 } },
    },
    backend: {
      name: 'wasm',
      reason: 'fastest that loads here',
      passedOver: [{ name: 'tfjs-node', reason: 'not installed' }],
      description: 'wasm (SIMD, 1 thread), tfjs 4.22.0',
    },
    findings: [],
  };
}

export function finished(
  id: string,
  outcome: CheckOutcome,
  options: Partial<CheckPlan['options']> = {},
): FinishedCheck {
  return {
    file,
    line: 22,
    backend: 'auto',
    outcome,
    cached: false,
    inputsHash: 'ab'.repeat(32),
    plan: {
      kind: 'check',
      id,
      title: id,
      model: { kind: 'family', name: 'steady', family: 'Rapidash', options: {} },
      data: {
        name: 'objects',
        file: '/home/emmy/work/data/objects.npz',
        fields: [],
        samples: 8,
        skip: 0,
        sizes: {},
      },
      group: {
        kind: 'product',
        factors: [
          { kind: 'SE', dim: 3, scale: 1 },
          { kind: 'S', index: 'point' },
        ],
      },
      options: { within: 'auto', elements: 8, confidence: 0.95, seed: 7, expect: 'holds', ...options },
      timeLimit: 60,
    },
  };
}

export function testReport(parts: Partial<ReportParts> = {}): Report {
  return buildReport({
    engine: '0.1.0',
    started: new Date(Date.UTC(2026, 10, 23, 10)),
    seconds: 12.3,
    checks: [],
    findings: [],
    ...parts,
  });
}

const failed: CheckOutcome = {
  status: 'failed',
  findings: [
    {
      code: 'data/not-finite',
      severity: 'error',
      message: 'The data has values that are not finite',
      expected: 'finite numbers',
      found: 'NaN at [0, 3]',
      place: { file: '/home/emmy/work/data/objects.npz', member: 'positions' },
      advice: 'Remove the sample, or repair the value',
    },
  ],
};

/** One of everything that a report can hold. */
export const fullReport: Report = testReport({
  checks: [
    finished('steady on objects under SE(3) * S(point)', testOutcome('holds', [testOutput()])),
    {
      ...finished('leaky on objects under SE(3) * S(point)', testOutcome('violated', [violatedOutput])),
      line: 23,
    },
    finished('known', testOutcome('violated', [violatedOutput]), { expect: 'violated' }),
    finished('surprise', testOutcome('holds', [testOutput()]), { expect: 'violated' }),
    {
      ...finished(
        'potential on objects under SE(3) * S(point)',
        testOutcome('inconclusive', [
          testOutput(),
          testOutput({
            output: 'forces',
            verdict: 'inconclusive',
            gap64: undefined,
            tolerance: 1e-9,
            floorMethod: 'one-ulp perturbation',
            reason: 'the tolerance 1e-9 is below the rounding floor 2.2e-7: this arithmetic cannot decide it',
          }),
        ]),
      ),
      cached: true,
    },
    finished('broken', failed),
    finished('stopped', { status: 'cancelled', findings: [] }),
  ],
  findings: [
    {
      code: 'spec/unused-data',
      severity: 'warning',
      message: 'The data set `scans` is not used',
      place: { file, line: 2 },
    },
  ],
});
