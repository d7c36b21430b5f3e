import { beforeEach, describe, expect, it } from 'vitest';
import type { PublishDiagnosticsParams, Range } from 'vscode-languageserver';
import { DiagnosticsHub } from './hub.ts';

const uri = 'file:///a.equi';
const line = (number: number): Range => ({
  start: { line: number, character: 0 },
  end: { line: number, character: 5 },
});

let published: PublishDiagnosticsParams[];
let places: Record<string, number>;
let ready: boolean;
let version: number;
let turns: number;
let hub: DiagnosticsHub;

beforeEach(() => {
  published = [];
  turns = 0;
  places = { '/items@0': 3, '/items@1': 7 };
  ready = true;
  version = 1;
  hub = new DiagnosticsHub({
    publish: (params) => published.push(params),
    locate: ({ path }) => (path in places ? line(places[path]!) : undefined),
    version: () => version,
    ready: () => ready,
    later: () => turns++,
  });
});

const verdict = {
  path: '/items@0',
  diagnostic: { message: 'violated', severity: 1 as const },
  related: [{ anchor: { uri, path: '/items@1' }, message: 'the model' }],
};

describe('the hub', () => {
  it('publishes the union of all sources together, with the version', () => {
    hub.setBuilt(uri, [{ range: line(0), message: 'syntax' }], [{ range: line(1), message: 'static' }]);
    hub.setVerify(uri, [verdict]);
    expect(published).toHaveLength(0);
    expect(turns).toBe(2);
    hub.flush();
    expect(published).toHaveLength(1);
    expect(published[0]!.version).toBe(1);
    expect(published[0]!.diagnostics.map(({ message }) => message)).toEqual(['syntax', 'static', 'violated']);
  });

  it('places late diagnostics where their check is when they are published', () => {
    hub.setVerify(uri, [verdict]);
    places['/items@0'] = 12;
    hub.flush();
    const [diagnostic] = published[0]!.diagnostics;
    expect(diagnostic!.range.start.line).toBe(12);
    expect(diagnostic!.relatedInformation).toEqual([
      { location: { uri, range: line(7) }, message: 'the model' },
    ]);
  });

  it('drops a diagnostic whose check is gone, and a related place that is gone', () => {
    hub.setVerify(uri, [verdict, { ...verdict, path: '/items@9' }]);
    delete places['/items@1'];
    hub.flush();
    expect(published[0]!.diagnostics).toHaveLength(1);
    expect(published[0]!.diagnostics[0]!.relatedInformation).toBeUndefined();
  });

  it('waits for the end of a build', () => {
    ready = false;
    hub.setVerify(uri, [verdict]);
    hub.flush();
    expect(published).toHaveLength(0);
    ready = true;
    hub.flush();
    expect(published).toHaveLength(1);
  });

  it('says the same thing once for each version', () => {
    hub.setVerify(uri, [verdict]);
    hub.flush();
    hub.setVerify(uri, [verdict]);
    hub.flush();
    expect(published).toHaveLength(1);
    version = 2;
    hub.setBuilt(uri, [], []);
    hub.flush();
    expect(published).toHaveLength(2);
  });

  it('takes everything back when the document is gone', () => {
    hub.setVerify(uri, [verdict]);
    hub.flush();
    hub.remove(uri);
    expect(published.at(-1)).toEqual({ uri, diagnostics: [] });
    hub.flush();
    expect(published).toHaveLength(2);
  });
});
