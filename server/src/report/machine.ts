/** The machine that a report was made on. */
import { availableParallelism, cpus } from 'node:os';
import type { Report } from './report.ts';

export function thisMachine(): Report['machine'] {
  return {
    platform: `${process.platform}-${process.arch}`,
    cpu: cpus()[0]?.model.trim() || 'unknown',
    cores: availableParallelism(),
    node: process.versions.node,
  };
}
