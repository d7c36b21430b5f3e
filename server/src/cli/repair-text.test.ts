/** What a repair prints of runs that are made up: notes and findings that a healthy model gives no occasion for. */
import { expect, it } from 'vitest';
import { doneOutcome } from '../features/testing/fake-runner.ts';
import type { CheckPlan } from '../plan/plan.ts';
import type { Proposal } from '../repair/propose.ts';
import type { CheckOutcome } from '../report/index.ts';
import type { Repaired, Tried } from './repair-command.ts';
import { renderRepairs } from './repair-text.ts';

const style = { width: 120, colour: false, folder: '/labs' };
const proposal: Proposal = { steps: [], evaluations: 4, title: 'frames of SE(3)' };
const lines = { name: 'net_framed', names: ['net_framed'], text: 'model net_framed = framed(net, SE(3))' };

function repaired(after: CheckOutcome, chosen = false): Repaired {
  const tried: Tried = { proposal, lines, outcome: after, findings: [] };
  return {
    plan: { title: 'net on d under SE(3)', model: { name: 'net' } } as CheckPlan,
    line: 3,
    before: doneOutcome('violated'),
    tried: [tried],
    without: [],
    ...(chosen ? { chosen: tried } : {}),
  };
}

const shown = (one: Repaired) =>
  renderRepairs({ model: 'net', file: 'a.equi', repaired: [one], written: false }, style);

it('a floor that has grown is told, since a tolerance made of it hides jumps', () => {
  const after = doneOutcome('holds');
  const { outputs } = after.verification!;
  const risen = outputs.map((output) => ({ ...output, floor: 1000 * output.floor }));
  const jumping = { ...after, verification: { ...after.verification!, outputs: risen } };
  expect(shown(repaired(jumping, true))).toContain(
    'net_framed: its floor is 1000 times that of the model inside',
  );
  expect(shown(repaired(after, true))).not.toContain('its floor');
});

it('a proposal that could not be run says why, and none is chosen', () => {
  const text = shown(
    repaired({
      status: 'failed',
      findings: [{ code: 'job/time-limit', severity: 'error', message: 'it took longer than 60 s' }],
    }),
  );
  expect(text).toMatch(/^net_framed +not run/m);
  expect(text).toContain('job/time-limit');
  expect(text).toContain('net_framed: it took longer than 60 s');
  expect(text).toContain('None of them holds');
  expect(text).not.toContain('--write');
});
