/** `noether baseline`: accepts the present results of checks, so that later runs fail only on worse ones. */
import { relative, resolve } from 'node:path';
import { baselineFile, readBaseline, writeBaseline } from '../plan/baseline.ts';
import type { Accepted } from '../report/accepted.ts';
import type { CheckReport, Report } from '../report/index.ts';
import { type CheckFlags, type CommandContext, checkCommand } from './check-command.ts';
import { exitCodes } from './exit-codes.ts';

/**
 * Runs the checks and writes what is not as expected into the file beside each specification. Results that could not be
 * had change nothing, and the exit code says so.
 */
export async function baselineCommand(
  names: readonly string[],
  flags: CheckFlags,
  context: CommandContext,
): Promise<number> {
  let written: Report | undefined;
  const code = await checkCommand(names, flags, context, (report) => {
    written = report;
  });
  if (!written || context.interruption.code !== undefined) return code;
  for (const file of new Set(written.checks.map((check) => check.file))) {
    const own = written.checks.filter((check) => check.file === file && check.status === 'done');
    const entries = own.flatMap((check) =>
      check.verification ? [[check.id, acceptedOf(check)] as const] : [],
    );
    const kept = Object.entries(present(file)).filter(([id]) => !own.some((check) => check.id === id));
    const accepted = entries.flatMap(([id, result]) => (result ? [[id, result] as const] : []));
    writeBaseline(file, Object.fromEntries([...kept, ...accepted]));
    const shown = relative(resolve('.'), baselineFile(file));
    context.terminal.err(
      accepted.length > 0
        ? `${shown}: accepted ${accepted.map(([id]) => id).join(', ')}\n`
        : `${shown}: nothing to accept\n`,
    );
  }
  return code === exitCodes.notAsExpected ? exitCodes.ok : code;
}

/** What stands in the file; a file that cannot be read is replaced. */
function present(specification: string): ReturnType<typeof readBaseline> {
  try {
    return readBaseline(specification);
  } catch {
    return {};
  }
}

/** Only what is not as expected needs to be accepted. */
function acceptedOf({ verification, expect }: CheckReport): Accepted | undefined {
  if (!verification || verification.verdict === expect) return undefined;
  const { verdict, outputs } = verification;
  return {
    verdict,
    gaps: Object.fromEntries(outputs.map(({ output, largestGap }) => [output, largestGap])),
  };
}
