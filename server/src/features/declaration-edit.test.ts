/** The quick fix of a probe: the declaration that the verifier suspects, rewritten where it stands. */

import { expect, it } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { type Check, isCheck } from '../language/index.ts';
import { build } from '../language/testing/build.ts';
import { specificationOf } from '../language/uses.ts';
import { redeclarationEdits } from './declaration-edit.ts';

const data = `data crystals from "crystals.npz" {
  positions: position[atom]
  lattice:   scalar[3, 3] from "cell"
}
model potential from onnx "potential.onnx" {
  input  positions: position[atom]
  input  box:       scalar[3, 3] from lattice
  output energy:    scalar
}
`;
const main = 'use "models.equi"\ncheck potential on crystals under SE(3)\n';

async function edited(redeclare: Parameters<typeof redeclarationEdits>[1]): Promise<string> {
  const { documents } = await build({ 'main.equi': main, 'models.equi': data });
  const check = specificationOf(documents['main.equi']!)!.items.find((item): item is Check => isCheck(item))!;
  const edits = redeclarationEdits(check, redeclare);
  const declared = documents['models.equi']!;
  expect([...edits.keys()].every((uri) => uri === declared.uri.toString())).toBe(true);
  return TextDocument.applyEdits(declared.textDocument as TextDocument, [...edits.values()].flat());
}

it('changes the field and the port that it feeds, in the file that declares them', async () => {
  const text = await edited({ field: 'lattice', input: 'box', type: 'vector[3]' });
  expect(text).toBe(data.replaceAll('scalar[3, 3]', 'vector[3]'));
});

it('changes an output', async () => {
  const text = await edited({ output: 'energy', type: 'pseudoscalar' });
  expect(text).toBe(data.replace('energy:    scalar', 'energy:    pseudoscalar'));
});

it('changes nothing when the name is gone', async () => {
  expect(await edited({ field: 'cell', input: 'cell', type: 'vector[3]' })).toBe(data);
});
