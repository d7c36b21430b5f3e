/** Runners for EquiTabPFN and its synthetic prior. */
import type { Runner } from '../runner.ts';
import { modelRunner } from './model.ts';
import {
  blockRunner,
  decoderRunner,
  featureEncoderRunner,
  layerRunner,
  preparationRunner,
  targetEncoderRunner,
} from './parts.ts';
import { priorRunners } from './prior-index.ts';

export const equiTabPfnRunners: readonly Runner[] = [
  targetEncoderRunner,
  featureEncoderRunner,
  layerRunner,
  blockRunner,
  decoderRunner,
  preparationRunner,
  modelRunner,
  ...priorRunners,
];
