/** Runners for the parts of Rapidash and for the whole network. */
import type { Runner } from '../runner.ts';
import { blockRunner, calibrationRunner, convolutionRunner } from './convolution.ts';
import { netRunner } from './net.ts';
import { basisRunner, gridRunner, invariantRunner } from './parts.ts';

export const rapidashRunners: readonly Runner[] = [
  gridRunner,
  invariantRunner,
  basisRunner,
  calibrationRunner,
  convolutionRunner,
  blockRunner,
  netRunner,
];
