import type { Finding, Verdict } from '@noether/engine/catalog';
import { describe, expect, it } from 'vitest';
import type { CheckOutcome } from '../report/report.ts';
import type { Check } from './check.ts';
import { mark, statesText } from './code-lens.ts';
import { resultMarkdown } from './result-markdown.ts';
import { doneOutcome } from './testing/fake-runner.ts';
import { planned, uri } from './testing/plans.ts';
import { summaryText } from './verdict.ts';
import { verifyDiagnostics } from './verify-diagnostics.ts';

const noHref = () => undefined;

function check(
  state: Check['state'],
  outcome?: CheckOutcome,
  expected: Verdict = 'holds',
  more: Partial<Check> = {},
): Check {
  const result = outcome && { outcome, inputsHash: 'hash', cached: false };
  return { ...planned('leaky', { expect: expected }), uri, state, result, ...more };
}

const messages = (of: Check) => verifyDiagnostics(of, noHref).map(({ diagnostic }) => diagnostic.message);
const [error, warning, information, hint] = [1, 2, 3, 4];

describe('the diagnostic of a check', () => {
  it.each([
    ['violated', 'holds', error, 'verify/violated'],
    ['violated', 'violated', information, 'verify/violated'],
    ['inconclusive', 'holds', warning, 'verify/inconclusive'],
    ['holds', 'violated', error, 'verify/unexpectedly-holds'],
    ['inconclusive', 'inconclusive', information, 'verify/inconclusive'],
  ] as const)('%s where %s is expected', (verdict, expected, severity, code) => {
    const [found] = verifyDiagnostics(check(verdict, doneOutcome(verdict), expected), noHref);
    expect(found!.diagnostic).toMatchObject({ severity, code, source: 'noether' });
    expect(found!.related.map(({ message }) => message)).toEqual(['the model `leaky`', 'the data `objects`']);
  });

  it('is silent about what holds as it should, and about what was never run', () => {
    expect(messages(check('holds', doneOutcome('holds')))).toEqual([]);
    expect(messages(check('not run'))).toEqual([]);
    expect(messages(check('cancelled'))).toEqual([]);
  });

  it('says how large the gap is, in floors, and where it is worst', () => {
    expect(messages(check('violated', doneOutcome('violated')))).toEqual([
      'violated: `leaky` is not SE(3)-equivariant on objects: gap 0.31, 2.1e6 x the rounding floor; worst under 137 degrees about (0.20, 0.90, 0.38) on objects.npz[3]',
    ]);
  });

  it('says why nothing can be told, and which tolerance could be', () => {
    const [found] = verifyDiagnostics(check('inconclusive', doneOutcome('inconclusive')), noHref);
    expect(found!.diagnostic.message).toBe(
      'inconclusive: whether `leaky` is SE(3)-equivariant on objects cannot be told: the tolerance 1e-9 is below the rounding floor 1.5e-7',
    );
    expect(found!.diagnostic.data).toMatchObject({ resolvable: 1.5e-6 });
  });

  it('names the output that decided when there are several', () => {
    const outcome = doneOutcome('violated');
    const [first] = outcome.verification!.outputs;
    const held = { ...first!, output: 'energy', verdict: 'holds' as const, gap: 1e-7 };
    const broken = { ...first!, output: 'forces' };
    const two = { ...outcome, verification: { ...outcome.verification!, outputs: [held, broken] } };
    expect(messages(check('violated', two))[0]).toContain('(output forces)');
  });

  it('of a stale verdict is quiet and says that it is stale', () => {
    const [found] = verifyDiagnostics(check('stale', doneOutcome('violated')), noHref);
    expect(found!.diagnostic).toMatchObject({ severity: hint, code: 'verify/stale' });
    expect(found!.diagnostic.message).toMatch(/^stale: violated: `leaky`/);
    expect(messages(check('running', doneOutcome('violated')))[0]).toMatch(/^running, before: violated/);
  });

  it('of a failure has the message, what was expected and found, and the advice', () => {
    const failed: CheckOutcome = {
      status: 'failed',
      findings: [
        {
          code: 'data/not-an-array',
          severity: 'error',
          message: '`positions` is not in objects.npz',
          expected: 'an array `positions`',
          found: 'pos, normals',
          advice: 'Write `positions: position[point] from "pos"`',
        },
      ],
    };
    const [found] = verifyDiagnostics(check('failed', failed), (code) => `file:///codes.md#${code}`);
    expect(found!.diagnostic).toMatchObject({
      severity: error,
      code: 'data/not-an-array',
      codeDescription: { href: 'file:///codes.md#data/not-an-array' },
      message:
        '`positions` is not in objects.npz\nexpected: an array `positions`\nfound: pos, normals\nWrite `positions: position[point] from "pos"`',
    });
  });

  it('comes with the remarks of the run, such as a restarted worker', () => {
    const remark = {
      code: 'job/worker-restarted' as const,
      severity: 'warning' as const,
      message: 'it was restarted',
    };
    const outcome = { ...doneOutcome('holds'), findings: [remark] };
    const [found] = verifyDiagnostics(check('holds', outcome), noHref);
    expect(found!.diagnostic).toMatchObject({ severity: warning, code: 'job/worker-restarted' });
  });
});

