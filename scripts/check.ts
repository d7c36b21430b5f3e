/** `npm run check`: format, lint, types, unit tests (the test of import directions among them). */
import { runSteps } from './steps.ts';

await import('./build.ts');
runSteps([
  ['format and lint', 'biome', ['check', '.']],
  ['types', 'tsc', ['-p', '.']],
  ['types of the training page', 'tsc', ['-p', 'client/src/training']],
  ['unit tests', 'vitest', ['run']],
]);
