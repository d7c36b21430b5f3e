/** Names across files: scopes, `use`, definition, references and rename. */
import { URI } from 'langium';
import { describe, expect, test } from 'vitest';
import { type Built, build, diagnosticText, sorted } from './testing/build.ts';

const models = `/// Distances only.
model steady is Rapidash { space: R3 }
model leaky is Rapidash { space: R3  features: coordinates }
`;
const main = `use "shared/models.equi"
data objects from "objects.npz" { positions: position[point] }
check steady on objects under E(3)
check steady on objects under SO(3)
`;
const files = { 'main.equi': main, 'shared/models.equi': models };

const codes = (built: Built, name: string) =>
  sorted(built.documents[name]!.diagnostics)
    .filter(({ severity }) => severity! <= 2)
    .map(({ code, message }) => `${code}: ${String(message).split('\n')[0]}`);

/** Position of the `occurrence`-th mention of a word. */
function at({ documents }: Built, name: string, word: string, occurrence = 0) {
  const { textDocument } = documents[name]!;
  let offset = -1;
  for (let i = 0; i <= occurrence; i++) offset = textDocument.getText().indexOf(word, offset + 1);
  return { textDocument: { uri: textDocument.uri }, position: textDocument.positionAt(offset + 1) };
}

describe('use', () => {
  test('names of a used file are known', async () => {
    const built = await build(files);
    expect(codes(built, 'main.equi')).toEqual([]);
  });

  test('names of other files are not, but the file is proposed', async () => {
    const built = await build({ ...files, 'main.equi': main.replace(/^use.*\n/, '') });
    const [first] = sorted(built.documents['main.equi']!.diagnostics).filter(
      ({ severity }) => severity === 1,
    );
    expect(diagnosticText(first!)).toMatchInlineSnapshot(`
      "2:7-13 error spec/unknown-name
          there is no model \`steady\`
          shared/models.equi declares it: write \`use "shared/models.equi"\` at the top.
          expected: a model; none is declared
          found: steady
          repair: Add \`use "shared/models.equi"\` -> "use \\"shared/models.equi\\"\\n""
    `);
    expect(first!.data.repairs[0].range.start).toEqual({ line: 0, character: 0 });
  });

  test('is not transitive', async () => {
    const built = await build({
      'main.equi': `use "middle.equi"\ndata objects from "o.npz" { p: position[point] }\ncheck steady on objects under E(3)\n`,
      'middle.equi': 'use "shared/models.equi"\n',
      'shared/models.equi': models,
    });
    expect(codes(built, 'main.equi')).toEqual(['spec/unknown-name: there is no model `steady`']);
  });

  test('wrong uses', async () => {
    const built = await build({
      'main.equi': [
        'use "missing.equi"',
        'use "main.equi"',
        'use "round.equi"',
        'use "data.npz"',
        'use "round.equi"',
        'use "hiding.equi"',
        'model steady is Rapidash',
        'data objects from "o.npz" { p: position[point] }',
        'check steady on objects under E(3)',
        'check other on objects under E(3)',
      ].join('\n'),
      'round.equi': 'use "back.equi"\nmodel other is Rapidash\n',
      'back.equi': 'use "main.equi"\n',
      'hiding.equi': 'model steady is Rapidash\nmodel other is Rapidash\n',
    });
    const text = sorted(built.documents['main.equi']!.diagnostics).map(diagnosticText).join('\n');
    expect(text).toMatchInlineSnapshot(`
      "1:5-19 error spec/use-missing
          there is no file \`missing.equi\`
          Looked for /labs/missing.equi.
          expected: a path relative to this file
          found: /labs/missing.equi
      2:5-16 error spec/use-cycle
          \`main.equi\` is this file itself
          Its own names are known without \`use\`.
          repair: Remove the line -> ""
      3:5-17 error spec/use-cycle
          files use each other in a circle: main.equi -> round.equi -> back.equi -> main.equi
          Move what they share into a file that uses neither of them.
      4:5-15 error spec/use-extension
          \`use\` takes another specification, a file that ends in .equi, not \`data.npz\`
          expected: a path that ends in .equi
          found: data.npz
      5:5-17 warning spec/repeated-use
          \`round.equi\` is used twice
          see line 3: first used here
          repair: Remove the line -> ""
      6:5-18 warning spec/shadowed-name
          \`steady\` of hiding.equi is hidden: this file declares that name too
          Rename one of them.
      6:5-18 warning spec/shadowed-name
          \`other\` of hiding.equi is hidden: round.equi declares that name too
          Rename one of them.
      9:7-13 information model/breaks-symmetry
          \`space: R3xS2\` of \`steady\` holds rotations only up to the error of its finite grid of orientations, except those that map the grid to itself
          If that is meant, write \`expect: violated\`, so that the check records it.
          repair: Expect the violation -> " { expect: violated }"
      10:7-12 information model/breaks-symmetry
          \`space: R3xS2\` of \`other\` holds rotations only up to the error of its finite grid of orientations, except those that map the grid to itself
          If that is meant, write \`expect: violated\`, so that the check records it.
          repair: Expect the violation -> " { expect: violated }""
    `);
    expect(codes(built, 'back.equi')[0]).toContain('back.equi -> main.equi -> round.equi -> back.equi');
  });

  test('a used file is loaded with the file that uses it', async () => {
    const { NodeFileSystem } = await import('langium/node');
    const { createEquiServices } = await import('./module.ts');
    const { mkdtempSync, writeFileSync, mkdirSync, rmSync } = await import('node:fs');
    const { tmpdir } = await import('node:os');
    const { join } = await import('node:path');
    const folder = mkdtempSync(join(tmpdir(), 'equi-'));
    try {
      mkdirSync(join(folder, 'shared'));
      for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
      const { shared } = createEquiServices(NodeFileSystem);
      const { LangiumDocuments, DocumentBuilder } = shared.workspace;
      const uri = URI.file(join(folder, 'main.equi'));
      const document = await LangiumDocuments.getOrCreateDocument(uri);
      await DocumentBuilder.build([document], { validation: { categories: ['built-in', 'fast'] } });
      expect(document.diagnostics?.filter(({ severity }) => severity === 1)).toEqual([]);
      expect(LangiumDocuments.hasDocument(URI.file(join(folder, 'shared/models.equi')))).toBe(true);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('a change of a used file is seen by its users', async () => {
    const built = await build(files);
    const used = built.documents['shared/models.equi']!;
    const { TextDocument } = await import('langium');
    const changed = TextDocument.create(used.uri.toString(), 'equi', 2, models.replace('steady', 'calm'));
    built.shared.workspace.TextDocuments.set(changed);
    built.shared.workspace.DocumentBuilder.updateBuildOptions = { validation: true };
    await built.shared.workspace.DocumentBuilder.update([used.uri], []);
    expect(codes(built, 'main.equi')).toEqual([
      'spec/unknown-name: there is no model `steady`',
      'spec/unknown-name: there is no model `steady`',
    ]);
    await built.shared.workspace.DocumentBuilder.update([], [used.uri]);
    expect(codes(built, 'main.equi')[0]).toBe('spec/use-missing: there is no file `shared/models.equi`');
  });
});

describe('navigation', () => {
  test('definition leads into the used file', async () => {
    const built = await build(files);
    const { equi, documents } = built;
    const [link] = (await equi.lsp.DefinitionProvider!.getDefinition(
      documents['main.equi']!,
      at(built, 'main.equi', 'steady'),
    ))!;
    expect(link!.targetUri).toBe('file:///labs/shared/models.equi');
    expect(link!.targetSelectionRange.start).toEqual({ line: 1, character: 6 });
  });

  test('references are found in all files', async () => {
    const built = await build(files);
    const references = await built.equi.lsp.ReferencesProvider!.findReferences(
      built.documents['shared/models.equi']!,
      { ...at(built, 'shared/models.equi', 'steady'), context: { includeDeclaration: true } },
    );
    expect(references.map(({ uri, range }) => `${uri.slice(13)}:${range.start.line + 1}`).sort()).toEqual([
      'main.equi:3',
      'main.equi:4',
      'shared/models.equi:2',
    ]);
  });

  test('rename changes the declaration and every reference', async () => {
    const built = await build(files);
    const { equi, documents } = built;
    const edit = await equi.lsp.RenameProvider!.rename(documents['main.equi']!, {
      ...at(built, 'main.equi', 'steady', 1),
      newName: 'calm',
    });
    const lines = Object.entries(edit!.changes!).flatMap(([uri, edits]) =>
      edits.map(({ range, newText }) => `${uri.slice(13)}:${range.start.line + 1}:${newText}`),
    );
    expect(lines.sort()).toEqual(['main.equi:3:calm', 'main.equi:4:calm', 'shared/models.equi:2:calm']);
  });

  test.each([
    ['3d', 'is not a name'],
    ['two words', 'is not a name'],
    ['check', 'is a word of the language'],
    ['leaky', 'is declared already, in models.equi'],
    ['objects', 'is declared already, in main.equi'],
  ])('rename to %s is refused', async (newName, message) => {
    const built = await build(files);
    const rename = built.equi.lsp.RenameProvider!.rename(built.documents['main.equi']!, {
      ...at(built, 'main.equi', 'steady'),
      newName,
    });
    await expect(rename).rejects.toThrow(message);
  });

  test('fields and options are not renamed', async () => {
    const built = await build(files);
    const place = at(built, 'main.equi', 'positions');
    const { RenameProvider } = built.equi.lsp;
    expect(await RenameProvider!.prepareRename(built.document, place)).toBeUndefined();
    await expect(RenameProvider!.rename(built.document, { ...place, newName: 'x' })).rejects.toThrow(
      'Only models, data and checks can be renamed.',
    );
  });

  test('data, models and checks are the symbols of the workspace', async () => {
    const built = await build({
      ...files,
      'main.equi': `${main}check steady on objects under O(3) as round\n`,
    });
    const names = built.shared.workspace.IndexManager.allElements().map(({ name }) => name);
    expect([...names].sort()).toEqual(['leaky', 'objects', 'round', 'steady']);
  });
});
