/**
 * How close `search: worst` comes to a known maximum with the model's gradients and without:
 * `node scripts/search-gradients.ts [INTERPRETER with torch]`. docs/verifier.md has the results.
 */
import { fileURLToPath } from 'node:url';
import { closeSessions, openPython } from '../engine/src/foreign/python/index.ts';
import { check, dataOf, position, SE3, scalar, type } from '../engine/src/verify/testing.ts';

const folder = fileURLToPath(new URL('../test-fixtures/python', import.meta.url));
const data = dataOf({ x: type(position, 'point') }, { count: 2, size: 2 });
const model = await openPython(
  {
    target: 'gradients:pose',
    folder,
    python: process.argv[2] ?? 'python3',
    inputs: data.fields,
    outputs: [{ name: 'value', type: type(scalar) }],
  },
  { example: data.samples[0]!.values },
);
const { gradient: _, ...without } = model;
console.log(`${model.backend}\nseed  gradients  missed  evaluations  gradients asked for`);
for (let seed = 0; seed < 10; seed++) {
  for (const [name, each] of Object.entries({ with: model, without })) {
    const [output] = (await check(each, data, SE3, { elements: 8, search: 'worst', seed })).outputs;
    const { gap, scale, search } = output!;
    // The peak is 1 high above the samples.
    const missed = (1 - gap * scale).toExponential(1);
    console.log(seed, name, missed, search!.evaluations, search!.gradients);
  }
}
model.dispose();
await closeSessions();
