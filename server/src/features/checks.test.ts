import { beforeEach, describe, expect, it } from 'vitest';
import { Checks, postponed } from './checks.ts';
import { defaultSettings } from './settings.ts';
import { doneOutcome, FakeRunner } from './testing/fake-runner.ts';
import { file, planned, uri } from './testing/plans.ts';

const settings = defaultSettings;
const id = 'leaky on objects under SE(3)';
const never = new AbortController().signal;

let runner: FakeRunner;
let checks: Checks;
let changes: string[];

beforeEach(() => {
  runner = new FakeRunner();
  changes = [];
  checks = new Checks({ runner, changed: (_, what) => changes.push(what) }, true);
});

const state = (which = id) => checks.find(uri, which)?.state;
/** Lets everything that is ready to happen, happen. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

async function runToEnd(verdict: Parameters<typeof doneOutcome>[0], which = id) {
  const run = checks.run(uri, which, 'command', never);
  await settle();
  runner.runs.at(-1)!.end(doneOutcome(verdict));
  await run;
  await settle();
}

describe('a check', () => {
  it('goes from not run through queued and running to its verdict', async () => {
    checks.update(file(1, planned('leaky')), settings);
    expect(state()).toBe('not run');
    const run = checks.run(uri, id, 'command', never);
    expect(state()).toBe('queued');
    await settle();
    runner.runs[0]!.request.onStart();
    expect(state()).toBe('running');
    runner.runs[0]!.request.onProgress({ fraction: 0.5, stage: 'elements' });
    expect(checks.find(uri, id)!.progress).toEqual({ fraction: 0.5, stage: 'elements' });
    runner.runs[0]!.end(doneOutcome('violated'));
    await run;
    expect(state()).toBe('violated');
    expect(checks.find(uri, id)!.progress).toBeUndefined();
    expect(changes).toContain('progress');
  });

  it('becomes stale at once when its model is edited, and fresh again when the edit is undone', async () => {
    checks.update(file(1, planned('leaky')), settings);
    await runToEnd('violated');
    checks.update(file(2, planned('leaky', { hidden: 16 })), settings);
    expect(state()).toBe('stale');
    await settle();
    expect(state()).toBe('stale');
    checks.update(file(3, planned('leaky')), settings);
    await settle();
    expect(state()).toBe('violated');
  });

  it('keeps its verdict when only its place, its expectation or its time limit changes', async () => {
    checks.update(file(1, planned('leaky')), settings);
    await runToEnd('violated');
    checks.update(file(2, planned('leaky', { expect: 'violated', index: 4 })), settings);
    expect(state()).toBe('violated');
    expect(checks.find(uri, id)!.path).toBe('/items@4');
    expect(checks.find(uri, id)!.plan.options.expect).toBe('violated');
  });

  it('shows what an identical earlier run has found, without running', async () => {
    const plan = planned('leaky');
    runner.cache.set(await runner.inputsHash(plan.plan), doneOutcome('violated'));
    checks.update(file(1, plan), settings);
    await settle();
    expect(state()).toBe('violated');
    expect(checks.find(uri, id)!.result!.cached).toBe(true);
    expect(runner.runs).toHaveLength(0);
  });

  it('becomes stale when its data changes on disk, and fresh when the old data comes back', async () => {
    checks.update(file(1, planned('leaky')), settings);
    await runToEnd('violated');
    runner.files.set('/labs/objects.npz', 'second');
    checks.filesChanged((path) => path === '/labs/objects.npz');
    await settle();
    expect(state()).toBe('stale');
    runner.files.set('/labs/objects.npz', 'first');
    checks.filesChanged((path) => path === '/labs/objects.npz');
    await settle();
    expect(state()).toBe('violated');
  });

  it('does not look at files that it does not read', async () => {
    checks.update(file(1, planned('leaky')), settings);
    await runToEnd('violated');
    runner.files.set('/labs/objects.npz', 'second');
    checks.filesChanged((path) => path === '/labs/other.npz');
    await settle();
    expect(state()).toBe('violated');
  });

  it('is stale when its data changed while it was running', async () => {
    checks.update(file(1, planned('leaky')), settings);
    const run = checks.run(uri, id, 'command', never);
    await settle();
    runner.files.set('/labs/objects.npz', 'second');
    runner.runs[0]!.end(doneOutcome('holds'));
    await run;
    await settle();
    expect(state()).toBe('stale');
  });

  it('drops the result of a run that an edit has overtaken', async () => {
    checks.update(file(1, planned('leaky')), settings);
    const run = checks.run(uri, id, 'command', never);
    await settle();
    checks.update(file(2, planned('leaky', { hidden: 16 })), settings);
    expect(runner.runs[0]!.request.signal.aborted).toBe(true);
    await run;
    expect(state()).toBe('not run');
    expect(checks.find(uri, id)!.result).toBeUndefined();
  });

  it('is cancelled alone, by document, or with all others', async () => {
    checks.update(file(1, planned('leaky'), planned('steady', { index: 1 })), settings);
    const steady = 'steady on objects under SE(3)';
    const runs = [checks.run(uri, id, 'command', never), checks.run(uri, steady, 'command', never)];
    await settle();
    checks.cancel(uri, id);
    await runs[0];
    expect([state(), state(steady)]).toEqual(['cancelled', 'queued']);
    checks.cancel();
    await runs[1];
    expect(state(steady)).toBe('cancelled');
  });

  it('goes back to where it was when the time budget ends its waiting', async () => {
    checks.update(file(1, planned('leaky')), settings);
    const controller = new AbortController();
    const run = checks.run(uri, id, 'save', controller.signal);
    await settle();
    controller.abort(postponed);
    await run;
    expect(state()).toBe('not run');
    expect(checks.find(uri, id)!.note).toBe('the time budget of this save is used up');
  });

  it('fails with the finding of whatever went wrong, and is tried again when the files can be read', async () => {
    runner.missing.add('/labs/objects.npz');
    checks.update(file(1, planned('leaky')), settings);
    await checks.run(uri, id, 'command', never);
    await settle();
    expect(state()).toBe('failed');
    expect(checks.find(uri, id)!.result!.outcome.findings[0]!.message).toContain('no /labs/objects.npz');
    await checks.refresh(uri);
    expect(state()).toBe('failed');
    runner.missing.clear();
    await checks.refresh(uri);
    expect(state()).toBe('stale');
  });

  it('is recognised under a new name at the same place', async () => {
    checks.update(file(1, planned('leaky')), settings);
    await runToEnd('violated');
    const renamed = planned('leaky');
    const plan = { ...renamed.plan, id: 'porous', model: { ...renamed.plan.model, name: 'porous' } };
    checks.update(file(2, { ...renamed, plan }), settings);
    expect(state('porous')).toBe('violated');
    expect(checks.find(uri, id)).toBeUndefined();
  });

  it('keeps its verdict when another check is put in front of it', async () => {
    checks.update(file(1, planned('leaky')), settings);
    await runToEnd('violated');
    checks.update(file(2, planned('steady'), planned('leaky', { index: 1 })), settings);
    expect([state('steady on objects under SE(3)'), state()]).toEqual(['not run', 'violated']);
  });
});

describe('broken text', () => {
  it('leaves nothing that could pass for a result, and brings it back with the text', async () => {
    checks.update(file(1, planned('leaky')), settings);
    await runToEnd('violated');
    checks.suspend(uri);
    await settle();
    expect(state()).toBe('stale');
    expect(checks.find(uri, id)!.note).toBe('the text has errors');
    checks.update(file(3, planned('leaky')), settings);
    await settle();
    expect(state()).toBe('violated');
  });

  it('lets a run go on, whose result counts if the text comes back as it was', async () => {
    checks.update(file(1, planned('leaky')), settings);
    const run = checks.run(uri, id, 'command', never);
    await settle();
    checks.suspend(uri);
    expect(runner.runs[0]!.request.signal.aborted).toBe(false);
    runner.runs[0]!.end(doneOutcome('violated'));
    await run;
    await settle();
    expect(state()).toBe('stale');
    checks.update(file(3, planned('leaky')), settings);
    await settle();
    expect(state()).toBe('violated');
  });
});

describe('another backend', () => {
  it('makes a result stale, since it may compute other numbers', async () => {
    checks.update(file(1, planned('leaky')), settings);
    await runToEnd('violated');
    checks.update(file(1, planned('leaky')), { ...settings, backend: 'cpu' });
    expect(state()).toBe('stale');
  });
});

describe('an untrusted workspace', () => {
  it('runs nothing, looks nothing up, and says why', async () => {
    checks = new Checks({ runner, changed: () => {} }, false);
    const plan = planned('leaky');
    runner.cache.set(await runner.inputsHash(plan.plan), doneOutcome('holds'));
    checks.update(file(1, plan), settings);
    await checks.run(uri, id, 'command', never);
    await settle();
    expect(runner.runs).toHaveLength(0);
    expect(state()).toBe('not run');
    expect(checks.find(uri, id)!.note).toBe('the workspace is not trusted');
    checks.setTrusted(true);
    await settle();
    expect(state()).toBe('holds');
    expect(checks.find(uri, id)!.note).toBeUndefined();
  });
});
