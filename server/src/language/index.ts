/** The .equi language, as the rest of the server uses it. */
export { closest, editDistance, listText } from './closest.ts';
export { codeDescriptions } from './code-descriptions.ts';
export {
  acceptProblem,
  type DiagnosticData,
  diagnosticSource,
  findingOfDiagnostic,
  findingsOf,
  isLanguageDiagnostic,
  type RepairEdit,
  rangeOf,
  shownPath,
} from './diagnostics.ts';
export { docCommentOf } from './documentation.ts';
export * from './generated/ast.ts';
export { groupAliases } from './group-aliases.ts';
export { factorOf, factorsOf, groupOf } from './groups.ts';
export { innerModel } from './inner-model.ts';
export { innermost } from './innermost-reading.ts';
export type { Inspection } from './inspection.ts';
export type { Knowledge } from './knowledge.ts';
export {
  type MeasureDescription,
  measureDescriptions,
  qualifierDescriptions,
} from './measure-descriptions.ts';
export {
  createEquiServices,
  type EquiAddedServices,
  type EquiServiceSet,
  type EquiServices,
  type ExtraModules,
} from './module.ts';
export {
  benchmarkOptions,
  checkOptions,
  claimOptions,
  compareOptions,
  dataOptions,
  discoverOptions,
  familyOptions,
  type LanguageOption,
  trainOptions,
} from './option-descriptions.ts';
export { defaultText, optionTypeText, optionValueText, rangeText } from './option-text.ts';
export { type ReadOptions, type ReadValue, readOptions, withDefaults } from './options.ts';
export { absolutePath } from './paths.ts';
export {
  type Anchor,
  collectProblems,
  hasErrors,
  type Problem,
  type Repair,
  type Report,
} from './problem.ts';
export { type BenchmarkReading, readBenchmark } from './read-benchmark.ts';
export { builtInDefaults, type CheckDefaults, type CheckReading, readCheck } from './read-check.ts';
export { type ClaimReading, expressionText, type MeasureReading, readClaim } from './read-claim.ts';
export { type CompareReading, readCompare } from './read-compare.ts';
export { type DataReading, isDataOption, type ReadField, readData } from './read-data.ts';
export { type DiscoverReading, readDiscover } from './read-discover.ts';
export {
  type FamilyReading,
  type FileReading,
  foreignTitles,
  type ModelReading,
  modelSources,
  optionsOf,
  type PlainReading,
  type ReadPort,
  readModel,
  type WrappedReading,
} from './read-model.ts';
export { readTrain, type TrainReading } from './read-train.ts';
export { trainingsBefore } from './trainings.ts';
export { isTypeName, type TypeDescription, typeDescriptions } from './type-descriptions.ts';
export { fieldTypeOf } from './types.ts';
export { usedUri } from './uses.ts';
export { indexSetsOf, signatureOf, sourcesOf } from './validation/static-check.ts';
export { termText, valueText } from './value-text.ts';
export { isWorthIndexing } from './workspace.ts';
