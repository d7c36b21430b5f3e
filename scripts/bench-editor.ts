/**
 * How quickly the language server answers while checks run on both cores: `npm run bench:editor`. Prints a table and
 * asserts nothing, since a busy machine says little about the program.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { commands } from '../server/src/protocol.ts';
import { TestClient } from '../server/test/protocol/client.ts';
import { createWorkspace, smallSpecification } from '../server/test/protocol/workspace.ts';

const { values } = parseArgs({ options: { requests: { type: 'string', default: '300' } } });
const requests = Number(values.requests);
const workers = Math.min(2, availableParallelism());

const workspace = createWorkspace(smallSpecification.replaceAll('elements: 2', 'elements: 1000000'));
const client = await TestClient.start({
  folders: [workspace.folder],
  settings: { run: 'onCommand', workers, cacheFolder: workspace.cache },
});

/** Milliseconds that each request took, one after the other with pauses, as a person types. */
async function measure(ask: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < requests; i++) {
    const start = performance.now();
    await ask();
    times.push(performance.now() - start);
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
  return times.sort((a, b) => a - b);
}

function quantile(sorted: readonly number[], share: number): string {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!.toFixed(1);
}

try {
  const uri = await client.open(workspace.main);
  await client.until('the checks', () => client.checks.has(uri));
  const completion = { position: client.position(uri, '{ |elements') };
  const hover = { position: client.position(uri, 'check ste|ady') };
  let flip = false;
  const tasks: [string, () => Promise<unknown>][] = [
    ['completion', () => client.request('textDocument/completion', uri, completion)],
    ['hover', () => client.request('textDocument/hover', uri, hover)],
    [
      'edit, then completion',
      async () => {
        flip = !flip;
        await client.edit(uri, flip ? '// Four' : '// Few', flip ? '// Few' : '// Four');
        return client.request('textDocument/completion', uri, completion);
      },
    ],
  ];
  const rows: Record<string, string | number>[] = [];
  for (const busy of [false, true]) {
    let run: Promise<unknown> | undefined;
    if (busy) {
      run = client.execute(commands.run, uri);
      await client.until('all workers busy', () => client.statuses.at(-1)?.running === workers, 120);
    }
    for (const [name, ask] of tasks) {
      const times = await measure(ask);
      rows.push({
        request: name,
        checks: busy ? `${workers} running` : 'none',
        'p50 (ms)': quantile(times, 0.5),
        'p95 (ms)': quantile(times, 0.95),
        'max (ms)': quantile(times, 1),
      });
    }
    if (busy && client.statuses.at(-1)?.running !== workers)
      console.log('A check ended during the measurement.');
    await client.execute(commands.cancel);
    await run;
  }
  console.log(`${requests} requests each, node ${process.version}, ${availableParallelism()} cores`);
  console.table(rows);
} finally {
  await client.stop();
  workspace.remove();
}
