/** The part of ml-knn that is used here: the package has no types of its own. */
declare module 'ml-knn' {
  export default class KNN {
    constructor(rows: readonly number[][], labels: readonly number[], options: { readonly k: number });
    /** The class of each row by majority among its k nearest. */
    predict(rows: readonly number[][]): number[];
  }
}
