/** Groups: sampling, composition, generators, words. Pure: no tensor library is reached from here. */
export { createGroup } from './create.ts';
export {
  defaultRapidity,
  defaultScale,
  type GroupDescription,
  type GroupParameter,
  groupDescriptions,
} from './description.ts';
export type { Group, GroupElement, GroupSpec } from './group.ts';
export { normaliseGroup } from './normalise.ts';
export { groupText } from './text.ts';
