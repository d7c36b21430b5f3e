/** Which checks are meant by --only, and what the command line says in place of the specification. */

import type { Replay } from '@noether/engine/catalog';
import { closest } from '../language/closest.ts';
import type { CheckPlan } from '../plan/plan.ts';
import { commandLineFault } from './faults.ts';

export interface Overrides {
  readonly seed?: number;
  readonly elements?: number;
  /** Seconds. */
  readonly timeLimit?: number;
  readonly replay?: Replay;
}

/**
 * Checks whose id, title or model is one of `only`; all without it.
 * @throws Fault when a name is nobody's.
 */
export function selectChecks<T extends { readonly plan: CheckPlan }>(
  checks: readonly T[],
  only: readonly string[],
): T[] {
  if (only.length === 0) return [...checks];
  const namesOf = ({ plan }: T) => [plan.id, plan.title, plan.model.name];
  for (const name of only) {
    if (checks.some((check) => namesOf(check).includes(name))) continue;
    const near = closest(name, checks.flatMap(namesOf));
    throw commandLineFault('spec/no-such-check', {
      message: `There is no check or model named "${name}"`,
      expected:
        checks.length > 0 ? checks.map(({ plan }) => plan.id).join(', ') : 'a specification with checks',
      advice: near ? `Did you mean "${near}"?` : undefined,
    });
  }
  return checks.filter((check) => namesOf(check).some((name) => only.includes(name)));
}

/** The command line wins over the specification. */
export function override(plan: CheckPlan, { seed, elements, timeLimit, replay }: Overrides): CheckPlan {
  const { options } = plan;
  return {
    ...plan,
    timeLimit: timeLimit ?? plan.timeLimit,
    options: {
      ...options,
      seed: seed ?? options.seed,
      elements: elements ?? options.elements,
      ...(replay ? { replay } : {}),
    },
  };
}
