/** Plans: plain data that says what to load, run and compare. */
export { anchorOf, type CheckAnchor, type NodeAnchor } from './anchors.ts';
export { type BuiltPlan, buildPlan, type ItemAnchors } from './build.ts';
export { canonicalJson, planHash, planText } from './canonical.ts';
export { describePlans } from './describe.ts';
export { innermostPlan, type PlainModelPlan, withInnermost } from './innermost.ts';
export type {
  BenchmarkPlan,
  CheckPlan,
  ClaimPlan,
  ComparePlan,
  DataPlan,
  DescribePlan,
  DiscoverPlan,
  MeasurePlan,
  ModelPlan,
  Plan,
  PortPlan,
  RunSettings,
  Task,
  TrainingRecipe,
  TrainPlan,
} from './plan.ts';
