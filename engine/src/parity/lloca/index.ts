/** Runners for the parts of LLoCa and for whole networks. */
import type { Runner } from '../runner.ts';
import {
  attentionRunner,
  graphNetRunner,
  particleNetRunner,
  particleTransformerRunner,
  transformerRunner,
} from './backbones.ts';
import { flagRunner, gammaRunner, minkowskiRunner, polarRunner } from './frames.ts';
import { equivectorRunner, learnedFramesRunner } from './frames-net.ts';
import { amplitudeRunner, taggerRunner } from './nets.ts';
import { representationRunner } from './representations.ts';

export const llocaRunners: readonly Runner[] = [
  representationRunner,
  polarRunner,
  minkowskiRunner,
  gammaRunner,
  flagRunner,
  equivectorRunner,
  learnedFramesRunner,
  attentionRunner,
  transformerRunner,
  graphNetRunner,
  particleNetRunner,
  particleTransformerRunner,
  amplitudeRunner,
  taggerRunner,
];
