/** A process with a pool that a test can kill: starts the task named on its command line and prints the worker's id. */
import { createPool } from '../pool.ts';
import { testCheck, testSettings, testWorker } from './tasks.ts';

const pool = createPool({ workers: 1, memoryLimit: 512, workerFile: testWorker });
pool.submit({ task: testCheck('quick'), settings: testSettings }).outcome.then(() => {
  pool.submit({ task: testCheck(process.argv[2]!), settings: testSettings });
  console.log(pool.pids[0]);
});
