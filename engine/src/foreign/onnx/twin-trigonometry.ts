/**
 * Inverse trigonometric functions in float64 from their float32 kernels: one Newton step, which doubles the digits. With
 * y0 the float32 value, the sine or tangent of the remaining angle is known exactly, and at 1e-7 it is the angle itself.
 */
import { elementCode } from './element-types.ts';
import { integerAttribute } from './make-node.ts';
import type { Expression } from './twin-expression.ts';

/** tan(y - y0) = (x cos y0 - sin y0) / (cos y0 + x sin y0) */
export function arctangent(x: string, e: Expression): string {
  const start = inFloat32('Atan', x, e);
  const { sine, cosine } = sineAndCosine(start, e);
  const above = e.subtract(e.multiply(x, cosine), sine);
  const below = e.add(cosine, e.multiply(x, sine));
  return e.add(start, e.divide(above, below));
}

/** sin(y - y0) = x cos y0 - sqrt(1 - x^2) sin y0 */
export function arcsine(x: string, e: Expression): string {
  const start = inFloat32('Asin', x, e);
  const { sine, cosine } = sineAndCosine(start, e);
  return e.add(start, e.subtract(e.multiply(x, cosine), e.multiply(otherLeg(x, e), sine)));
}

/** sin(y - y0) = sqrt(1 - x^2) cos y0 - x sin y0 */
export function arccosine(x: string, e: Expression): string {
  const start = inFloat32('Acos', x, e);
  const { sine, cosine } = sineAndCosine(start, e);
  return e.add(start, e.subtract(e.multiply(otherLeg(x, e), cosine), e.multiply(x, sine)));
}

function inFloat32(operator: string, x: string, e: Expression): string {
  const narrow = e.apply('Cast', [x], [integerAttribute('to', elementCode.float32)]);
  return e.apply('Cast', [e.apply(operator, [narrow])], [integerAttribute('to', elementCode.float64)]);
}

function sineAndCosine(y: string, e: Expression) {
  return { sine: e.apply('Sin', [y]), cosine: e.apply('Cos', [y]) };
}

/** sqrt(1 - x^2), as (1 - x)(1 + x): exact near the ends. */
function otherLeg(x: string, e: Expression): string {
  return e.apply('Sqrt', [e.multiply(e.subtract(1, x), e.add(x, 1))]);
}
