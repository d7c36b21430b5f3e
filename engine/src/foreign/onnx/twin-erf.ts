/**
 * The error function in float64, which ONNX runtimes lack: erf(x) = sign(x) (1 - exp(-x^2) p(t)), t = (|x| - 3) / (|x| + 3),
 * within 4e-16 of the true value. The polynomial p interpolates erfc(x) exp(x^2) at Chebyshev nodes in t; its
 * coefficients are made by scripts/fixtures/onnx_erf.py.
 */
import type { Expression } from './twin-expression.ts';

/** Of p, constant first. */
const coefficients = [
  0.17900115118138996, -0.3262335600430364, 0.2456038017123303, -0.1501159365008511, 0.07166583719803157,
  -0.024392499316729776, 0.0042691363314405, 0.0007077464151822949, -0.0005970619315389003,
  4.5255461134799744e-5, 6.405644028865662e-5, -1.2861184539677584e-5, -7.977655029951705e-6,
  2.1218911240388415e-6, 1.2512325557646266e-6, -2.973225010850484e-7, -2.3246335201231704e-7,
  3.2418860184110574e-8, 4.442600546121827e-8, -1.7379245019542433e-9, -7.1367216364428376e-9,
  -8.07188332772664e-11, 6.646003368689025e-10,
];

/** @returns erf of every entry of `x`. */
export function erf(x: string, e: Expression): string {
  const size = e.apply('Abs', [x]);
  const t = e.divide(e.add(size, -3), e.add(size, 3));
  let p = e.number(coefficients.at(-1)!);
  for (const coefficient of coefficients.slice(0, -1).reverse()) p = e.add(e.multiply(p, t), coefficient);
  const gauss = e.exp(e.apply('Neg', [e.multiply(x, x)]));
  return e.multiply(e.apply('Sign', [x]), e.subtract(1, e.multiply(gauss, p)));
}
