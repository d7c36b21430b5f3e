/** On save: the module that a Python model names is there, as far as files tell. Python is not started. */
import { Fault, type FindingCode } from '@noether/engine/catalog';
import { AstUtils, UriUtils } from 'langium';
import type { Inspection } from '../inspection.ts';
import { absolutePath } from '../paths.ts';
import type { Report } from '../problem.ts';
import type { FileReading } from '../read-model.ts';

/**
 * A module that is neither in the folder nor in a package of it may be installed, and is then for the run to find; one
 * that lacks in a package of the folder is a mistake.
 */
export async function checkPythonModule(
  model: FileReading,
  inspection: Inspection,
  report: Report,
): Promise<void> {
  if (model.path === '') return;
  const { parseTarget } = await import('@noether/engine/inspect');
  const { node } = model;
  let module: string;
  try {
    module = parseTarget(model.path).module;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    report({ ...error.finding, node, property: 'path' });
    return;
  }
  const { uri } = AstUtils.getDocument(node);
  const wished = model.options.folder;
  const folder = typeof wished === 'string' ? absolutePath(wished, uri) : UriUtils.dirname(uri).fsPath;
  const found = await inspection.python(folder, module);
  const [own] = found;
  const parts = module.split('.');
  const isThere =
    own !== undefined && new RegExp(`[\\\\/]${parts.at(-1)}(\\.py|[\\\\/]__init__\\.py)$`).test(own);
  if (isThere || parts.length === 1 || found.length === 0) return;
  const code: FindingCode = 'model/python-missing-module';
  report({
    code,
    message: `The package \`${parts[0]}\` in ${folder} has no module \`${module}\``,
    expected: `a file ${parts.join('/')}.py`,
    found: 'nothing of this name',
    advice: 'Write the module as Python imports it; `folder: "…"` says where imports start.',
    node,
    property: 'path',
  });
}