describe('the words of a lens', () => {
  it.each([
    [check('holds', doneOutcome('holds')), '✓', 'holds: gap 3.1e-7, floor 1.5e-7'],
    [check('violated', doneOutcome('violated')), '✗', 'violated, expected holds: gap 0.31, floor 1.5e-7'],
    [
      check('violated', doneOutcome('violated'), 'violated'),
      '✓',
      'violated, as expected: gap 0.31, floor 1.5e-7',
    ],
    [
      check('inconclusive', doneOutcome('inconclusive')),
      '?',
      'inconclusive, expected holds: gap 3.1e-7, floor 1.5e-7',
    ],
    [check('stale', doneOutcome('holds')), '○', 'stale (was holds: gap 3.1e-7, floor 1.5e-7)'],
    [
      check('not run', undefined, 'holds', { note: 'the workspace is not trusted' }),
      '○',
      'not run: the workspace is not trusted',
    ],
    [
      check('running', undefined, 'holds', { progress: { fraction: 0.42, stage: 'elements' } }),
      '…',
      'running: 42 %, elements',
    ],
    [check('failed', { status: 'failed', findings: [] }), '!', 'could not run: unknown reason'],
  ])('%#', (of, sign, text) => {
    expect([mark(of), summaryText(of)]).toEqual([sign, text]);
  });

  it('tell of samples without a frame', () => {
    const outcome = doneOutcome('holds');
    const finding: Finding = {
      code: 'model/frame-degenerate',
      severity: 'warning',
      message: 'no frame is determined by 2 of 12 samples: objects.npz[3], objects.npz[7]: lies on a line',
      found: '2 of 12 samples',
    };
    const of = check('holds', { ...outcome, findings: [finding] });
    expect(summaryText(of)).toBe(`${summaryText(check('holds', outcome))}, no frame: 2 of 12 samples`);
    expect(resultMarkdown(of)).toContain('objects.npz[3], objects.npz[7]: lies on a line');
  });

  it('count the states of several checks', () => {
    const [holds, violated] = [check('holds'), check('violated')];
    expect(statesText([holds])).toBe('holds');
    expect(statesText([holds, holds])).toBe('all hold');
    expect(statesText([violated, holds, holds])).toBe('1 violated, 2 hold');
  });
});

describe('the hover of a result', () => {
  it('has a row for each output, the bound, the worst pair and the remarks', () => {
    const text = resultMarkdown(check('violated', doneOutcome('violated')));
    expect(text).toContain('| `energy` | violated | 0.31 | 0.15 | 1.5e-7 | 2.1e6 | 1.5e-6 |');
    expect(text).toContain('Directions: rotation about z holds; rotation about x does not.');
    expect(text).toContain('| rotation about x | `energy` | broken | 0.3 | 0.21 per radian |');
    expect(text).toContain('12 samples x 64 elements, seed 0.');
    expect(text).toContain(
      '700 pairs of 768 above the tolerance: with 95 % confidence fewer than 0.4 % are.',
    );
    expect(text).toContain(
      'Worst for `energy`: 137 degrees about (0.20, 0.90, 0.38) on objects.npz[3] (gap 0.31).',
    );
  });
});
