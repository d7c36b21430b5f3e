/** Formatting changes white space only, once. */
import fc from 'fast-check';
import { URI } from 'langium';
import { describe, expect, test } from 'vitest';
import { fixture, testServices } from '../testing/build.ts';
import { formatEdits } from './formatter.ts';

const { shared, equi } = testServices();
let count = 0;

function format(text: string): string {
  const uri = URI.file(`/labs/format-${count++}.equi`);
  const document = shared.workspace.LangiumDocumentFactory.fromString(text, uri);
  expect(document.parseResult.parserErrors.map(({ message }) => message)).toEqual([]);
  return formatEdits(document).reduceRight(
    (out, { start, end, newText }) => out.slice(0, start) + newText + out.slice(end),
    text,
  );
}

/** Tokens and comments, in their order. */
function pieces(text: string): string[] {
  const { tokens, hidden } = equi.parser.Lexer.tokenize(text);
  return [...tokens, ...hidden]
    .sort((a, b) => a.startOffset - b.startOffset)
    .map(({ image }) => image.trim())
    .filter((image) => image !== '');
}

const valid = ['checks', 'groups', 'types', 'words-as-names', 'wrapped'];

describe('formatter', () => {
  test.each(valid)('leaves %s as it is, written by hand', (name) => {
    const text = fixture(`valid/${name}.equi`);
    expect(format(text)).toBe(text);
  });

  test('an untidy file', () => {
    const text = `

// header
use   "a.equi"
/* block
   comment */ data   x  from "a.npz"{a:scalar
  bbbbb :vector [ atom ]   // trailing
  // own line
  c: irreps( "8x0e" ) [atom,3]   from "cc"



  /// doc
  d: category( 4 )[point] samples: 3
}
model m is Rapidash{space:R3   hidden:32}   model longer is Rapidash {

  space: R3 hidden : [ 1 ,
     2,3
  ]
  graph: knn( 16 )   }
model pot   from onnx "a.onnx" { input pos : position[atom]  from p
output "energy total": scalar output forces: vector[atom] }
check m on x under SE( 3 )*S(atom)
check longer on x under O(3)
check longer on x under
   T(3,scale:10) * S(point) as foo
   { elements:3 }   // hi
check pot on x under E(3) { }
check pot on x under E(3) { // why
 elements: 3 }
claim "abc"   { accuracy( m,rotated x )>2*(accuracy(m,x)-1) seed: 3 }
model  safe=averaged ( pot ,C( 4 )*Z2 ){draws:8}
train m on x { rate : 1e-3  sizes: [atom : n_atoms,b:c] x: - 3 }
// end`;
    expect(format(text)).toMatchInlineSnapshot(`
      "// header
      use "a.equi"
      /* block
         comment */
      data x from "a.npz" {
        a:     scalar
        bbbbb: vector[atom]  // trailing
        // own line
        c:     irreps("8x0e")[atom, 3] from "cc"

        /// doc
        d:       category(4)[point]
        samples: 3
      }
      model m is Rapidash { space: R3  hidden: 32 }
      model longer is Rapidash {
        space: R3  hidden: [1,
          2, 3
        ]
        graph: knn(16)
      }
      model pot from onnx "a.onnx" {
        input  pos:            position[atom] from p
        output "energy total": scalar
        output forces:         vector[atom]
      }
      check m      on x under SE(3) * S(atom)
      check longer on x under O(3)
      check longer on x under
        T(3, scale: 10) * S(point) as foo { elements: 3 }  // hi
      check pot on x under E(3) {}
      check pot on x under E(3) {  // why
        elements: 3
      }
      claim "abc" { accuracy(m, rotated x) > 2 * (accuracy(m, x) - 1)  seed: 3 }
      model safe = averaged(pot, C(4) * Z2) { draws: 8 }
      train m on x { rate: 1e-3  sizes: [atom: n_atoms, b: c]  x: -3 }
      // end
      "
    `);
  });

  test('an empty file, and one with comments only', () => {
    expect(format('')).toBe('');
    expect(format('  \n // a\n\n\n\n  // b ')).toBe('// a\n\n// b \n');
  });

  test('line ends of Windows are kept', () => {
    const text = 'data x from "a.npz" {\r\na: scalar\r\n}\r\n';
    expect(format(text)).toBe('data x from "a.npz" {\r\n  a: scalar\r\n}\r\n');
  });

  test('a broken file is left alone', async () => {
    const text = 'data x from "a.npz" {   a:  scalar';
    const document = shared.workspace.LangiumDocumentFactory.fromString(text, URI.file('/labs/broken.equi'));
    const edits = await equi.lsp.Formatter!.formatDocument(document, {
      textDocument: { uri: document.uri.toString() },
      options: { tabSize: 4, insertSpaces: false },
    });
    expect(edits).toEqual([]);
  });

  test('any white space gives the same kind of file: tokens stay, and a second time changes nothing', () => {
    // Comments end their line, so the gap behind one begins with a line break.
    const blank = fc.constantFrom(' ', '  ', '\n', '\n\n', '\n\n\n', '\t', ' \n  ');
    const inserted = fc.constantFrom('', '', '', '', '// note', '/* note */', '/// doc');
    fc.assert(
      fc.property(fc.constantFrom(...valid), fc.infiniteStream(fc.tuple(blank, inserted)), (name, stream) => {
        const text = pieces(fixture(`valid/${name}.equi`))
          .map((piece) => {
            const [gap, comment] = stream.next().value as [string, string];
            const noted = comment ? `${gap}${comment}${comment.startsWith('//') ? '\n' : gap}` : gap;
            return `${piece}${piece.startsWith('//') ? '\n' : ''}${noted}`;
          })
          .join('');
        const once = format(text);
        expect(pieces(once)).toEqual(pieces(text));
        expect(format(once)).toBe(once);
        expect(once).not.toMatch(/\n\n\n|[ \t]\n/);
      }),
      { numRuns: 60 },
    );
  });
});
