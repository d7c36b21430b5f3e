/** Which samples of a file are used. */
import { Fault } from '../fault.ts';
import type { DataSpec } from './dataset.ts';

/** The used samples: from `start`, `count` of them. Throws `data/empty` or `data/no-samples`. */
export function checkWindow(spec: DataSpec, available: number): { start: number; count: number } {
  const place = { file: spec.file };
  if (available === 0) {
    throw new Fault({
      code: 'data/empty',
      message: 'The file holds no samples',
      expected: 'at least one sample',
      found: '0 samples',
      place,
      advice: 'Write the file again with data in it.',
    });
  }
  if (spec.skip >= available || spec.samples < 1) {
    throw new Fault({
      code: 'data/no-samples',
      message: `No sample is left: the file holds ${available}, skip leaves out ${spec.skip}, samples allows ${spec.samples}`,
      expected: 'at least one sample',
      found: '0 samples',
      place,
      advice: `Use a skip below ${available} and samples of at least 1.`,
    });
  }
  return { start: spec.skip, count: Math.min(spec.samples, available - spec.skip) };
}
