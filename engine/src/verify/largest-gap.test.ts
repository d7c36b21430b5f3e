import { expect, test } from 'vitest';
import { createGroup } from '../group/index.ts';
import type { Options } from '../model/description.ts';
import { clouds, rapidash } from '../train/testing.ts';
import { largestGap } from './largest-gap.ts';
import { verify } from './verify.ts';

const options: Options[] = [{ space: 'R3' }, { space: 'R3xS2', orientations: 4 }];

test.each(options)('is the gap of a check: %o', async (space) => {
  const model = await rapidash(space);
  const dataset = clouds(3);
  const group = createGroup({ kind: 'SO', dim: 3 });
  const gap = await largestGap({ model, dataset, group }, 5, 7);
  const asked = { within: 'auto', elements: 5, confidence: 0.95, seed: 7 } as const;
  const { outputs } = await verify({ model, dataset, group, options: asked });
  expect(gap).toBe(Math.max(...outputs.map((output) => output.largestGap)));
  expect(gap).toBeGreaterThan(0);
});
