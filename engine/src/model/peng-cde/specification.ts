/** From the language's options and the data's fields to a network. Pure. */
import { Fault } from '../../fault.ts';
import type { Axis, Field } from '../../signature.ts';
import type { Options } from '../description.ts';
import { fixedSize, isIndex, namedField } from '../fields.ts';
import { type OptionReader, readOptions } from '../options.ts';
import type { FieldConfig, SolverConfig, Stepping } from './config.ts';
import type { Operator } from './operators.ts';
import { pengCdeOptions } from './options.ts';
import { startChannels } from './start.ts';
import type { Shapes } from './weights.ts';

export interface PengCdeSpecification {
  readonly title: string;
  readonly adjacency: Field;
  readonly times: Field;
  readonly initial: Field | undefined;
  /** What stands for `initial` where no field says it: the option `start`. */
  readonly start: 'given' | 'degree' | 'ones';
  readonly features: Field | undefined;
  readonly observed: Field | undefined;
  readonly observedFeatures: Field | undefined;
  readonly queries: Field | undefined;
  /** Names of the index sets. */
  readonly timeIndex: string;
  readonly nodeIndex: string;
  readonly field: FieldConfig;
  readonly solver: SolverConfig;
  readonly shapes: Shapes;
  readonly operator: Operator;
  readonly rectilinear: boolean;
  readonly predict: 'trajectory' | 'final';
  readonly level: 'node' | 'link' | 'graph';
  readonly pooling: 'mean' | 'sum';
}

/**
 * @throws Fault `model/…`: an option that is unknown, out of range or at odds with another one, or a field that is
 * missing or of the wrong type.
 */
export function specificationOf(options: Options, fields: readonly Field[]): PengCdeSpecification {
  const read = readOptions({ name: 'PENGCDE', options: pengCdeOptions }, options);
  const adjacency = named(read, 'adjacency', 'scalar[time, node, node]', fields, isGraphPath)!;
  const [timeIndex, nodeIndex] = adjacency.type.axes.map((axis) => (axis as { index: string }).index) as [
    string,
    string,
  ];
  const onNodes = `scalar[${timeIndex}, ${nodeIndex}]`;
  const times = named(read, 'times', `constant[${timeIndex}]`, fields, (one) => isTimes(one, timeIndex))!;
  const isFeatures = (one: Field): boolean => isNumbers(one, [timeIndex, nodeIndex]);
  const features = named(read, 'features', `${onNodes} or with a number of channels`, fields, isFeatures);
  const start = read.word('start') as PengCdeSpecification['start'];
  const initial = initialOf(read, fields, nodeIndex, features, start);
  const hidden = read.number('hidden')!;
  const kind = read.word('vector_field') as FieldConfig['kind'];
  const nodes = read.number('nodes');
  if (kind === 'premult' && nodes === undefined) throw nodesMissing();
  const channels = features ? fixedSize(features.type.axes) : 0;
  const interpolation = read.word('interpolation');
  const field: FieldConfig = {
    kind,
    layers: read.number('layers')!,
    hidden,
    outputs: channels > 0 && kind !== 'const' ? hidden * channels * 2 : hidden,
    basis: read.word('basis') as FieldConfig['basis'],
    maps: read.word('maps') as FieldConfig['maps'],
    biases: read.boolean('biases'),
    interpolation: interpolation === 'hermite' ? 'hermite' : 'linear',
    warp: 'corrected',
  };
  return {
    title: `PENG-CDE ${kind === 'equivariant' ? field.basis : kind}, ${field.layers} x ${hidden} channels`,
    adjacency,
    times,
    initial,
    start,
    features,
    observed: named(
      read,
      'observed',
      `scalar[${timeIndex}, ${nodeIndex}, ${nodeIndex}]`,
      fields,
      isGraphPath,
    ),
    observedFeatures: named(
      read,
      'observed_features',
      onNodes,
      fields,
      (one) => isFeatures(one) && fixedSize(one.type.axes) === channels,
    ),
    queries: named(read, 'outputs_at', 'constant[query]', fields, (one) => isTimes(one, undefined)),
    timeIndex,
    nodeIndex,
    field,
    solver: solverOf(read),
    shapes: {
      field,
      coder: read.word('coder') as Shapes['coder'],
      coderWidth: read.number('coder_width')!,
      coderDepth: read.number('coder_depth')!,
      inputs: start === 'given' ? fixedSize((initial ?? features)!.type.axes) : startChannels[start],
      outputs: read.number('outputs')!,
      links: read.word('level') === 'link',
      nodes,
    },
    operator: read.word('operator') as Operator,
    rectilinear: interpolation === 'rectilinear',
    predict: read.word('predict') as PengCdeSpecification['predict'],
    level: read.word('level') as PengCdeSpecification['level'],
    pooling: read.word('pooling') as PengCdeSpecification['pooling'],
  };
}

