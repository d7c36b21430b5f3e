/** Runners for the synthetic prior. */
import type { Runner } from '../runner.ts';
import { populationRunner } from './population.ts';
import { priorTableRunner } from './prior.ts';

export const priorRunners: readonly Runner[] = [priorTableRunner, populationRunner];
