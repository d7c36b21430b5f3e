/** Specification -> plan. */
import { describe, expect, test } from 'vitest';
import { build } from '../language/testing/build.ts';
import { buildPlan, canonicalJson, describePlans, planHash, planText } from './index.ts';

const defaults = { elements: 8, confidence: 0.9, seed: 3, timeLimit: 20 };

const text = `data objects from "data/objects.npz" {
  positions: position[point]
  kind:      category(3) from "label"
  samples:   4
  sizes:     [point: n_points]
}
model net is Distances { graph: knn(4)  weights: "runs/net.safetensors" }
model potential from onnx "/models/potential.onnx" {
  input  x:      position[point] from positions
  output energy: scalar from "energy/0"
}
check net on objects under SE(3, scale: 10) * S(point)
check potential on objects under O(3) as mirrors { within: 1e-4  elements: 2  expect: violated }
check net on objects under T(3) * SO(3)
check net on objects under SE(3)
`;

async function planOf(files: Parameters<typeof build>[0]) {
  const { document, equi } = await build(files);
  return buildPlan(document, equi, defaults);
}

describe('plan', () => {
  test('is plain data with absolute paths', async () => {
    const { plan } = await planOf(text);
    const { checks, version, file } = plan!;
    expect(planText({ ...plan!, checks: checks.slice(0, 2) })).toMatchInlineSnapshot(`
      "{
        "benchmarks": [],
        "checks": [
          {
            "data": {
              "fields": [
                {
                  "name": "positions",
                  "type": {
                    "axes": [
                      {
                        "index": "point"
                      }
                    ],
                    "representation": {
                      "dim": 3,
                      "kind": "position"
                    }
                  }
                },
                {
                  "name": "kind",
                  "source": "label",
                  "type": {
                    "axes": [],
                    "representation": {
                      "count": 3,
                      "kind": "category"
                    }
                  }
                }
              ],
              "file": "/labs/data/objects.npz",
              "name": "objects",
              "samples": 4,
              "sizes": {
                "point": "n_points"
              },
              "skip": 0
            },
            "group": {
              "factors": [
                {
                  "dim": 3,
                  "kind": "SE",
                  "scale": 10
                },
                {
                  "index": "point",
                  "kind": "S"
                }
              ],
              "kind": "product"
            },
            "id": "net on objects under SE(3, scale: 10) * S(point)",
            "kind": "check",
            "model": {
              "family": "Distances",
              "kind": "family",
              "name": "net",
              "options": {
                "deep": false,
                "graph": {
                  "arguments": [
                    4
                  ],
                  "call": "knn"
                },
                "inputs": [
                  "distances"
                ],
                "marks": [],
                "sizes": [
                  1,
                  1
                ],
                "space": "R3",
                "width": 32
              },
              "weights": "/labs/runs/net.safetensors"
            },
            "options": {
              "confidence": 0.9,
              "elements": 8,
              "expect": "holds",
              "seed": 3,
              "within": "auto"
            },
            "timeLimit": 20,
            "title": "net on objects under SE(3, scale: 10) * S(point)"
          },
          {
            "data": {
              "fields": [
                {
                  "name": "positions",
                  "type": {
                    "axes": [
                      {
                        "index": "point"
                      }
                    ],
                    "representation": {
                      "dim": 3,
                      "kind": "position"
                    }
                  }
                },
                {
                  "name": "kind",
                  "source": "label",
                  "type": {
                    "axes": [],
                    "representation": {
                      "count": 3,
                      "kind": "category"
                    }
                  }
                }
              ],
              "file": "/labs/data/objects.npz",
              "name": "objects",
              "samples": 4,
              "sizes": {
                "point": "n_points"
              },
              "skip": 0
            },
            "group": {
              "dim": 3,
              "kind": "O"
            },
            "id": "mirrors",
            "kind": "check",
            "model": {
              "file": "/models/potential.onnx",
              "inputs": [
                {
                  "name": "x",
                  "source": "positions",
                  "type": {
                    "axes": [
                      {
                        "index": "point"
                      }
                    ],
                    "representation": {
                      "dim": 3,
                      "kind": "position"
                    }
                  }
                }
              ],
              "kind": "onnx",
              "name": "potential",
              "outputs": [
                {
                  "name": "energy",
                  "source": "energy/0",
                  "type": {
                    "axes": [],
                    "representation": {
                      "kind": "scalar"
                    }
                  }
                }
              ]
            },
            "options": {
              "confidence": 0.9,
              "elements": 2,
              "expect": "violated",
              "seed": 3,
              "within": 0.0001
            },
            "timeLimit": 20,
            "title": "potential on objects under O(3)"
          }
        ],
        "claims": [],
        "comparisons": [],
        "discoveries": [],
        "file": "/labs/main.equi",
        "trainings": [],
        "version": 1
      }
      "
    `);
    expect(version).toBe(1);
    expect(file).toBe('/labs/main.equi');
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
  });

  test('ids are stable: the name after `as`, else the line in normal form, numbered when repeated', async () => {
    const { plan, anchors } = await planOf(text);
    const ids = plan!.checks.map(({ id }) => id);
    expect(ids).toEqual([
      'net on objects under SE(3, scale: 10) * S(point)',
      'mirrors',
      'net on objects under SE(3)',
      'net on objects under SE(3) (2)',
    ]);
    expect(anchors.map(({ id }) => id)).toEqual(ids);
  });

  test('anchors lead back to the text', async () => {
    const { anchors } = await planOf({
      'main.equi': `use "lib/net.equi"\ndata objects from "o.npz" { p: position[point] }\n\ncheck net on objects under O(3)\n`,
      'lib/net.equi': 'model net is Distances\n',
    });
    expect(anchors).toEqual([
      {
        id: 'net on objects under O(3)',
        groupText: 'O(3)',
        check: {
          uri: 'file:///labs/main.equi',
          path: '/items@1',
          range: { start: { line: 3, character: 0 }, end: { line: 3, character: 31 } },
        },
        model: {
          uri: 'file:///labs/lib/net.equi',
          path: '/items@0',
          range: { start: { line: 0, character: 0 }, end: { line: 0, character: 22 } },
        },
        data: {
          uri: 'file:///labs/main.equi',
          path: '/items@0',
          range: { start: { line: 1, character: 0 }, end: { line: 1, character: 48 } },
        },
      },
    ]);
  });

  test('paths of a used file are relative to that file', async () => {
    const { plan } = await planOf({
      'main.equi': 'use "lib/all.equi"\ncheck net on objects under O(3)\n',
      'lib/all.equi':
        'data objects from "o.npz" { p: position[point] }\nmodel net is Distances { weights: "../w.safetensors" }\n',
    });
    expect(plan!.checks[0]).toMatchObject({
      data: { file: '/labs/lib/o.npz' },
      model: { weights: '/labs/w.safetensors' },
    });
  });

  test('a check with an error is left out, and the others are planned', async () => {
    const { plan, findings } = await planOf(
      `${text}check net on objects under SO(4)\ncheck nett on objects under O(3)\n`,
    );
    expect(plan!.checks).toHaveLength(4);
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([
      {
        code: 'group/argument',
        severity: 'error',
        message: 'the dimension of `SO` is 2 or 3, not the number 4',
        expected: '2 or 3',
        found: 'the number 4',
        advice: undefined,
        place: { file: '/labs/main.equi', line: 16 },
      },
      {
        code: 'spec/unknown-name',
        severity: 'error',
        message: 'there is no model `nett`; did you mean `net`?',
        expected: 'net or potential',
        found: 'nett',
        advice: 'Declared are net and potential.',
        place: { file: '/labs/main.equi', line: 17 },
      },
    ]);
  });

  test('broken text gives findings and no plan', async () => {
    const { plan, findings, anchors } = await planOf(`${text}chekc net on objects under O(3)\n`);
    expect(plan).toBeUndefined();
    expect(anchors).toEqual([]);
    expect(findings.map(({ code, place }) => `${code} ${place?.line}`)).toEqual(['syntax/unknown-item 16']);
  });

  test('checks that rest on a broken file are left out', async () => {
    const { plan, findings } = await planOf({
      'main.equi': 'use "net.equi"\ndata o from "o.npz" { p: position[point] }\ncheck net on o under O(3)\n',
      'net.equi': 'model net is Distances\nmodel other is Distances {\n',
    });
    expect(plan!.checks).toEqual([]);
    expect(findings.map(({ code, place }) => `${code} ${place?.file}`)).toContain(
      'syntax/unclosed-block /labs/net.equi',
    );
  });

  test('one task looks at each model and each data block', async () => {
    const { document, equi } = await build(text);
    expect(describePlans(document, equi).map(({ id, model, data }) => [id, model?.name, data?.name])).toEqual(
      [
        ['data objects', undefined, 'objects'],
        ['model net', 'net', 'objects'],
        ['model potential', 'potential', 'objects'],
      ],
    );
  });
});

