import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const stored = join(root, 'test-fixtures/parity/rapidash/block-r3');
const scratch = mkdtempSync(join(tmpdir(), 'noether-parity-'));

/** A copy of a stored case with some of its text replaced. */
function copyOf(name: string, from: string, to: string): string {
  const folder = join(scratch, name);
  cpSync(stored, join(folder, 'case'), { recursive: true });
  const file = join(folder, 'case/case.json');
  const text = readFileSync(file, 'utf8');
  expect(text).toContain(from);
  writeFileSync(file, text.replaceAll(from, to));
  return folder;
}

function parity(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', join(root, 'scripts/parity.ts'), ...args],
    { encoding: 'utf8' },
  );
  return { status, stdout, stderr };
}

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe('scripts/parity.ts', () => {
  it('prints each kind of difference and exits 0 when all agree', () => {
    const { status, stdout } = parity(stored);
    expect(stdout).toMatch(/ok {4}rapidash\/block-r3/);
    expect(stdout).toMatch(
      /float64 plain {2}outputs \d\.\de-\d+ \/ 1\.0e-11 \(1\) {3}intermediates .* gradients/,
    );
    expect(stdout).toContain('1 of 1 cases agree');
    expect(status).toBe(0);
  });

  it('exits 1 on a miss and names it', () => {
    const { status, stdout } = parity(copyOf('miss', '"outputs": 1e-11', '"outputs": 1e-30'));
    expect(stdout).toMatch(/MISS float64 plain output\.y: .* > 1\.0e-30/);
    expect(status).toBe(1);
  });

  it('exits 1 on a case without a runner', () => {
    const { status, stdout } = parity(copyOf('unknown', '"module": "ConvNext"', '"module": "Mystery"'));
    expect(stdout).toContain('no runner for module Mystery');
    expect(status).toBe(1);
  });

  it('exits 2 without a folder', () => {
    const { status, stderr } = parity();
    expect(stderr).toContain('Usage: npm run parity');
    expect(status).toBe(2);
  });
});
