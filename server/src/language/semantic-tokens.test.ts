/** Semantic tokens: every name by what it means. */
import { SemanticTokensDecoder } from 'langium/lsp';
import { expect, test } from 'vitest';
import { build } from './testing/build.ts';

test('names are told apart by their meaning', async () => {
  const text = `data scans from "s.npz" { samples: scalar[point]  skip: 3  sizes: [point: n] }
model net is Distances { graph: knn(4) }
model file from onnx "f.onnx" { input samples: scalar[point] from samples  output y: scalar }
model safe = framed(file, SE(3)) { signs: one }
check net on scans under SE(3, scale: 2) * S(point) as moves { expect: violated }
claim "c" { gap(net, rotated scans) < 1 }
`;
  const { document, equi } = await build(text);
  const provider = equi.lsp.SemanticTokenProvider!;
  const tokens = await provider.semanticHighlight(document, {
    textDocument: { uri: document.uri.toString() },
  });
  const decoded = SemanticTokensDecoder.decode(tokens, provider.tokenTypes, document);
  const shown = decoded.map(({ text: word, tokenType }) => `${word}: ${tokenType}`);
  expect(shown).toMatchInlineSnapshot(`
    [
      "scans: variable",
      "samples: property",
      "scalar: type",
      "point: typeParameter",
      "skip: parameter",
      "sizes: parameter",
      "point: typeParameter",
      "n: enumMember",
      "net: variable",
      "Distances: class",
      "graph: parameter",
      "knn: enumMember",
      "file: variable",
      "onnx: enumMember",
      "samples: property",
      "scalar: type",
      "point: typeParameter",
      "samples: property",
      "y: property",
      "scalar: type",
      "safe: variable",
      "framed: function",
      "file: variable",
      "SE: type",
      "signs: parameter",
      "one: enumMember",
      "net: variable",
      "scans: variable",
      "SE: type",
      "scale: parameter",
      "S: type",
      "point: typeParameter",
      "moves: method",
      "expect: parameter",
      "violated: enumMember",
      "gap: function",
      "net: variable",
      "rotated: function",
      "scans: variable",
    ]
  `);
});
