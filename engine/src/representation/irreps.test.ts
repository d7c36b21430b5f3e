import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fault } from '../fault.ts';
import { irrepsDimension, irrepsText } from '../signature.ts';
import { parseIrreps } from './irreps.ts';

describe('parseIrreps', () => {
  it("reads e3nn's notation", () => {
    expect(parseIrreps('8x0e + 4x1o')).toEqual([
      { multiplicity: 8, degree: 0, parity: 1 },
      { multiplicity: 4, degree: 1, parity: -1 },
    ]);
    expect(parseIrreps('1o')).toEqual([{ multiplicity: 1, degree: 1, parity: -1 }]);
    expect(irrepsDimension(parseIrreps(' 2x6e+1x0o + 0x3e '))).toBe(27);
  });

  it('reads back what irrepsText writes', () => {
    const block = fc.record({
      multiplicity: fc.integer({ min: 1, max: 64 }),
      degree: fc.integer({ min: 0, max: 6 }),
      parity: fc.constantFrom(1 as const, -1 as const),
    });
    fc.assert(
      fc.property(fc.array(block, { minLength: 1, maxLength: 6 }), (irreps) => {
        expect(parseIrreps(irrepsText(irreps))).toEqual(irreps);
      }),
    );
  });

  it.each([
    ['', 'irreps "": at character 1 a block is missing', 'Write blocks joined with +: "8x0e + 4x1o".'],
    [
      '8x0e + ',
      'irreps "8x0e + ": at character 8 a block is missing',
      'Write blocks joined with +: "8x0e + 4x1o".',
    ],
    [
      '8x0e + 4x1',
      'irreps "8x0e + 4x1": at character 8 the parity is missing',
      'Write "4x1e" (even) or "4x1o" (odd).',
    ],
    [
      '8x0y',
      'irreps "8x0y": at character 1 the parity "y" is neither e nor o',
      'Write "8x0e" (even) or with "o" (odd).',
    ],
    ['8x0E', 'irreps "8x0E": at character 1 the parity is a small letter', 'Write "8x0e".'],
    ['8*0e', 'irreps "8*0e": at character 1 the multiplicity is followed by a small x', 'Write "8x0e".'],
    ['8×0e', 'irreps "8×0e": at character 1 the multiplicity is followed by a small x', 'Write "8x0e".'],
    [
      '1o, 2e',
      'irreps "1o, 2e": at character 1 the parity "o, 2e" is neither e nor o',
      'Write "1e" (even) or with "o" (odd).',
    ],
    [
      '1o + s',
      'irreps "1o + s": at character 6 this is not a block',
      'Write multiplicity x degree parity, as in "8x0e + 4x1o".',
    ],
    [
      '-1x0e',
      'irreps "-1x0e": at character 1 this is not a block',
      'Write multiplicity x degree parity, as in "8x0e + 4x1o".',
    ],
    [
      '0x1o',
      'irreps "0x1o": at character 1 every multiplicity is 0',
      'Give one block a multiplicity of at least 1.',
    ],
    [
      `${'9'.repeat(20)}x1o`,
      `irreps "${'9'.repeat(20)}x1o": at character 1 the number is too large`,
      'Use a smaller multiplicity.',
    ],
  ])('tells what is wrong with "%s"', (text, message, advice) => {
    expect(findingOf(text)).toMatchObject({ code: 'spec/irreps-syntax', message, advice });
  });

  it('knows how far it goes', () => {
    expect(findingOf('2x0e + 1x7o')).toMatchObject({
      code: 'spec/irreps-degree',
      message: 'irreps "2x0e + 1x7o": degree 7 at character 8 is above 6, the largest that Noether acts on',
      expected: 'a degree from 0 to 6',
      found: '1x7o',
    });
  });
});

function findingOf(text: string) {
  try {
    parseIrreps(text);
  } catch (error) {
    if (error instanceof Fault) return error.finding;
    throw error;
  }
  throw new Error(`"${text}" was accepted`);
}
