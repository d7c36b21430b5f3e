/** An element that comes from outside, from a report or a command line: is it one of this group? */
import { Fault } from '../fault.ts';
import type { Group, GroupElement } from '../group/group.ts';
import type { IndexSizes } from '../signature.ts';
import { short } from './verdict.ts';

/** Matrices in reports are exact float64; this much is rounding of whoever wrote them by hand. */
const allowed = 1e-9;

/**
 * @throws Fault `verify/replay-element` when it is no rotation, Lorentz transformation or permutation;
 * `group/element-does-not-fit` when it belongs to another group or to a sample of another size.
 */
export function checkElement(group: Group, element: GroupElement, sizes: IndexSizes): void {
  // Composing asks for kind, dimension and sizes.
  group.compose(element, group.identity(sizes));
  const problem = problemOf(element);
  if (problem === undefined) return;
  throw new Fault({
    code: 'verify/replay-element',
    message: `the element to replay is none of ${group.text}: ${problem}`,
    expected: `an element of ${group.text}, as a report has it`,
    found: problem,
    advice: 'Copy the replay line of the report as it is.',
  });
}

function problemOf(element: GroupElement): string | undefined {
  switch (element.kind) {
    case 'euclidean':
      return metricProblem(element.matrix, element.dim, () => 1, 'orthogonal');
    case 'lorentz':
      return metricProblem(element.matrix, 4, (i) => (i === 0 ? 1 : -1), 'a Lorentz transformation');
    case 'permutation': {
      const sorted = [...element.order].sort((a, b) => a - b);
      return sorted.every((entry, i) => entry === i) ? undefined : 'its order is no permutation';
    }
    case 'product':
      for (const factor of element.factors) {
        const problem = problemOf(factor);
        if (problem) return problem;
      }
      return undefined;
    default:
      return undefined;
  }
}

/** M^T eta M = eta, relative to the size of M. */
function metricProblem(
  m: readonly number[],
  n: number,
  eta: (i: number) => number,
  words: string,
): string | undefined {
  if (m.length !== n * n || !m.every(Number.isFinite)) return `its matrix is not ${n} x ${n}`;
  const size = Math.max(...m.map(Math.abs), 1);
  let error = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let sum = i === j ? -eta(i) : 0;
      for (let k = 0; k < n; k++) sum += m[k * n + i]! * eta(k) * m[k * n + j]!;
      error = Math.max(error, Math.abs(sum));
    }
  }
  return error <= allowed * size ** 2 ? undefined : `its matrix is not ${words}, by ${short(error)}`;
}
