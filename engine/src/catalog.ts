/**
 * The part of the engine that is pure data and types: what the language server may load. Nothing reachable from here
 * imports a tensor library; test/imports.test.ts enforces it.
 */
export type { Benchmark, BenchmarkEntry, BenchmarkOptions, BenchmarkRun, Timing } from './bench/benchmark.ts';
export {
  type ClaimDecision,
  type ClaimExpression,
  type ClaimVerdict,
  type Comparison,
  claimVerdicts,
  comparisons,
  decide,
  type Estimate,
} from './claim/index.ts';
export type { ContactWindows, DataField, DataSpec } from './data/dataset.ts';
export {
  Fault,
  type Finding,
  type FindingCode,
  findingOf,
  type Place,
  type Redeclaration,
  type Severity,
} from './fault.ts';
export type { PythonDescription, PythonQuestion } from './foreign/python/inspect.ts';
export type { CloudComparison } from './generate/compare-clouds.ts';
export type { GenerationScores } from './generate/scores.ts';
export {
  type AmbientDescription,
  type AmbientFactor,
  type AmbientSpec,
  ambientDescriptions,
  ambientOnly,
  ambientText,
} from './group/ambient.ts';
export { type GroupDescription, type GroupParameter, groupDescriptions } from './group/description.ts';
export type { GroupElement, GroupSpec } from './group/group.ts';
export { flatten, normaliseGroup } from './group/normalise.ts';
export { groupText } from './group/text.ts';
export { bindInputs, type InputBinding } from './model/binding.ts';
export type { FamilyDescription, OptionDescription, Options, OptionValue } from './model/description.ts';
export { families } from './model/families.ts';
export { type WrapperDescription, wrapperDescriptions } from './model/wrap/description.ts';
export { type WrapPlan, type Wrappable, wrapPlan } from './model/wrap/requirements.ts';
export type { WrapKind, WrapSpec } from './model/wrap/spec.ts';
export type { TableAnswer, TableQuestion } from './predict/question.ts';
export { type ActionAnswer, actionOf } from './representation/action-of.ts';
export { ambientRefusal } from './representation/ambient-action.ts';
export {
  type Axis,
  type Field,
  type FieldType,
  type IndexSizes,
  type Irrep,
  irrepsDimension,
  irrepsText,
  type Representation,
  type RepresentationKind,
  type Signature,
  trailingShape,
  typeText,
} from './signature.ts';
export type { BackendState } from './tensor/ladder.ts';
export { type BackendChoice, type BackendName, backendNames, type Precision } from './tensor/runtime.ts';
export { type Target, targetOf } from './train/target.ts';
export {
  type CurvePoint,
  type LossName,
  type LossSpec,
  lossNames,
  type MetricName,
  type Metrics,
  metricNames,
  type Schedule,
  type Standardisation,
  type Training,
  type TrainOptions,
} from './train/training.ts';
export {
  type Agreement,
  type AgreementEntry,
  type AgreementRun,
  type AgreementVerdict,
  agreementVerdicts,
} from './verify/agreement-result.ts';
export {
  type DiscoverOptions,
  type Discovery,
  type DiscoveryVerdict,
  discoveryVerdicts,
  type OutputAction,
  outputActions,
} from './verify/discover/discovery.ts';
export { directionNames } from './verify/one-parameter.ts';
export { type SoftResult, softLossNames } from './verify/soft-result.ts';
export type {
  ActionCheck,
  CheckOptions,
  DirectionGap,
  DirectionUnit,
  Exceedance,
  FloorMethod,
  LayerGap,
  MeanGap,
  OutputVerdict,
  Replay,
  Search,
  Verdict,
  Verification,
  Verified,
  Witness,
} from './verify/verification.ts';
