/** GELU in its exact form; the operation tells its gradient and its cost. */
export { gelu } from '../kernel/gelu/index.ts';
