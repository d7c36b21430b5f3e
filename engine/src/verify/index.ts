export { type AgreementRequest, agreementOf, type ComparedRun, roundingBetween } from './agreement.ts';
export * from './agreement-result.ts';
export { type Discovered, discover } from './discover/discover.ts';
export { type Evaluation, evaluateRun } from './evaluation.ts';
export { clopperPearsonUpper } from './exceedance.ts';
export { largestGap } from './largest-gap.ts';
export { judge, short, worstVerdict } from './verdict.ts';
export type * from './verification.ts';
export { type VerifyRequest, verify } from './verify.ts';
