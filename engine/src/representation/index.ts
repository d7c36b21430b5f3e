/** How groups act on data. Pure: no tensor library is reached from here. */
export { act } from './act.ts';
export { type ActionAnswer, actionOf } from './action-of.ts';
export { ambientRefusal } from './ambient-action.ts';
export { keepsGrid } from './image.ts';
export { largestDegree, parseIrreps } from './irreps.ts';
export { type SphericalHarmonicsOptions, sphericalHarmonics } from './spherical-harmonics.ts';
export { irrepMatrices, wignerD } from './wigner.ts';
