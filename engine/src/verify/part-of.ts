/** The parts of an element of a product. */
import type { GroupElement } from '../group/group.ts';

/** What moves space, or what moves along named axes; the rest at rest. */
export function partOf(element: GroupElement, part: 'space' | 'axes'): GroupElement {
  if (element.kind === 'product') {
    return { kind: 'product', factors: element.factors.map((factor) => partOf(factor, part)) };
  }
  const alongAxes =
    element.kind === 'permutation' ||
    element.kind === 'shift' ||
    (element.kind === 'sign' && element.index !== undefined);
  return alongAxes === (part === 'axes') ? element : { kind: 'identity' };
}
