import { execFileSync } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import schema from '../../../schemas/report-1.schema.json' with { type: 'json' };
import { renderJson } from './render-json.ts';
import { renderSummary } from './render-summary.ts';
import { renderTerminal } from './render-terminal.ts';
import { replayCommand, shellWord } from './replay.ts';
import type { Style } from './style.ts';
import {
  finished,
  fullReport,
  testOutcome,
  testOutput,
  testReport,
  violatedOutput,
} from './testing/reports.ts';
import { textWidth, wrap } from './text-layout.ts';
import { duration, percent, shortNumber } from './words.ts';

const plain = (width: number): Style => ({ width, colour: false, folder: '/home/emmy/work' });
const validate = new Ajv2020({ allErrors: true, strict: true }).compile(schema);
const errorsOf = (report: unknown) => {
  validate(JSON.parse(JSON.stringify(report)));
  return validate.errors ?? [];
};

describe('a report in the terminal', () => {
  it('is a table, the findings, where it ran, and a summary', () => {
    expect(renderTerminal(fullReport, plain(160))).toMatchSnapshot();
  });

  it('fits 80 columns, the worst elements below their rows', () => {
    const text = renderTerminal(fullReport, plain(80));
    expect(text).toMatchSnapshot();
    const lines = text.split('\n').filter((line) => !line.trimStart().startsWith('replay'));
    expect(Math.max(...lines.map(textWidth))).toBeLessThanOrEqual(80);
  });

  it('loses nothing but its looks in a very narrow terminal', () => {
    const text = renderTerminal(fullReport, plain(30));
    for (const word of ['holds', 'violated', 'inconclusive', 'not run', 'cancelled'])
      expect(text).toContain(word);
  });

  it('is coloured only where asked for, and plain ASCII where not', () => {
    const coloured = renderTerminal(fullReport, { ...plain(160), colour: true });
    expect(coloured).toContain('\x1b[32mholds\x1b[39m');
    expect(coloured).toContain('\x1b[31mviolated\x1b[39m');
    expect(coloured).toContain('\x1b[32mviolated, as expected\x1b[39m');
    expect(stripVTControlCharacters(coloured)).toBe(renderTerminal(fullReport, plain(160)));
    expect(renderTerminal(fullReport, plain(160))).toMatch(/^[\n\x20-\x7e]*$/);
  });

  it('names each file when there are several', () => {
    const holds = testOutcome('holds', [testOutput()]);
    const other = { ...finished('other', holds), file: '/home/emmy/other.equi' };
    const text = renderTerminal(testReport({ checks: [finished('one', holds), other] }), plain(120));
    expect(text).toMatch(/^quickstart.equi\n\ncheck/);
    expect(text).toContain('\n/home/emmy/other.equi\n\ncheck');
  });

  it('shows a replay as what it is', () => {
    const check = finished('leaky', testOutcome('violated', [violatedOutput]), {
      replay: { sample: 3, draw: 17 },
    });
    expect(renderTerminal(testReport({ checks: [check] }), plain(100))).toMatchSnapshot();
  });
});

describe('the summary', () => {
  it('counts', () => {
    expect(renderSummary(fullReport)).toBe(
      '7 checks: 2 as expected, 3 not as expected, 2 not run; 12 s, 1 from the cache',
    );
    expect(renderSummary(testReport())).toBe('no checks were run; 12 s');
    const finding = { code: 'spec/x', severity: 'error', message: 'x' } as const;
    expect(renderSummary(testReport({ findings: [finding] }))).toBe(
      '1 error in the specification; no checks were run; 12 s',
    );
  });
});

