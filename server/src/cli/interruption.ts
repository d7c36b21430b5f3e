/** Ctrl-C and SIGTERM: the first asks everything to stop, the second ends at once. */
import { exitCodes } from './exit-codes.ts';

export interface Interruption {
  /** The exit code that the signal stands for, once one has come. */
  readonly code: number | undefined;
  onInterrupt(listener: () => void): void;
}

export function listenForInterruption(process: NodeJS.Process): Interruption {
  const listeners: (() => void)[] = [];
  let code: number | undefined;
  const receive = (signalCode: number) => () => {
    // The workers go with the process: see the pool's exit handler.
    if (code !== undefined) process.exit(signalCode);
    code = signalCode;
    for (const listener of listeners) listener();
  };
  process.on('SIGINT', receive(exitCodes.interrupted));
  process.on('SIGTERM', receive(exitCodes.terminated));
  return {
    get code() {
      return code;
    },
    onInterrupt(listener) {
      if (code === undefined) listeners.push(listener);
      else listener();
    },
  };
}
