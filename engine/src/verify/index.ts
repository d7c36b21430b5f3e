export { clopperPearsonUpper } from './exceedance.ts';
export { largestGap } from './largest-gap.ts';
export { judge, short, worstVerdict } from './verdict.ts';
export type * from './verification.ts';
export { type VerifyRequest, verify } from './verify.ts';
