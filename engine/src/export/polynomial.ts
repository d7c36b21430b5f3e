/** Sizes inside a network as whole polynomials of the sizes of its index sets: 3 n, n^2, n + m. */
import type { IndexSizes } from '../signature.ts';

/** A product of index sizes; `[]` is 1, `[point, point]` the number of ordered pairs. */
export type Monomial = readonly string[];

/** A sum of monomials with whole coefficients. */
export type Polynomial = readonly { readonly coefficient: number; readonly monomial: Monomial }[];

/** All products of up to two of the names. */
export function monomials(names: readonly string[]): Monomial[] {
  const pairs = names.flatMap((a, i) => names.slice(i).map((b) => [a, b]));
  return [[], ...names.map((name) => [name]), ...pairs];
}

export function productOf(monomial: Monomial, sizes: IndexSizes): number {
  return monomial.reduce((product, name) => product * sizes[name]!, 1);
}

/**
 * The polynomial that gives values[t] at sizes[t] for every t; `undefined` where there is none, or where the sizes do not
 * tell which one it is.
 */
export function fitted(
  values: readonly number[],
  sizes: readonly IndexSizes[],
  terms: readonly Monomial[],
): Polynomial | undefined {
  const [first] = values;
  if (values.every((value) => value === first)) return [{ coefficient: first!, monomial: [] }];
  const rows = sizes.map((one, t) => [...terms.map((term) => productOf(term, one)), values[t]!]);
  const solution = solved(rows, terms.length)?.map(Math.round);
  if (!solution) return undefined;
  const exact = sizes.every(
    (one, t) => terms.reduce((sum, term, i) => sum + solution[i]! * productOf(term, one), 0) === values[t],
  );
  if (!exact) return undefined;
  return terms.flatMap((monomial, i) => (solution[i] ? [{ coefficient: solution[i], monomial }] : []));
}

/** Solves the first equations that determine all unknowns, by elimination with pivoting. */
function solved(equations: readonly (readonly number[])[], unknowns: number): number[] | undefined {
  const rows = equations.map((row) => [...row]);
  for (let column = 0; column < unknowns; column++) {
    let pivot = column;
    for (let r = column; r < rows.length; r++) {
      if (Math.abs(rows[r]![column]!) > Math.abs(rows[pivot]?.[column] ?? 0)) pivot = r;
    }
    const chosen = rows[pivot];
    if (!chosen || Math.abs(chosen[column]!) < 1e-6) return undefined;
    [rows[column], rows[pivot]] = [chosen, rows[column]!];
    for (const [r, row] of rows.entries()) {
      if (r === column || row[column] === 0) continue;
      const factor = row[column]! / chosen[column]!;
      for (let c = column; c <= unknowns; c++) row[c]! -= factor * chosen[c]!;
    }
  }
  return Array.from({ length: unknowns }, (_, i) => rows[i]![unknowns]! / rows[i]![i]!);
}