describe('the JSON report', () => {
  it('validates against the published schema', () => {
    expect(errorsOf(fullReport)).toEqual([]);
    expect(errorsOf(testReport())).toEqual([]);
    expect(JSON.parse(renderJson(fullReport))).toEqual(JSON.parse(JSON.stringify(fullReport)));
  });

  it('has a schema that lets nothing else pass', () => {
    const [check] = fullReport.checks;
    const bad = [
      { ...fullReport, schema: 'noether-report-2' },
      { ...fullReport, extra: 1 },
      { ...fullReport, started: 'yesterday' },
      { ...fullReport, checks: [{ ...check, verification: undefined }] },
      { ...fullReport, checks: [{ ...check, inputsHash: 'abc' }] },
      { ...fullReport, checks: [{ ...check, group: { kind: 'SO', dim: 4 } }] },
      { ...fullReport, checks: [{ ...check, verification: { ...check!.verification, verdict: 'fails' } }] },
      { ...fullReport, findings: [{ code: 'what', severity: 'error', message: 'x' }] },
    ];
    for (const report of bad) expect(errorsOf(report)).not.toEqual([]);
  });

  it('describes every property in the schema', () => {
    const undocumented: string[] = [];
    const visit = (node: unknown, path: string) => {
      if (typeof node !== 'object' || node === null) return;
      const { properties } = node as { properties?: Record<string, Record<string, unknown>> };
      for (const [name, property] of Object.entries(properties ?? {})) {
        const plain =
          property.description ??
          property.$ref ??
          property.const ??
          property.enum ??
          property.type === 'array';
        if (!plain) undocumented.push(`${path}.${name}`);
      }
      for (const [key, child] of Object.entries(node)) visit(child, `${path}/${key}`);
    };
    visit({ ...schema, $defs: schema.$defs }, '');
    expect(undocumented).toEqual([]);
  });
});

describe('the command that replays', () => {
  const { plan, file } = finished('leaky on objects under SE(3) * S(point)', testOutcome('holds', []));

  it('does the whole check again when it holds, the worst pair when not', () => {
    expect(replayCommand(file, plan, 'auto', testOutcome('holds', [testOutput()]).verification)).toBe(
      'noether check /home/emmy/work/quickstart.equi --only "leaky on objects under SE(3) * S(point)" --seed 7 --elements 8',
    );
    const worse = testOutput({
      ...violatedOutput,
      gap: 0.9,
      worst: { ...violatedOutput.worst!, sample: 5, draw: 2 },
    });
    const outputs = [testOutput({ gap: 99 }), violatedOutput, worse];
    expect(replayCommand('a.equi', plan, 'cpu', testOutcome('violated', outputs).verification)).toBe(
      'noether check a.equi --only "leaky on objects under SE(3) * S(point)" --seed 7 --replay 5:2 --backend cpu',
    );
  });

  it.skipIf(process.platform === 'win32')('quotes words so that a shell takes them literally', () => {
    for (const word of ['plain', 'SE(3) * S(point)', "it's", '$HOME "quoted" `x` \\ !', 'ä b', '']) {
      expect(execFileSync('sh', ['-c', `printf %s ${shellWord(word)}`], { encoding: 'utf8' })).toBe(word);
    }
  });
});

describe('words', () => {
  it('writes numbers with two digits', () => {
    expect([0, 3.14e-7, 0.0421, 12.4, 2.1e6, 1e-9, -0.5].map(shortNumber)).toEqual([
      '0',
      '3.1e-7',
      '0.042',
      '12',
      '2.1e6',
      '1e-9',
      '-0.5',
    ]);
    expect([0.0457, 0.95, 1, 0.00123].map(percent)).toEqual(['4.6%', '95%', '100%', '0.12%']);
    expect([0.0004, 0.0314, 0.314, 12.3, 200].map(duration)).toEqual([
      '0 ms',
      '31 ms',
      '0.31 s',
      '12 s',
      '3 min 20 s',
    ]);
  });

  it('wraps at spaces, cuts what is too long, and counts wide characters twice', () => {
    expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrap('abcdefgh', 3)).toEqual(['abc', 'def', 'gh']);
    expect(wrap('', 3)).toEqual(['']);
    expect(textWidth('漢字')).toBe(4);
    expect(textWidth('e\u0301')).toBe(1);
  });
});
