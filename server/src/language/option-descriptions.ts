/**
 * The options of each block: data for interpretation, hovers, completion and the documentation. The options of model
 * families come from the engine; these are the language's own.
 */
export { checkOptions, verdictWords } from './option/check.ts';
export { compareOptions, discoverOptions } from './option/compare.ts';
export { dataOptions } from './option/data.ts';
export type { LanguageOption, Word } from './option/kinds.ts';
export { benchmarkOptions, claimOptions } from './option/measure.ts';
export { familyOptions, pythonOptions } from './option/model.ts';
export { trainOptions } from './option/train.ts';
