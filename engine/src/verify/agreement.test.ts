/** The matrix of a comparison, on runs whose differences are planted. */
import { describe, expect, it } from 'vitest';
import type { Field } from '../signature.ts';
import { integer, real } from '../tensor/array.ts';
import { randomFromSeed } from '../tensor/index.ts';
import { type AgreementRequest, agreementOf, type ComparedRun, roundingBetween } from './agreement.ts';

const outputs: readonly Field[] = [
  { name: 'energy', type: { representation: { kind: 'scalar' }, axes: [] } },
];
const samples = ['a', 'b', 'c', 'd'];
const truth = [1, -2, 0.5, 3];
const ulp = 2 ** -23;

/** The truth with an error of its own in each sample. */
function runOf(errors: readonly number[], own: Partial<ComparedRun> = {}): ComparedRun {
  const values = truth.map((value, i) => ({ energy: real([], [value + errors[i]!]) }));
  return { model: 'net', precision: 'float32', outputs, repeat: { energy: 0 }, values, ...own };
}

const random = randomFromSeed(3);
const rounded = () => truth.map(() => ulp * random.normal());
const twin = runOf([0, 0, 0, 0], { precision: 'float64' });

function matrix(
  runs: AgreementRequest['runs'],
  singles: readonly ComparedRun[],
  within: number | 'auto' = 'auto',
) {
  const rounding = { net: roundingBetween(singles, twin), other: roundingBetween(singles, twin) };
  return agreementOf({ runs, rounding, samples, within });
}

describe('agreement of runs', () => {
  it('is what rounding alone gives', () => {
    const runs = [runOf(rounded()), runOf(rounded()), twin];
    const { verdict, entries } = matrix(runs, runs.slice(0, 2));
    expect(verdict).toBe('agree');
    expect(entries.map(({ a, b }) => [a, b])).toEqual([
      [0, 1],
      [0, 2],
      [1, 2],
    ]);
  });

  it('names the run, the sample and the size of a planted difference, and the wrong run does not raise the floor', () => {
    for (const wrongFirst of [true, false]) {
      const good = runOf(rounded());
      const bad = runOf([0, 0, 1e-3, 0]);
      const far = runOf([1e-3, -1e-3, 2e-3, 1e-3]);
      for (const wrong of [bad, far]) {
        const singles = wrongFirst ? [wrong, good] : [good, wrong];
        const { verdict, entries } = matrix([...singles, twin], singles);
        expect(verdict).toBe('differ');
        const at = wrongFirst ? 0 : 1;
        for (const entry of entries) {
          expect(entry.verdict).toBe(entry.a === at || entry.b === at ? 'differ' : 'agree');
        }
      }
    }
    const good = runOf(rounded());
    const { entries } = matrix([good, runOf([0, 0, 1e-3, 0])], [good]);
    const scale = Math.sqrt((1 + 4 + 0.25 + 9) / 4);
    expect(entries[0]).toMatchObject({ output: 'energy', sample: 'c' });
    expect(entries[0]!.difference).toBeCloseTo(1e-3 / scale, 6);
  });

  it('asks two models to agree as float32 does, also in float64', () => {
    const single = runOf([ulp, -ulp, ulp, -ulp]);
    const exported = runOf([ulp, 0, 0, 0], { model: 'other', precision: 'float64' });
    expect(matrix([twin, exported], [single]).verdict).toBe('agree');
    // The same difference inside one model is no rounding of float64.
    expect(matrix([twin, { ...exported, model: 'net' }], [single]).verdict).toBe('differ');
    const wrong = runOf([1e-4, 0, 0, 0], { model: 'other', precision: 'float64' });
    expect(matrix([twin, wrong], [single]).verdict).toBe('differ');
  });

  it('leaves out what could not run, and is undecided with nothing to compare or a tolerance below the floor', () => {
    const single = runOf([ulp, -ulp, ulp, -ulp]);
    expect(matrix([single, undefined], [single])).toEqual({ verdict: 'undecided', entries: [] });
    const { entries } = matrix([single, undefined, twin], [single]);
    expect(entries.map(({ a, b }) => [a, b])).toEqual([[0, 2]]);
    expect(matrix([single, runOf([2 * ulp, 0, 0, 0])], [single], 1e-12).verdict).toBe('undecided');
  });

  it('takes a run that does not repeat itself for what it is', () => {
    const good = runOf([ulp, -ulp, ulp, -ulp]);
    const noisy = runOf([1e-4, 0, 0, 0], { repeat: { energy: 1e-4 } });
    expect(matrix([good, noisy], [good]).verdict).toBe('agree');
  });

  it('says that outputs cannot be compared', () => {
    const good = runOf([0, 0, 0, 0]);
    const stranger = { ...good, model: 'other', outputs: [{ ...outputs[0]!, name: 'force' }] };
    expect(() => matrix([good, stranger], [good])).toThrow(
      '`net` and `other` have no output of the same name',
    );
    const values = truth.map(() => ({ energy: real([2], [1, 2]) }));
    expect(() => matrix([good, { ...good, model: 'other', values }], [good])).toThrow(
      '`energy` of `net` and of `other` have different shapes, and cannot be compared',
    );
  });

  it('counts classes that differ', () => {
    const classes = (data: number[]) =>
      runOf([0, 0, 0, 0], { values: truth.map(() => ({ energy: integer([4], data) })) });
    const pair = [classes([0, 1, 2, 3]), classes([0, 1, 2, 0])];
    const { entries } = agreementOf({ runs: pair, rounding: {}, samples, within: 'auto' });
    expect(entries[0]).toMatchObject({ verdict: 'differ', difference: 0.25 });
  });
});
