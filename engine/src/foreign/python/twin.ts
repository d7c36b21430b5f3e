/** Whether a model that computes in float32 computes in float64 when it is given float64. */
import { Fault } from '../../fault.ts';
import { isReal, real, type Values } from '../../tensor/array.ts';
import type { PythonCalls } from './calls.ts';

/** Relative change of an input: far below float32's rounding, far above float64's. */
const change = 2 ** -40;

/**
 * Why there is no twin, as a phrase; `undefined` when there is one. A model that casts to float32 on its way returns the
 * very same numbers for inputs that differ in the 40th bit; its "float64" would show a rounding floor that is not there.
 */
export async function findTwin(calls: PythonCalls, example: Values): Promise<string | undefined> {
  let results: Values[];
  try {
    results = await calls.evaluate([example, nudged(example)], 'float64');
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const { code, found, message } = error.finding;
    // A process that is gone is no news about float64.
    if (code === 'model/python-ended' || code === 'model/python-memory') throw error;
    return code === 'model/python-no-twin' ? found : `in float64, ${message}`;
  }
  const [plain, moved] = results as [Values, Values];
  const notices = Object.entries(plain).some(([name, { data }]) =>
    data.some((value, i) => value !== moved[name]!.data[i]),
  );
  return notices
    ? undefined
    : 'a change of 1e-12 in its inputs changes nothing, so that it computes in less than float64';
}

/** Every real number a little different, no two by the same factor: a model may not see a common one. */
function nudged(values: Values): Values {
  const moved = Object.entries(values).map(([name, array]) => {
    if (!isReal(array)) return [name, array] as const;
    const data = array.data.map((value, i) => value * (1 + change * (1 + ((i * 7919) % 101) / 101)));
    return [name, real(array.shape, data)] as const;
  });
  return Object.fromEntries(moved);
}
