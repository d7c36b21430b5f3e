/** What can go wrong with a job as such, in words. Codes are stable; docs/codes.md lists them. */
import type { Finding } from '@noether/engine/catalog';
import type { Ending } from './worker-process.ts';

export function timeLimitFinding(seconds: number): Finding {
  return {
    code: 'job/time-limit',
    severity: 'error',
    message: `The time limit of ${seconds} s was reached, and the run was ended`,
    advice:
      'Use fewer elements or samples, or raise the limit (--time-limit SECONDS; in the editor the setting noether.timeLimit)',
  };
}

export function memoryLimitFinding(megabytes: number): Finding {
  return {
    code: 'job/memory-limit',
    severity: 'error',
    message: `The run needed more than the ${megabytes} MB of memory that it may take, and was ended`,
    advice:
      'Use fewer or smaller samples, or raise the limit (--memory-limit MB; in the editor the setting noether.memoryLimit)',
  };
}

/** The worker ended by itself, and so did the second one that was given the same task. */
export function crashedFinding(ending: Ending): Finding {
  return {
    code: 'job/worker-crashed',
    severity: 'error',
    message: 'The worker process that ran this ended unexpectedly, twice',
    found: endingInWords(ending),
    advice:
      'The log has what it printed (on the command line: --verbose). If the backend is at fault, another may work: wasm or cpu',
  };
}

/** Goes with a result that a second worker reached after the first had ended unexpectedly. */
export function restartedFinding(ending: Ending): Finding {
  return {
    code: 'job/worker-restarted',
    severity: 'warning',
    message:
      'The worker process ended unexpectedly; it was restarted, and this is the result of the second run',
    found: endingInWords(ending),
  };
}

export function changedFinding(file: string): Finding {
  return {
    code: 'job/changed-during-run',
    severity: 'error',
    message:
      'A file changed while it was being checked, so the result belongs to neither version and was dropped',
    place: { file },
    advice: 'Run the check again',
  };
}

const signals: Partial<Record<NodeJS.Signals, string>> = {
  SIGKILL: 'killed from outside (the operating system does this when memory runs out)',
  SIGSEGV: 'a memory error in native code',
  SIGBUS: 'a memory error in native code',
  SIGILL: 'an instruction that this processor lacks',
  SIGABRT: 'native code gave up',
  SIGTERM: 'asked to end from outside',
};

/** "signal SIGKILL: killed from outside …", "exit code 3", "exit code 1: Error: …". */
export function endingInWords({ code, signal, startError, lastWords }: Ending): string {
  if (startError !== undefined) return `it could not be started: ${startError}`;
  const reason = lastWords ?? (signal ? signals[signal] : undefined);
  return `${signal ? `signal ${signal}` : `exit code ${code}`}${reason ? `: ${reason}` : ''}`;
}
