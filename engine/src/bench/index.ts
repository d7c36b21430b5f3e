/** Benchmarks: time, operations, memory. */
export * from './benchmark.ts';
export { type BenchmarkRequest, benchmark, type Candidate } from './run.ts';
