/** Entry of a worker process. Started by fork: from sources by Node 24 itself, else bundled as dist/worker.mjs. */
import { serve } from './serve.ts';

serve({
  loadExecute: async () => (await import('./execute.ts')).execute,
  survey: async () => (await import('@noether/engine')).surveyBackends(),
});
