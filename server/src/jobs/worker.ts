/** Entry of a worker process. Started by fork: from sources by Node 24 itself, else bundled as dist/worker.mjs. */
import { serve } from './serve.ts';
import { settingsFor } from './settings-for.ts';

serve({
  loadExecute: async () => {
    const { execute } = await import('./execute.ts');
    return (task, settings, context) => execute(task, settingsFor(task, settings), context);
  },
  survey: async () => (await import('@noether/engine')).surveyBackends(),
  evaluate: async (request) => (await import('./execute-evaluation.ts')).executeEvaluation(request),
  askPython: async (question) =>
    (await import('@noether/engine')).inspectPython(question, (line) => console.error(line)),
  exportModel: async (request) => (await import('./execute-export.ts')).executeExport(request),
  predictTable: async (question, onFold) => (await import('@noether/engine')).predictTable(question, onFold),
  makeClouds: async (question, onStep) =>
    (await import('./execute-clouds.ts')).executeClouds(question, onStep),
});
