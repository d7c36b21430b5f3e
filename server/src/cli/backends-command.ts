/** `noether backends`: what can run tensors on this machine, best first, and why the others cannot. */
import { surveyInWorker } from '../jobs/index.ts';
import { fitColumns, layOutTable } from '../report/index.ts';
import { exitCodes } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

export async function backendsCommand(terminal: Terminal, verbose = false): Promise<number> {
  const log = verbose ? (line: string) => terminal.err(`${line}\n`) : undefined;
  const states = await surveyInWorker({ log });
  const taken = states.find(({ available }) => available)?.name;
  const columns = [{ title: 'backend' }, { title: 'state' }, { title: 'detail', least: 30 }];
  const rows = states.map(({ name, available, detail }) => {
    const state = name === taken ? 'taken by auto' : available ? 'available' : 'not available';
    return [{ text: name }, { text: state }, { text: detail }];
  });
  const widths = fitColumns(columns, rows, terminal.style.width) ?? [13, 13, 30];
  terminal.out(`${layOutTable(columns, rows, widths).join('\n')}\n`);
  return taken ? exitCodes.ok : exitCodes.notRun;
}
