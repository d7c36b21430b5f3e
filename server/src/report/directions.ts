/** Which directions of the group hold, in one sentence for each output. */
import type { DirectionGap, Verification } from '@noether/engine/catalog';

/**
 * `rotation about z holds; rotation about x and rotation about y do not`; empty where there is nothing to tell apart.
 * Outputs are named when there are several.
 */
export function directionsText({ directions = [], outputs }: Verification): string {
  const names = [...new Set(directions.map(({ output }) => output))];
  return names
    .map((name) => {
      const own = directions.filter(({ output }) => output === name);
      const text = sentence(own);
      return outputs.length > 1 ? `${name}: ${text}` : text;
    })
    .join('. ');
}

function sentence(directions: readonly DirectionGap[]): string {
  const holding = directions.filter(({ holds }) => holds).map(({ direction }) => direction);
  const broken = directions.filter(({ holds }) => !holds).map(({ direction }) => direction);
  if (broken.length === 0)
    return 'every direction holds by itself; the violation shows when they are combined';
  const verb = (names: readonly string[], one: string, many: string) =>
    `${list(names)} ${names.length === 1 ? one : many}`;
  if (holding.length === 0) return verb(broken, 'does not hold', 'all do not hold');
  return `${verb(holding, 'holds', 'hold')}; ${verb(broken, 'does not', 'do not')}`;
}

function list(names: readonly string[]): string {
  return names.length === 1 ? names[0]! : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
