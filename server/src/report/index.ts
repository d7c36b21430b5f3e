/** Reports: building them from outcomes, and their renderers. */
export {
  buildClaimReport,
  buildCompareReport,
  buildDiscoverReport,
  type FinishedItem,
  type FinishedItems,
} from './build-items.ts';
export {
  buildCheckReport,
  buildReport,
  type FinishedCheck,
  type ReportParts,
} from './build-report.ts';
export { directionsText } from './directions.ts';
export { renderBenchmarks, timingText } from './render-benchmarks.ts';
export { claimFinding, claimVerdictText, intervalText, renderClaims } from './render-claims.ts';
export {
  agreementMatrix,
  agreementNotes,
  compareFinding,
  compareVerdictText,
  renderComparisons,
  runText,
} from './render-comparisons.ts';
export {
  discoverFinding,
  discoveryLines,
  discoveryText,
  renderDiscoveries,
  singularTable,
} from './render-discoveries.ts';
export { renderFinding, renderFindings } from './render-findings.ts';
export { renderJson } from './render-json.ts';
export { renderReplay } from './render-replay.ts';
export { renderSummary } from './render-summary.ts';
export { confidenceText, renderTable } from './render-table.ts';
export { renderTerminal } from './render-terminal.ts';
export { metricsText, renderTrainings } from './render-trainings.ts';
export { replayCommand, shellWord, worstWitness } from './replay.ts';
export type {
  BenchmarkOutcome,
  BenchmarkReport,
  CheckOutcome,
  CheckReport,
  ClaimOutcome,
  ClaimReport,
  CompareOutcome,
  CompareReport,
  DataFacts,
  DescribeOutcome,
  DiscoverOutcome,
  DiscoverReport,
  ModelFacts,
  Report,
  TrainOutcome,
  TrainReport,
} from './report.ts';
export { type Style, shownPath, verdictText } from './style.ts';
export { type Column, fitColumns, layOutRow, layOutTable } from './table-layout.ts';
export { indent, wrap } from './text-layout.ts';
export { verdictFinding } from './verdict-finding.ts';
export { bytesText, counted, duration, fineDuration, grouped, percent, shortNumber } from './words.ts';