describe('hash', () => {
  const hashOf = async (changed: string) => planHash((await planOf(changed)).plan!);

  test('comments, format, the order of options and written defaults are not in it', async () => {
    const tidy =
      'data o from "o.npz" { p: position[point] }\nmodel net is Distances { graph: full  width: 4 }\n';
    const same = `// a comment
data o from "o.npz" {
  p:
    position[ point ]   samples: 16  skip: 0
}
/// documented
model net is Distances { width: 4 deep: false }
`;
    const check = 'check net on o under SE(3) * S(point) { elements: 9  seed: 2 }';
    const sameCheck = 'check net on o under SE( 3, scale: 1 )*S(point) { seed: 2 elements: 9 within: auto }';
    expect(await hashOf(same + sameCheck)).toBe(await hashOf(tidy + check));
  });

  test.each([
    ['width: 4', 'width: 5'],
    ['"o.npz"', '"other.npz"'],
    ['S(point)', 'SO(2)'],
    ['elements: 9', 'elements: 10'],
    ['position[point]', 'vector[point]'],
  ])('%s is', async (from, to) => {
    const base =
      'data o from "o.npz" { p: position[point]  q: position[point] }\nmodel net is Distances { width: 4 }\ncheck net on o under S(point) { elements: 9 }';
    expect(base).toContain(from);
    expect(await hashOf(base.replace(from, to))).not.toBe(await hashOf(base));
  });

  test('canonical text', () => {
    expect(canonicalJson({ b: [1, { d: undefined, c: 'x' }], a: 1e-7 })).toBe('{"a":1e-7,"b":[1,{"c":"x"}]}');
    expect(canonicalJson({ z: 1, a: 2 }, 2)).toBe('{\n  "a": 2,\n  "z": 1\n}');
  });
});

test('a wrapped model has the weights of the model inside, trained or not', async () => {
  const { document, equi } = await build(`data d from "d.npz" { positions: position[point]  y: scalar }
model m is Rapidash { space: R3 }
model safe = framed(m)
check safe on d under SE(3)
train m on d { loss: mse(y)  steps: 7 }
check safe on d under SE(3)
benchmark safe, m on d
`);
  const { plan } = buildPlan(document, equi, defaults);
  const shown = plan!.checks.map(({ id, model }) => {
    const { kind, wrap, model: inner } = model as Extract<typeof model, { kind: 'wrapped' }>;
    return [id, kind, wrap, 'trained' in inner && inner.trained?.options.steps];
  });
  const wrap = { kind: 'framed', signs: 'all' };
  expect(shown).toEqual([
    ['safe on d under SE(3)', 'wrapped', wrap, false],
    ['safe (trained) on d under SE(3)', 'wrapped', wrap, 7],
  ]);
  expect(plan!.benchmarks[0]!.models.map(({ name, kind }) => [name, kind])).toEqual([
    ['safe', 'wrapped'],
    ['m', 'family'],
  ]);
});
