/** Reads e3nn's notation for spherical tensors: `8x0e + 4x1o`. */
import type { Irrep } from '@noether/engine/catalog';

/** The largest degree that the engine has Wigner matrices for. */
export const maxDegree = 6;

/**
 * @param text blocks joined by `+`; a block without multiplicity counts once: `0e + 1o`.
 * @returns the blocks, or a phrase that says what is wrong.
 */
export function parseIrreps(text: string): { irreps: readonly Irrep[] } | { wrong: string } {
  const irreps: Irrep[] = [];
  for (const block of text.split('+')) {
    const part = block.trim();
    const match = /^(?:(\d+)\s*x\s*)?(\d+)([a-z]?)$/.exec(part);
    if (!match)
      return { wrong: part === '' ? 'a block is empty' : `\`${part}\` is not a block such as 8x0e` };
    const [, multiplicity = '1', degree, parity] = match;
    if (parity !== 'e' && parity !== 'o') {
      return {
        wrong: parity
          ? `\`${part}\` has the parity \`${parity}\`; it is e (even) or o (odd)`
          : `\`${part}\` lacks its parity, e or o`,
      };
    }
    if (Number(degree) > maxDegree)
      return { wrong: `\`${part}\` has degree ${degree}; the highest is ${maxDegree}` };
    if (Number(multiplicity) === 0) return { wrong: `\`${part}\` has multiplicity 0` };
    irreps.push({
      multiplicity: Number(multiplicity),
      degree: Number(degree),
      parity: parity === 'e' ? 1 : -1,
    });
  }
  return { irreps };
}
