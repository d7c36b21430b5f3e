/** Claims: pure data and statistics. */
export * from './claim.ts';
export { decide, estimate } from './decide.ts';
