/** e3nn's notation for irreps of O(3). Pure: the language reads it too. */
import { Fault } from '../fault.ts';
import { type Irrep, irrepsDimension } from '../signature.ts';

/** Wigner D matrices and spherical harmonics are tested up to this degree. */
export const largestDegree = 6;

/**
 * Reads "8x0e + 4x1o": blocks `multiplicity x degree parity` joined with +, the multiplicity 1 where it is left out.
 * Parity is e (even) or o (odd). Spaces are free.
 * @throws Fault `spec/irreps-syntax` with the position of the character, `spec/irreps-degree` above degree 6.
 */
export function parseIrreps(text: string): Irrep[] {
  const irreps: Irrep[] = [];
  let start = 0;
  for (const part of text.split('+')) {
    const at = start + (part.length - part.trimStart().length);
    irreps.push(parseBlock(part.trim(), at, text));
    start += part.length + 1;
  }
  if (irrepsDimension(irreps) === 0) {
    throw syntaxFault(
      text,
      0,
      text,
      'every multiplicity is 0',
      'Give one block a multiplicity of at least 1.',
    );
  }
  return irreps;
}

function parseBlock(block: string, at: number, text: string): Irrep {
  if (block === '') {
    throw syntaxFault(
      text,
      at,
      'nothing',
      'a block is missing',
      'Write blocks joined with +: "8x0e + 4x1o".',
    );
  }
  const match = /^(?:(\d+)\s*[x*]\s*)?(\d+)\s*([eo])$/.exec(block);
  if (!match || block.includes('*')) throw syntaxFault(text, at, block, ...diagnose(block));
  const multiplicity = match[1] === undefined ? 1 : Number(match[1]);
  const degree = Number(match[2]);
  if (!Number.isSafeInteger(multiplicity * (2 * degree + 1))) {
    throw syntaxFault(text, at, block, 'the number is too large', 'Use a smaller multiplicity.');
  }
  if (degree > largestDegree) {
    throw new Fault({
      code: 'spec/irreps-degree',
      message: `irreps "${text}": degree ${degree} at character ${at + 1} is above ${largestDegree}, the largest that Noether acts on`,
      expected: `a degree from 0 to ${largestDegree}`,
      found: block,
      advice: `Declare only degrees up to ${largestDegree}, or leave that part of the feature out.`,
    });
  }
  return { multiplicity, degree, parity: match[3] === 'e' ? 1 : -1 };
}

/** What is wrong with a block, and what to write. */
function diagnose(block: string): [problem: string, advice: string] {
  const numbers = /^(?:(\d+)\s*[x*×]\s*)?(\d+)\s*(.*)$/i.exec(block);
  if (/^\d+\s*[*×X]/.test(block)) {
    return ['the multiplicity is followed by a small x', `Write "${block.replace(/[*×X]/, 'x')}".`];
  }
  if (numbers && numbers[3] === '') {
    return ['the parity is missing', `Write "${block}e" (even) or "${block}o" (odd).`];
  }
  if (numbers && /^[EO]$/.test(numbers[3]!)) {
    return ['the parity is a small letter', `Write "${block.toLowerCase()}".`];
  }
  if (numbers) {
    return [
      `the parity "${numbers[3]}" is neither e nor o`,
      `Write "${block.slice(0, block.length - numbers[3]!.length).trim()}e" (even) or with "o" (odd).`,
    ];
  }
  return ['this is not a block', 'Write multiplicity x degree parity, as in "8x0e + 4x1o".'];
}

function syntaxFault(text: string, at: number, found: string, problem: string, advice: string): Fault {
  return new Fault({
    code: 'spec/irreps-syntax',
    message: `irreps "${text}": at character ${at + 1} ${problem}`,
    expected: 'blocks such as 8x0e or 1o, joined with +',
    found,
    advice,
  });
}