/** The one field that an option names; undefined when it names none. */
function named(
  read: OptionReader,
  option: string,
  expected: string,
  fields: readonly Field[],
  fits: (field: Field) => boolean,
): Field | undefined {
  const names = read.words(option);
  if (names.length > 1) {
    throw new Fault({
      code: 'model/option-conflict',
      message: `\`${option}\` names ${names.length} fields, and PENGCDE reads one`,
      expected: 'one name',
      found: names.join(', '),
      advice: 'Stack several features in the file to one field `scalar[time, node, k]`.',
    });
  }
  return names[0] === undefined ? undefined : namedField(option, names[0], expected, fields, fits);
}

function initialOf(
  read: OptionReader,
  fields: readonly Field[],
  nodeIndex: string,
  features: Field | undefined,
  start: PengCdeSpecification['start'],
): Field | undefined {
  const expected = `scalar[${nodeIndex}] or scalar[${nodeIndex}, k]`;
  const fits = (one: Field): boolean => isNumbers(one, [nodeIndex]);
  const asked = named(read, 'initial', expected, fields, fits);
  if (start !== 'given') {
    if (!asked) return undefined;
    throw new Fault({
      code: 'model/option-conflict',
      message: `\`start: ${start}\` makes what is known of the nodes from the graph, and \`initial\` names a field for it`,
      expected: 'one of the two',
      found: `initial: ${asked.name}`,
      advice: 'Take out `start` or `initial`.',
    });
  }
  if (asked || features) return asked;
  return namedField('initial', 'initial', expected, fields, fits);
}

function isGraphPath({ type: { representation, axes } }: Field): boolean {
  const [time, row, column, ...rest] = axes;
  if (representation.kind !== 'scalar' || !time || !row || !column || rest.length > 0) return false;
  return 'index' in time && 'index' in row && isIndex(column, row.index) && time.index !== row.index;
}

function isTimes({ type: { representation, axes } }: Field, index: string | undefined): boolean {
  const [axis, ...rest] = axes;
  if (representation.kind !== 'constant' || !axis || rest.length > 0 || !('index' in axis)) return false;
  return index === undefined || axis.index === index;
}

/** Numbers over these index sets, perhaps several at each place. */
function isNumbers({ type: { representation, axes } }: Field, indices: readonly string[]): boolean {
  if (representation.kind !== 'scalar') return false;
  const rest: readonly Axis[] = axes.slice(indices.length);
  return (
    indices.every((index, i) => isIndex(axes[i], index)) &&
    (rest.length === 0 || (rest.length === 1 && 'size' in rest[0]!))
  );
}

function solverOf(read: OptionReader): SolverConfig {
  const kind = read.word('stepping');
  const method = read.word('solver') as SolverConfig['method'];
  if (kind === 'adaptive' && method === 'rk4') {
    throw new Fault({
      code: 'model/option-conflict',
      message: '`solver: rk4` has no estimate of its error, which `stepping: adaptive` needs',
      expected: 'heun, dopri5 or tsit5',
      found: 'rk4',
      advice: 'Take `solver: tsit5`, or steps of fixed length.',
    });
  }
  const stepping: Stepping =
    kind === 'interval'
      ? { kind, steps: read.number('steps')! }
      : kind === 'constant'
        ? { kind, step: read.number('step')! }
        : {
            kind: 'adaptive',
            tolerance: {
              relative: read.number('relative_tolerance')!,
              absolute: read.number('absolute_tolerance')!,
            },
            aligned: true,
          };
  return { method, stepping, gradient: read.word('gradient') as SolverConfig['gradient'] };
}

function nodesMissing(): Fault {
  return new Fault({
    code: 'model/option-conflict',
    message: '`vector_field: premult` learns matrices of one size, and `nodes` does not say which',
    expected: '`nodes: n`',
    found: 'no `nodes`',
    advice: 'Add the number of nodes; all graphs must have it.',
  });
}
