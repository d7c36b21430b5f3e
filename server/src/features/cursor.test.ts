import { EmptyFileSystem } from 'langium';
import { describe, expect, it } from 'vitest';
import { createEquiServices } from '../language/index.ts';
import { cursorAt, type Token } from './cursor.ts';

const { equi } = createEquiServices(EmptyFileSystem);

/** The cursor at the `|` of a text. */
function at(marked: string) {
  const offset = marked.indexOf('|');
  const text = marked.replace('|', '');
  const { tokens, errors } = equi.parser.Lexer.tokenize(text);
  const plain = tokens.map(
    (token): Token => ({
      image: token.image,
      start: token.startOffset,
      end: token.endOffset! + 1,
      line: token.startLine!,
    }),
  );
  const quote = errors.find((error) => text[error.offset] === '"' && error.offset < offset);
  return cursorAt(plain, offset, quote?.offset, text);
}

const expected = (marked: string) => at(marked).expected;

describe('the cursor', () => {
  it.each([
    ['|', { at: 'item' }],
    ['che|', { at: 'item' }],
    ['model a is Rapidash { }\n|', { at: 'item' }],
    ['use |', { at: 'path', purpose: 'use' }],
    ['use "|"', { at: 'path', purpose: 'use' }],
    ['data |', { at: 'nothing' }],
    ['data scans |', { at: 'word', words: ['from'] }],
    ['data scans from "da|"', { at: 'path', purpose: 'data' }],
    ['data scans from "da|', { at: 'path', purpose: 'data' }],
    ['model a |', { at: 'word', words: ['is', 'from', '='] }],
    ['model a = |', { at: 'wrapper' }],
    ['model a = fra|', { at: 'wrapper' }],
    ['model a = framed |', { at: 'word', words: ['('] }],
    ['model a = framed(|', { at: 'model' }],
    ['model a = framed(ne|)', { at: 'model' }],
    ['model a = framed(net |', { at: 'word', words: [',', ')'] }],
    ['model a = framed(net, |)', { at: 'group' }],
    ['model a = averaged(net, Z2 * |)', { at: 'group' }],
    ['model a = sorted(net, S(|))', { at: 'group-argument', group: 'S', given: [] }],
    ['model a = framed(net, SE(3)) |', { at: 'item' }],
    ['model a = framed(net) { | }', { at: 'entry', afterType: false }],
    ['model a = framed(net) { signs: | }', { at: 'value', name: 'signs', inList: false }],
    ['model a is Rap|', { at: 'family' }],
    ['model a from |', { at: 'source' }],
    ['model a from onnx "|"', { at: 'path', purpose: 'model' }],
    ['check |', { at: 'model' }],
    ['check ste|', { at: 'model' }],
    ['check a |', { at: 'word', words: ['on'] }],
    ['check a on |', { at: 'data' }],
    ['check a on d |', { at: 'word', words: ['under'] }],
    ['check a on d under |', { at: 'group' }],
    ['check a on d under SE(3) * |', { at: 'group' }],
    ['check a on d under SE(3) |', { at: 'word', words: ['as'] }],
    ['check a on d under SE(3, |)', { at: 'group-argument', group: 'SE', given: [] }],
    ['check a on d under S(|', { at: 'group-argument', group: 'S', given: [] }],
    ['check a on d under T(3, scale: 10) * E(|)', { at: 'group-argument', group: 'E', given: [] }],
    ['train a on |', { at: 'data' }],
    ['benchmark a, |', { at: 'model' }],
    ['compare |', { at: 'model' }],
    ['compare a |', { at: 'word', words: ['on', 'with'] }],
    ['compare a with |', { at: 'model' }],
    ['compare a with b |', { at: 'word', words: ['on'] }],
    ['compare a with b on |', { at: 'data' }],
    ['compare a on d |', { at: 'item' }],
    ['compare a on d { backends: [wasm, |] }', { at: 'value', name: 'backends', inList: true }],
    ['discover |', { at: 'model' }],
    ['discover a on d |', { at: 'word', words: ['within'] }],
    ['discover a on d within |', { at: 'group' }],
    ['discover a on d within affine(3) * |', { at: 'group' }],
    ['discover a on d within affine(|)', { at: 'group-argument', group: 'affine', given: [] }],
    ['discover a on d within SO(3) |', { at: 'item' }],
    ['claim "x" { | }', { at: 'nothing' }],
  ] as const)('in a header: %s', (marked, wanted) => {
    expect(expected(marked)).toEqual(wanted);
  });

  it.each([
    ['data d from "x.npz" { | }', { at: 'entry', afterType: false }],
    ['data d from "x.npz" { pos: | }', { at: 'value', name: 'pos', inList: false }],
    ['data d from "x.npz" { pos: position[|] }', { at: 'index' }],
    ['data d from "x.npz" { pos: position[atom] | }', { at: 'entry', afterType: true }],
    [
      'data d from "x.npz" { pos: position from | }',
      { at: 'field-source', name: 'pos', direction: undefined },
    ],
    [
      'data d from "x.npz" { pos: position from "|" }',
      { at: 'field-source', name: 'pos', direction: undefined },
    ],
    ['data d from "x.npz" { sizes: [atom: |] }', { at: 'field-source', name: 'atom' }],
    ['model a is Rapidash { | }', { at: 'entry', afterType: false }],
    ['model a is Rapidash { hidden: 32 | }', { at: 'entry', afterType: false }],
    ['model a is Rapidash { hidden | }', { at: 'nothing' }],
    ['model a is Rapidash { space: | }', { at: 'value', name: 'space', inList: false }],
    ['model a is Rapidash { features: [ch|] }', { at: 'value', name: 'features', inList: true }],
    ['model a is Rapidash { weights: "r|" }', { at: 'value', name: 'weights', inList: false }],
    ['model a from onnx "m.onnx" { input | }', { at: 'port-name', direction: 'input' }],
    ['model a from onnx "m.onnx" { output "|" }', { at: 'port-name', direction: 'output' }],
    ['model a from onnx "m.onnx" { input pos: | }', { at: 'type' }],
    ['model a from onnx "m.onnx" { input pos: irreps(|) }', { at: 'type-argument', name: 'irreps' }],
    [
      'model a from onnx "m.onnx" { output e: scalar from | }',
      { at: 'field-source', name: 'e', direction: 'output' },
    ],
    ['check a on d under SE(3) { ele| }', { at: 'entry', afterType: false }],
    ['check a on d under SE(3) { expect: | }', { at: 'value', name: 'expect', inList: false }],
    ['check a on d under SE(3) { expect: holds\n  | }', { at: 'entry', afterType: false }],
  ] as const)('in a block: %s', (marked, wanted) => {
    expect(expected(marked)).toEqual(wanted);
  });

  it('knows the item and what is given in its block, also behind the cursor', () => {
    const { item } = at('model a is Rapidash { hidden: 32 | layers: 3 }\nmodel b is Ponita { space: R3 }');
    expect(item).toMatchObject({ kind: 'model', name: 'a', family: 'Rapidash', given: ['hidden', 'layers'] });
  });

  it('sees the next item where the block in front of it is not closed', () => {
    const { expected: found, item } = at(
      'check a on d under SE(3) {\n  elements: 3\nmodel b is Rapidash { | }',
    );
    expect(found.at).toBe('entry');
    expect(item).toMatchObject({ kind: 'model', name: 'b', given: [] });
  });

  it('replaces the whole word, and inside of quotes only what is between them', () => {
    expect(at('check ste|ady on d')).toMatchObject({ typed: 'ste', start: 6, end: 12, quoted: false });
    expect(at('data d from "da|ta/x.npz"')).toMatchObject({ typed: 'da', start: 13, end: 23, quoted: true });
  });

  it('takes keywords in front of a colon for names', () => {
    expect(expected('data d from "x.npz" {\n  data: scalar\n  model: |')).toEqual({
      at: 'value',
      name: 'model',
      inList: false,
    });
  });
});
