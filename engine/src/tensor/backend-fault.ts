/** Failures of a backend, in words. */
import { Fault } from '../fault.ts';

/** `backend/out-of-memory` with the sizes in MB. */
export function outOfMemory(backend: string, bytes?: number, inUse?: number): Fault {
  const megabytes = (n: number) => `${Math.ceil(n / 2 ** 20)} MB`;
  return new Fault({
    code: 'backend/out-of-memory',
    message: `the ${backend} backend is out of memory`,
    expected: bytes === undefined ? undefined : `${megabytes(bytes)} more`,
    found: inUse === undefined ? undefined : `${megabytes(inUse)} taken`,
    advice: 'Take fewer elements or samples at a time, a smaller model, or another backend.',
  });
}

/**
 * The Fault behind an error that a tensor operation threw, or undefined where the backend is not to blame: memory that
 * cannot be had, and a wasm instance that stopped and answers nothing any more (`backend/stopped`).
 */
export function backendFault(error: unknown, backend: string): Fault | undefined {
  if (error instanceof Fault) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof RangeError && /allocation failed|array length|buffer length/i.test(message)) {
    return outOfMemory(backend);
  }
  const refusals =
    /out of memory|OOM when allocating|failed to allocate|bad_alloc|too large for the implementation/i;
  if (refusals.test(message)) return outOfMemory(backend);
  // WebAssembly's errors, by name: its types belong to browsers.
  if (error instanceof Error && error.name === 'RuntimeError') {
    return new Fault({
      code: 'backend/stopped',
      message: `the ${backend} backend stopped: ${message.split('\n')[0]}`,
      advice: 'Run it again; if it stops again, take another backend and report it.',
    });
  }
  return undefined;
}
