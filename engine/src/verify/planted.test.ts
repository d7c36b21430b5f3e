/** The stored planted breaks: sizes that float32 can show are found, exact graphs hold, noisy ones too. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { planted } from '../../../scripts/fixtures/planted-graphs.ts';
import { openOnnx } from '../foreign/onnx/index.ts';
import { check, dataOf } from './testing.ts';

const folder = join(import.meta.dirname, '../../../test-fixtures/planted');
const truths: { file: string; size: number; breaks?: string[] }[] = JSON.parse(
  readFileSync(join(folder, 'truth.json'), 'utf8'),
);

test.each(planted.map((family) => [family.name, family] as const))('%s', async (name, family) => {
  const own = truths.filter(({ file }) => file.startsWith(`${name}-`));
  expect(own).toHaveLength(8);
  for (const { file, size, breaks } of own) {
    // Smaller ones may be below the rounding of their model: scripts/bench-verifier.ts looks at those.
    if (size !== 0 && size < 1e-3) continue;
    const model = await openOnnx({
      file: join(folder, file),
      inputs: [{ name: 'x', type: family.input }],
      outputs: [{ name: 'y', type: family.output }],
    });
    const { verdict, findings } = await check(
      model,
      dataOf({ x: family.input }, { count: 3, size: 8 }),
      family.group,
      { elements: 16 },
    );
    model.dispose();
    expect([file, verdict]).toEqual([file, size === 0 ? 'holds' : 'violated']);
    const named = findings.find(({ code }) => code === 'verify/first-broken-layer')?.place?.member;
    if (named !== undefined) expect(breaks).toContain(named);
  }
});
