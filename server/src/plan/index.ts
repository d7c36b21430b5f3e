/** Plans: plain data that says what to load, run and compare. */
export { anchorOf, type CheckAnchor, type NodeAnchor } from './anchors.ts';
export { type BuiltPlan, buildPlan } from './build.ts';
export { canonicalJson, planHash, planText } from './canonical.ts';
export { describePlans } from './describe.ts';
export type {
  CheckPlan,
  DataPlan,
  DescribePlan,
  ModelPlan,
  Plan,
  PortPlan,
  RunSettings,
  Task,
} from './plan.ts';
