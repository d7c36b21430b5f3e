/** What a claim can compare. */

export interface MeasureDescription {
  readonly name: string;
  /** Whether it is measured on data; otherwise it is a fact about the model. */
  readonly takesData: boolean;
  readonly unit?: string;
  readonly doc: string;
}

export const measureDescriptions: readonly MeasureDescription[] = [
  { name: 'accuracy', takesData: true, doc: 'Share of samples whose category or label is predicted.' },
  { name: 'loss', takesData: true, doc: 'The loss that the model was trained with.' },
  { name: 'gap', takesData: true, doc: 'The largest relative equivariance gap.' },
  { name: 'parameters', takesData: false, doc: 'Number of trainable numbers.' },
  { name: 'flops', takesData: true, unit: 'operations', doc: 'Floating-point operations of one forward.' },
  { name: 'time', takesData: true, unit: 'seconds', doc: 'Median time of one forward.' },
  { name: 'memory', takesData: true, unit: 'bytes', doc: 'Largest memory of one forward.' },
];

/** How the data of a measure is moved before the model sees it: `rotated scans`. */
export const qualifierDescriptions: readonly { readonly name: string; readonly doc: string }[] = [
  { name: 'rotated', doc: 'Each sample turned by a random rotation.' },
  { name: 'reflected', doc: 'Each sample turned and mirrored at random.' },
  { name: 'translated', doc: 'Each sample moved at random.' },
  { name: 'permuted', doc: 'The entries of each index set in a random order.' },
  { name: 'boosted', doc: 'Each sample seen from a randomly boosted frame.' },
];
