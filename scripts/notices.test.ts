import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { noticesText, shippedPackages } from './notices.ts';
import { root } from './root.ts';

const accepted =
  /^\(?(MIT|MIT-0|ISC|BSD-2-Clause|BSD-3-Clause|Apache-2\.0|0BSD|BlueOak-1\.0\.0|CC0-1\.0|Python-2\.0)( (AND|OR) [\w.-]+)*\)?$/;

test('THIRD_PARTY_NOTICES names every package that is shipped (else run: node scripts/notices.ts)', async () => {
  const packages = await shippedPackages();
  expect(packages.length).toBeGreaterThan(10);
  expect(readFileSync(join(root, 'THIRD_PARTY_NOTICES'), 'utf8')).toBe(noticesText(packages));
});

/** Says "see the file": NIST's notice, which only asks to be kept, and HDF5's, of the BSD kind. Read by hand. */
const readByHand = ['h5wasm 0.10.3: SEE LICENSE IN LICENSE.txt'];

test('their licences may be shipped with an Apache-2.0 program', async () => {
  const others = (await shippedPackages()).filter(({ licence }) => !accepted.test(licence));
  expect(others.map(({ name, version, licence }) => `${name} ${version}: ${licence}`)).toEqual(readByHand);
});
