/** Where the command line writes: results to stdout, everything else to stderr. */
import type { Style } from '../report/index.ts';

export interface Terminal {
  /** How to render for stdout. */
  readonly style: Style;
  /** How to render for stderr. */
  readonly errorStyle: Style;
  /** A line on stderr may be overwritten: someone is looking at it. */
  readonly live: boolean;
  readonly errorWidth: number;
  out(text: string): void;
  err(text: string): void;
}

/** A pipe has no width; wide enough for a whole table, and for a log on a screen. */
const pipeWidth = 120;

export function terminalOf(process: NodeJS.Process): Terminal {
  const { stdout, stderr, env } = process;
  const styleOf = (stream: NodeJS.WriteStream): Style => ({
    width: stream.isTTY ? Math.max(20, stream.columns || 80) : pipeWidth,
    colour: coloured(stream, env),
    folder: process.cwd(),
  });
  return {
    style: styleOf(stdout),
    errorStyle: styleOf(stderr),
    live: stderr.isTTY === true && env.TERM !== 'dumb',
    errorWidth: stderr.columns || 80,
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
  };
}

/** NO_COLOR and FORCE_COLOR as their conventions have it; else colours for a terminal, none for a pipe. */
function coloured(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR && env.FORCE_COLOR !== '0') return true;
  return stream.isTTY === true && env.TERM !== 'dumb';
}
