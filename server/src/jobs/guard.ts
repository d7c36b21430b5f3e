/**
 * A thread inside each worker that keeps watch while the main thread is deep in a tensor operation and cannot answer:
 * it ends the process when its server has died (so there are no orphans) and when it takes more memory than allowed.
 * It watches from inside since this works the same on every platform, and needs no polling in the server.
 */
import { Worker } from 'node:worker_threads';

/** Printed on the worker's stderr right before it ends itself for memory; the server looks for it. */
export const memoryMarker = 'noether-worker: over the memory limit';

/** The environment variable that carries the limit on resident memory, in bytes, to the worker. */
export const memoryLimitVariable = 'NOETHER_WORKER_MEMORY';

/** Milliseconds between two looks. */
const interval = 200;

// Text, not a module: the thread then needs no file of its own, neither from sources nor in the bundle.
const source = `
const { workerData } = require('node:worker_threads');
const { writeSync } = require('node:fs');
const { parent, limit, marker, interval } = workerData;
function parentAlive() {
  if (process.ppid !== parent) return false;
  try { process.kill(parent, 0); return true; } catch (error) { return error.code === 'EPERM'; }
}
setInterval(() => {
  if (!parentAlive()) process.kill(process.pid, 'SIGKILL');
  if (limit > 0 && process.memoryUsage.rss() > limit) {
    try { writeSync(2, marker + '\\n'); } catch {}
    process.kill(process.pid, 'SIGKILL');
  }
}, interval);
`;

/** Starts the watch over this process. The memory limit comes from {@link memoryLimitVariable}; none without it. */
export function startGuard(): void {
  const guard = new Worker(source, {
    eval: true,
    workerData: {
      parent: process.ppid,
      limit: Number(process.env[memoryLimitVariable] ?? 0),
      marker: memoryMarker,
      interval,
    },
    execArgv: [],
    stdin: false,
  });
  guard.unref();
}
