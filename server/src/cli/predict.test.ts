/** `noether predict` on a real table, as a user runs it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createWorkspace, run, type Workspace } from './testing/run-noether.ts';

const iris = readFileSync(
  fileURLToPath(new URL('../../../test-fixtures/data/iris.csv', import.meta.url)),
  'utf8',
);

let workspace: Workspace;
beforeEach(() => {
  workspace = createWorkspace();
});
afterEach(() => workspace.remove());

it('measures accuracy beside simple classifiers, predicts rows without a class, and replaces nothing', async () => {
  // Every tenth iris loses its class.
  const lines = iris.trim().split('\n');
  const hidden = lines.map((line, i) => (i > 0 && i % 10 === 0 ? line.replace(/[^,]*$/, '?') : line));
  writeFileSync(join(workspace.folder, 'iris.csv'), `${hidden.join('\n')}\n`);
  const command = 'predict iris.csv --target class --seeds 1 --folds 3 --compare'.split(' ');
  const written = ['--predictions', 'new.csv', '--calibration', 'calibration.svg'];
  const { code, stdout, stderr } = await run(workspace, ...command, ...written);
  expect(code, stderr).toBe(0);
  expect(stdout).toContain('135 rows with a class, 4 features, 3 classes; 3 folds, 1 seeds');
  expect(stdout).toMatch(/5-NN \(ml-knn\) +0\.9/);
  expect(Number(/EquiTabPFN +(0\.\d+)/.exec(stdout)![1])).toBeGreaterThan(0.85);

  const [header, ...rows] = readFileSync(join(workspace.folder, 'new.csv'), 'utf8').trim().split('\n');
  expect(header).toBe('row,prediction,setosa,versicolor,virginica');
  expect(rows).toHaveLength(15);
  const right = rows.filter((row) => {
    const [number, prediction] = row.split(',');
    return lines[Number(number)]!.endsWith(prediction!);
  });
  expect(right.length).toBeGreaterThanOrEqual(13);
  const sums = rows.map((row) =>
    row
      .split(',')
      .slice(2)
      .reduce((sum, p) => sum + Number(p), 0),
  );
  for (const sum of sums) expect(sum).toBeCloseTo(1, 4);
  expect(readFileSync(join(workspace.folder, 'calibration.svg'), 'utf8')).toMatch(
    /^<svg [\s\S]*<circle [\s\S]*<\/svg>\n$/,
  );

  const again = await run(workspace, ...command, ...written);
  expect(again.code).toBe(2);
  expect(again.stderr).toContain('new.csv is there already, and is not replaced');
});

it('says what is wrong with a table', async () => {
  writeFileSync(join(workspace.folder, 'iris.csv'), iris);
  const column = await run(workspace, 'predict', 'iris.csv', '--target', 'species');
  expect(column.code).not.toBe(0);
  expect(column.stderr).toContain('the table has no column "species"');
  const rows = `${iris.split('\n').slice(0, 3).join('\n')}\n7,3,5,2,virginica\n`;
  writeFileSync(join(workspace.folder, 'few.csv'), rows);
  const few = await run(workspace, 'predict', 'few.csv', '--target', 'class');
  expect(few.stderr).toContain('the table has 3 rows with a class: too few for 5 folds');
});
