/** `npm run check`: format, lint, types, unit tests (the test of import directions among them). */
import { runSteps } from './steps.ts';

await import('./build.ts');
runSteps([
  ['format and lint', 'biome', ['check', '.']],
  ['types', 'tsc', ['-p', '.']],
  ['unit tests', 'vitest', ['run']],
]);
