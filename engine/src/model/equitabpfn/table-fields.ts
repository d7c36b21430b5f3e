/** The fields of a table: which they are, and the signature that they give. Pure. */
import { Fault } from '../../fault.ts';
import { type Axis, type Field, type Signature, typeText } from '../../signature.ts';
import { namedField } from '../fields.ts';
import type { OptionReader } from '../options.ts';

export interface TableFields {
  readonly features: Field;
  readonly labels: Field;
  readonly queries: Field;
  readonly observed: Field | undefined;
  readonly observedQueries: Field | undefined;
  /** Names of the index sets of the rows. */
  readonly rowIndex: string;
  readonly queryIndex: string;
  /** A named index set, or a number. */
  readonly featureAxis: Axis;
  readonly classAxis: Axis;
}

/**
 * @throws Fault `model/missing-field`, `model/field-type`, or `model/option-conflict` for fields that do not go together
 */
export function readTableFields(family: string, read: OptionReader, fields: readonly Field[]): TableFields {
  const named = (option: string, expected: string, fits: (field: Field) => boolean): Field | undefined => {
    const names = read.words(option);
    if (names.length > 1) throw severalFields(family, option, names);
    return names[0] === undefined ? undefined : namedField(option, names[0], expected, fields, fits);
  };
  const needed = (option: string, expected: string, fits: (field: Field) => boolean): Field =>
    named(option, expected, fits) ?? namedField(option, option, expected, fields, fits);
  const features = needed('features', 'scalar[row, feature] or scalar[row, p]', isTable);
  const [rowAxis, featureAxis] = features.type.axes as [{ index: string }, Axis];
  const { index: rowIndex } = rowAxis;
  const width = axisText(featureAxis);
  const queries = needed('queries', `scalar[query, ${width}]`, (field) => {
    const [row, feature] = field.type.axes;
    return isTable(field) && axisText(row!) !== rowIndex && axisText(feature!) === width;
  });
  const classes = `scalar[${rowIndex}, class], scalar[${rowIndex}, q] or category(q)[${rowIndex}]`;
  const labels = needed('labels', classes, (field) => {
    const { representation, axes } = field.type;
    if (axes.length === 0 || axisText(axes[0]!) !== rowIndex) return false;
    if (representation.kind === 'category') return axes.length === 1;
    // A set that permutes rows or features cannot be one of classes.
    return isTable(field) && !['features', 'queries'].includes(field.name) && axisText(axes[1]!) !== rowIndex;
  });
  const like = (one: Field) => (field: Field) => typeText(field.type) === typeText(one.type);
  const { representation } = labels.type;
  return {
    features,
    labels,
    queries,
    observed: named('observed', typeText(features.type), like(features)),
    observedQueries: named('observed_queries', typeText(queries.type), like(queries)),
    rowIndex,
    queryIndex: axisText(queries.type.axes[0]!),
    featureAxis,
    classAxis: representation.kind === 'category' ? { size: representation.count } : labels.type.axes[1]!,
  };
}

/** Inputs: the fields that are read. Output: `logits[query, class]`. */
export function tableSignature({ queryIndex, classAxis, ...table }: TableFields): Signature {
  const axes = [{ index: queryIndex }, classAxis];
  return {
    inputs: tableInputs(table),
    outputs: [{ name: 'logits', type: { representation: { kind: 'scalar' }, axes } }],
  };
}

export function tableInputs({
  features,
  labels,
  queries,
  observed,
  observedQueries,
}: Pick<TableFields, 'features' | 'labels' | 'queries' | 'observed' | 'observedQueries'>): Field[] {
  const all = [features, labels, queries, observed, observedQueries].flatMap((field) => field ?? []);
  return [...new Map(all.map((field) => [field.name, field])).values()];
}

/** Numbers of which the first axis is a named index set, with one axis more. */
function isTable({ type: { representation, axes } }: Field): boolean {
  return (
    representation.kind === 'scalar' &&
    axes.length === 2 &&
    'index' in axes[0]! &&
    axisText(axes[0]) !== axisText(axes[1]!)
  );
}

function axisText(axis: Axis): string {
  return 'index' in axis ? axis.index : String(axis.size);
}

function severalFields(family: string, option: string, names: readonly string[]): Fault {
  return new Fault({
    code: 'model/option-conflict',
    message: `\`${option}\` names ${names.length} fields, and ${family} reads one`,
    expected: 'one name',
    found: names.join(', '),
    advice: 'Put the columns of several fields into one.',
  });
}
