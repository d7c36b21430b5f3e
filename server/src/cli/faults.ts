/** Mistakes on the command line, as findings; all are rendered in one way. */
import { Fault, type Finding, type FindingCode } from '@noether/engine/catalog';
import { renderFinding } from '../report/index.ts';
import type { Terminal } from './terminal.ts';

/** Something that the command line or a named file gets wrong: exit code 2. */
export class CommandLineFault extends Fault {}

export function commandLineFault(
  code: FindingCode,
  rest: Omit<Finding, 'code' | 'severity'>,
): CommandLineFault {
  return new CommandLineFault({ code, ...rest });
}

export function printFinding(finding: Finding, terminal: Terminal): void {
  terminal.err(`${renderFinding(finding, terminal.errorStyle).join('\n')}\n`);
}
