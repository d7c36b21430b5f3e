/** Chooses a backend: the first rung that can be had, and why each one above it was passed over. */
import { Fault } from '../fault.ts';
import type { BackendChoice, BackendName } from './runtime.ts';

/** What became of an attempt to open a rung: it is open, or one plain sentence says why not. */
export type Attempt = { readonly description: string } | { readonly reason: string };

/** One rung of the ladder. */
export interface Rung {
  readonly name: BackendName;
  /**
   * Loads what it needs and makes the backend ready, without selecting it. `asked` is true when the user named this
   * rung: some are there, but not worth taking unasked.
   */
  open(asked?: boolean): Promise<Attempt>;
}

/** One line of `noether backends`. */
export interface BackendState {
  readonly name: BackendName;
  readonly available: boolean;
  /** A description where available, else the reason. */
  readonly detail: string;
}

/**
 * Takes the wanted rung, or for 'auto' the first that opens.
 * Throws a Fault `backend/not-available` with the reason and what there is instead, `backend/unknown-name` for a name
 * that is no rung.
 */
export async function climb(rungs: readonly Rung[], wanted: 'auto' | BackendName): Promise<BackendChoice> {
  if (wanted !== 'auto') return take(rungs, wanted);
  const passedOver: { name: BackendName; reason: string }[] = [];
  for (const rung of rungs) {
    const attempt = await attemptOn(rung);
    if ('description' in attempt) {
      const { name } = rung;
      return { name, reason: 'fastest that loads here', passedOver, description: attempt.description };
    }
    passedOver.push({ name: rung.name, reason: attempt.reason });
  }
  throw new Fault({
    code: 'backend/not-available',
    message: 'no tensor backend can be had on this machine',
    found: passedOver.map(({ name, reason }) => `${name}: ${reason}`).join('; '),
    advice: 'Install Noether again; its wasm and cpu backends need nothing but Node.',
  });
}

/** Every rung with its state. Never throws; it loads what it can, so it is for a process of its own or a worker. */
export async function survey(rungs: readonly Rung[]): Promise<BackendState[]> {
  const states: BackendState[] = [];
  for (const rung of rungs) {
    const attempt = await attemptOn(rung);
    const available = 'description' in attempt;
    states.push({ name: rung.name, available, detail: available ? attempt.description : attempt.reason });
  }
  return states;
}

async function take(rungs: readonly Rung[], wanted: BackendName): Promise<BackendChoice> {
  const rung = rungs.find(({ name }) => name === wanted);
  if (!rung) {
    throw new Fault({
      code: 'backend/unknown-name',
      message: `there is no backend named "${wanted}"`,
      expected: ['auto', ...rungs.map(({ name }) => name)].join(', '),
      found: wanted,
    });
  }
  const attempt = await attemptOn(rung, true);
  if ('description' in attempt) {
    return { name: wanted, reason: 'asked for', passedOver: [], description: attempt.description };
  }
  const others = (await survey(rungs.filter((other) => other !== rung))).filter(({ available }) => available);
  throw new Fault({
    code: 'backend/not-available',
    message: `the backend ${wanted} cannot be had here: ${attempt.reason}`,
    expected: others.map(({ name }) => name).join(', '),
    found: wanted,
    advice: `Leave the backend out, or take one of: ${others.map(({ name }) => name).join(', ')}.`,
  });
}

async function attemptOn(rung: Rung, asked = false): Promise<Attempt> {
  try {
    return await rung.open(asked);
  } catch (error) {
    return { reason: `it fails to load: ${firstLine(error)}` };
  }
}

/** The first line of an error's message: the rest is for its authors. */
export function firstLine(error: unknown): string {
  const message =
    error instanceof Error ? error.message : String((error as { message?: string })?.message ?? error);
  return message.trim().split('\n')[0]!;
}
