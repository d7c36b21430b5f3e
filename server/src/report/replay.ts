/** The command that does a check, or one pair of it, again. */
import type { Verification, Witness } from '@noether/engine/catalog';
import type { CheckPlan } from '../plan/plan.ts';
import { elementWord } from './element-text.ts';

/**
 * `noether check FILE --only ID --seed N --replay SAMPLE:DRAW` for the worst pair of a check that does not hold (the
 * element itself in the place of DRAW where a search has found it), the whole check otherwise. It names the seed and the elements even where the specification does: a report may come from
 * an editor whose settings differ.
 */
export function replayCommand(
  file: string,
  { id, options }: CheckPlan,
  backend: string,
  verification?: Verification,
): string {
  const witness = verification && verification.verdict !== 'holds' ? worstWitness(verification) : undefined;
  return [
    `noether check ${shellWord(file)} --only ${shellWord(id)} --seed ${options.seed}`,
    witness
      ? `--replay ${witness.sample}:${witness.draw ?? elementWord(witness.element)}`
      : `--elements ${options.elements}`,
    ...(backend === 'auto' ? [] : [`--backend ${shellWord(backend)}`]),
  ].join(' ');
}

/** The witness of the output that is furthest over its tolerance. */
export function worstWitness({ outputs, verdict }: Verification): Witness | undefined {
  let worst: { witness: Witness; excess: number } | undefined;
  for (const output of outputs) {
    if (output.verdict !== verdict || !output.worst) continue;
    const excess = output.gap / output.tolerance;
    if (!worst || excess > worst.excess) worst = { witness: output.worst, excess };
  }
  return worst?.witness;
}

/** A word that shells take literally: as it is, in double quotes (which all shells know), else in POSIX single quotes. */
export function shellWord(word: string): string {
  if (/^[\w./:=@%+,-]+$/.test(word)) return word;
  if (!/["$`\\!]/.test(word)) return `"${word}"`;
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
