/** Predictions on a user's table: reading it, cross-validation, classifiers. */
export * from './classifiers.ts';
export * from './cross-validate.ts';
export { stratifiedSubset } from './folds.ts';
export type { Bin, Scores } from './scores.ts';
export { readUserTable, type UserTable } from './user-table.ts';
