/** The options that networks of tables share: pure data for the language, hovers and completion. */
import type { OptionDescription } from '../description.ts';

/** The fields of a table, and what is done to its features. */
export const tableOptions: readonly OptionDescription[] = [
  {
    name: 'features',
    type: 'fields',
    default: ['features'],
    doc: 'The labelled rows: a field `scalar[row, feature]` or `scalar[row, p]`.',
  },
  {
    name: 'labels',
    type: 'fields',
    default: ['labels'],
    doc: 'Their classes: a field `scalar[row, class]` or `scalar[row, q]` with 1 in the column of the class, or `category(q)[row]`. A row of zeros has no label. Permutations of the classes act on a named set of classes, `scalar[row, class]`.',
  },
  {
    name: 'queries',
    type: 'fields',
    default: ['queries'],
    doc: 'The rows to be classified: a field `scalar[query, feature]` or `scalar[query, p]`.',
  },
  {
    name: 'observed',
    type: 'fields',
    default: [],
    doc: 'Which features of labelled rows are known: 0 or 1, of the type of `features`.',
  },
  {
    name: 'observed_queries',
    type: 'fields',
    default: [],
    doc: 'Which features of the rows to be classified are known: 0 or 1, of the type of `queries`.',
  },
  {
    name: 'scaling',
    type: 'choice',
    choices: ['standard', 'none'],
    default: 'standard',
    doc: 'What is done to features before the network. `standard`, as in pre-training: outliers beyond four deviations are drawn in, columns are standardised by the labelled rows, and all are multiplied by `columns` over their number. `none`: the data is like that already.',
  },
  {
    name: 'missing_statistics',
    type: 'choice',
    choices: ['labelled', 'all'],
    default: 'labelled',
    doc: 'The rows by which the codes of missing values are standardised. `all` is the official way, in which a prediction depends on what other queries lack.',
  },
  {
    name: 'columns',
    type: 'integer',
    default: 100,
    min: 1,
    max: 10_000,
    unit: 'features',
    doc: 'Features that the encoder has weights for; fewer may be given.',
  },
  {
    name: 'width',
    type: 'integer',
    default: 64,
    min: 1,
    max: 4096,
    unit: 'channels',
    doc: 'Channels of a token, a multiple of `heads`; 512 in the paper.',
  },
  { name: 'heads', type: 'integer', default: 4, min: 1, max: 128, doc: 'Attention heads.' },
  {
    name: 'widening',
    type: 'integer',
    default: 2,
    min: 1,
    max: 16,
    doc: 'Ratio of the inner width of the feed-forward nets to `width`.',
  },
];
