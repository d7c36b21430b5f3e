/** Runners for the parts of PENG-CDE and for whole networks. */
import type { Runner } from '../runner.ts';
import { affinityRunner, fieldRunner, nodeControlRunner, solutionRunner } from './nets.ts';
import { countRunner, simulatorRunner } from './numbers.ts';
import { basisRunner, fusionRunner, layerRunner, operatorRunner, pathRunner } from './parts.ts';

export const pengCdeRunners: readonly Runner[] = [
  basisRunner,
  operatorRunner,
  pathRunner,
  fusionRunner,
  layerRunner,
  fieldRunner,
  solutionRunner,
  nodeControlRunner,
  affinityRunner,
  simulatorRunner,
  countRunner,
];
