/** Soft equivariance in a sentence, wherever findings are shown. */
import type { Finding } from '../fault.ts';
import type { SoftResult } from './soft-result.ts';
import { short } from './verdict.ts';
import type { MeanGap } from './verification.ts';

export function softFinding({ outputs, elements, exact, loss }: SoftResult, group: string): Finding {
  const over = exact ? `all ${elements} elements` : `${elements} elements`;
  const parts = outputs.map(
    ({ output, spread, fromAverage }) =>
      `\`${output}\` spreads by ${intervalText(spread)} and is ${intervalText(fromAverage)} from its average`,
  );
  const cost = loss
    ? [
        `${loss.loss} is ${short(loss.asIs)} as the samples are, ${short(loss.overOrbit)} over the orbit and ${short(loss.symmetrised)} averaged, so that the symmetry that is missing costs ${intervalText(loss.gap)}`,
      ]
    : [];
  return {
    code: 'verify/soft',
    severity: 'information',
    message: `over ${over} of ${group}: ${[...parts, ...cost].join('; ')}`,
  };
}

function intervalText({ mean, low, high }: MeanGap): string {
  return `${short(mean)} (${short(low)} to ${short(high)})`;
}
