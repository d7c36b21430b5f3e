/** What a claim can compare. */

export type MeasureName =
  | 'accuracy'
  | 'mean_iou'
  | 'auc'
  | 'mae'
  | 'mse'
  | 'gap'
  | 'parameters'
  | 'flops'
  | 'time'
  | 'memory';

export interface MeasureDescription {
  readonly name: string;
  /** Whether it is measured on data; otherwise it is a fact about the model. */
  readonly takesData: boolean;
  readonly unit?: string;
  readonly doc: string;
}

export const measureDescriptions: readonly (MeasureDescription & { readonly name: MeasureName })[] = [
  { name: 'accuracy', takesData: true, doc: 'Share of all rows whose category or label is predicted.' },
  {
    name: 'mean_iou',
    takesData: true,
    doc: 'Intersection over union of predicted and true classes: the mean over the classes of a sample, then over samples.',
  },
  {
    name: 'auc',
    takesData: true,
    doc: 'Of two classes: how often a row of class 1 scores higher than one of class 0, the area under the ROC curve. It does not depend on how rare links are.',
  },
  {
    name: 'mae',
    takesData: true,
    unit: 'the unit of the target',
    doc: 'Mean absolute error of the trained target.',
  },
  { name: 'mse', takesData: true, unit: 'its square', doc: 'Mean squared error of the trained target.' },
  {
    name: 'gap',
    takesData: true,
    doc: 'The largest relative equivariance gap, over 16 elements for each sample; the way in which the data is moved names the group: `gap(a, rotated scans)`.',
  },
  { name: 'parameters', takesData: false, doc: 'Number of trainable numbers.' },
  {
    name: 'flops',
    takesData: true,
    unit: 'operations',
    doc: 'Floating-point operations of the forward of one sample.',
  },
  { name: 'time', takesData: true, unit: 'seconds', doc: 'Median time of one forward of all samples.' },
  {
    name: 'memory',
    takesData: true,
    unit: 'bytes',
    doc: 'Most memory that tensors take at once in that forward.',
  },
];

/** How the data of a measure is moved before the model sees it: `rotated scans`. */
export const qualifierDescriptions: readonly { readonly name: string; readonly doc: string }[] = [
  { name: 'rotated', doc: 'Each sample turned by a random rotation.' },
  { name: 'reflected', doc: 'Each sample turned and mirrored at random.' },
  { name: 'translated', doc: 'Each sample moved at random.' },
  { name: 'permuted', doc: 'The entries of each index set in a random order.' },
  { name: 'boosted', doc: 'Each sample seen from a randomly boosted frame.' },
];
