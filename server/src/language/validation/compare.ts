/** What can be said of a `compare` block before anything is run. */
import { backendNames } from '@noether/engine/catalog';
import { listText } from '../closest.ts';
import type { Compare, Model } from '../generated/ast.ts';
import type { Report } from '../problem.ts';
import { readCompare } from '../read-compare.ts';

/** Backends by what runs on them: a model of a family or of TensorFlow.js, an ONNX file; Python has its own. */
const backendsOf = {
  tensors: backendNames as readonly string[],
  onnx: ['onnxruntime-web', 'onnxruntime-node'],
  python: [],
} as const;

function runsOn({ source }: Model): readonly string[] {
  if (source === 'python') return backendsOf.python;
  return source === 'onnx' ? backendsOf.onnx : backendsOf.tensors;
}

export function checkCompare(compare: Compare, report: Report): void {
  const { backends, precisions, entries } = readCompare(compare, report);
  const model = compare.model?.ref;
  const other = compare.other?.ref;
  if (model && other === model) {
    report({
      code: 'spec/repeated-name',
      severity: 'warning',
      message: `\`${model.name}\` is compared with itself`,
      advice: 'Leave `with` out: backends and precisions are compared all the same.',
      node: compare,
      property: 'other',
    });
  }
  if (!model || (compare.other && !other)) return;
  const models = other && other !== model ? [model, other] : [model];
  const useful = new Set(models.flatMap((one) => [...runsOn(one)]));
  const idle = backends.filter((name) => !useful.has(name));
  if (idle.length > 0) {
    const known = [...useful].map((name) => name.replaceAll('-', '_'));
    report({
      code: 'compare/backend-unused',
      severity: 'warning',
      message: `no model of this comparison runs on ${listText(idle.map((name) => name.replaceAll('-', '_')))}`,
      expected: known.length > 0 ? listText(known) : 'no backends: Python models run where Python does',
      node: entries.get('backends')!,
    });
  }
  const own = backends.filter((name) => runsOn(model).includes(name)).length;
  const runs = precisions.includes('float32') ? Math.max(1, own) : 0;
  const all = runs + (precisions.includes('float64') ? 1 : 0);
  // Without a list of backends, how many there are is known only when it runs.
  if (models.length === 1 && all < 2 && (backends.length > 0 || !precisions.includes('float32'))) {
    report({
      code: 'compare/one-run',
      message: 'there is nothing to compare: one model in one precision on one backend',
      expected: 'another backend, another precision, or `with` another model',
      node: compare,
      property: 'model',
    });
  }
}
