/** Runs one case: forward, the gradients of its loss, and the comparison with what is stored. */
import type { NdArray } from '../tensor/array.ts';
import { isReal } from '../tensor/array.ts';
import { openRuntime } from '../tensor/index.ts';
import type { Precision, Runtime, Tensor } from '../tensor/runtime.ts';
import type { ParityCase } from './case.ts';
import { type Comparison, type Kind, largestEntry, relativeDifference, toleranceOf } from './compare.ts';
import { allowance, roundingOfZero, withNoise } from './rounding.ts';
import type { Runner, Tensors } from './runner.ts';

export interface CaseResult {
  readonly precision: Precision;
  readonly form: string;
  readonly comparisons: readonly Comparison[];
}

/** Gradients whose reference vanishes are compared relative to this share of the largest gradient, as the cases state. */
const leastGradientShare = 1e-3;

/**
 * Compares every stored output, intermediate and gradient. What the runner does not compute counts as a miss.
 * @returns one result for each form
 */
export async function runCase(
  runner: Runner,
  parityCase: ParityCase,
  runtime: Runtime,
): Promise<CaseResult[]> {
  const results: CaseResult[] = [];
  const double = await openRuntime({ precision: 'float64' });
  for (const [index, form] of (runner.forms?.(parityCase) ?? ['plain']).entries()) {
    const comparisons = await compared(runner, parityCase, runtime, double, form, index === 0);
    const within = runtime.precision === 'float64' || comparisons.every(isWithin);
    const judged = within
      ? comparisons
      : allowingRounding(
          parityCase,
          comparisons,
          await compared(runner, parityCase, double, double, form, index === 0),
          await compared(runner, withNoise(parityCase), double, double, form, index === 0),
        );
    results.push({ precision: runtime.precision, form, comparisons: judged });
  }
  return results;
}

/** One form in one precision, against what is stored. */
async function compared(
  runner: Runner,
  parityCase: ParityCase,
  runtime: Runtime,
  double: Runtime,
  form: string,
  first: boolean,
): Promise<Comparison[]> {
  const device = upload(runtime, parityCase);
  try {
    const values = await evaluate(runtime, double, runner, parityCase, device, form);
    const gradients = await differentiate(runtime, double, runner, parityCase, device, form);
    const held = runner.takesIntermediates ? { ...parityCase, intermediates: new Map() } : parityCase;
    return compareAll(held, runtime.precision, values, gradients, first);
  } finally {
    runtime.tf.dispose([...Object.values(device.inputs), ...Object.values(device.weights)]);
  }
}

function isWithin({ difference, tolerance }: Comparison): boolean {
  return difference <= tolerance;
}

/**
 * Intermediates and gradients in float32 that miss the plain rule may be as far off as rounding moves them, if they agree
 * in float64: otherwise a wrong network's own error would be taken for rounding.
 * @param exact the same comparisons in float64
 * @param moved the same comparisons in float64 with noise of a float32 ulp
 */
function allowingRounding(
  parityCase: ParityCase,
  comparisons: readonly Comparison[],
  exact: readonly Comparison[],
  moved: readonly Comparison[],
): Comparison[] {
  const largest = largestEntry(parityCase.gradients.values());
  // A case may state a limit in one precision and none in the other: the two lists need not be of one length.
  const byName = (list: readonly Comparison[]) => new Map(list.map((one) => [one.name, one]));
  const [double, noisy] = [byName(exact), byName(moved)];
  return comparisons.map((comparison) => {
    const { kind, name, tolerance } = comparison;
    const same = double.get(name);
    if (kind === 'output' || isWithin(comparison) || !same || !isWithin(same)) return comparison;
    const reference = kind === 'gradient' && parityCase.gradients.get(name.slice('grad.'.length));
    const left = reference ? roundingOfZero(reference, largest, leastGradientShare * largest) : 0;
    const noise = Math.max(left, noisy.get(name)!.difference);
    return { ...comparison, tolerance: Math.max(tolerance, allowance * noise) };
  });
}

interface Device {
  readonly inputs: Tensors;
  readonly weights: Tensors;
}

/** Real arrays only: indices are structure, and runners read them from the case. */
function upload(runtime: Runtime, { inputs, weights }: ParityCase): Device {
  const real = (arrays: ReadonlyMap<string, NdArray>): Tensors =>
    Object.fromEntries(
      [...arrays].filter(([, array]) => isReal(array)).map(([name, array]) => [name, runtime.tensor(array)]),
    );
  return { inputs: real(inputs), weights: real(weights) };
}

async function evaluate(
  runtime: Runtime,
  double: Runtime,
  runner: Runner,
  parityCase: ParityCase,
  { inputs, weights }: Device,
  form: string,
): Promise<Map<string, NdArray>> {
  const { tf } = runtime;
  const kept: [string, Tensor][] = [];
  tf.tidy(() => {
    const { outputs, intermediates } = runner.compute(runtime, parityCase, inputs, weights, form, double);
    for (const [name, tensor] of Object.entries(outputs)) kept.push([`output.${name}`, tf.keep(tensor)]);
    for (const [name, tensor] of Object.entries(intermediates)) {
      if (parityCase.intermediates.has(name)) kept.push([`inter.${name}`, tf.keep(tf.clone(tensor))]);
    }
  });
  const values = new Map<string, NdArray>();
  for (const [name, tensor] of kept) {
    values.set(name, await runtime.array(tensor));
    tensor.dispose();
  }
  return values;
}

async function differentiate(
  runtime: Runtime,
  double: Runtime,
  runner: Runner,
  parityCase: ParityCase,
  { inputs, weights }: Device,
  form: string,
): Promise<Map<string, NdArray>> {
  const { tf } = runtime;
  const wanted = [...parityCase.gradients.keys()];
  if (wanted.length === 0) return new Map();
  const variables = wanted.map((name) => {
    const [kind, key] = [name.slice(0, name.indexOf('.')), name.slice(name.indexOf('.') + 1)];
    return { kind, key, tensor: (kind === 'input' ? inputs : weights)[key]! };
  });
  const loss = (...values: Tensor[]): Tensor => {
    const at = (kind: string, all: Tensors): Tensors => ({
      ...all,
      ...Object.fromEntries(
        variables.flatMap((variable, i) => (variable.kind === kind ? [[variable.key, values[i]!]] : [])),
      ),
    });
    const { outputs } = runner.compute(
      runtime,
      parityCase,
      at('input', inputs),
      at('weight', weights),
      form,
      double,
    );
    // A step of training differentiates its own loss.
    if (parityCase.cotangents.size === 0) return outputs.loss!;
    const terms = [...parityCase.cotangents].map(([name, cotangent]) =>
      tf.sum(tf.mul(outputs[name]!, runtime.tensor(cotangent))),
    );
    return tf.addN(terms);
  };
  const gradients = tf.tidy(() => tf.grads(loss as never)(variables.map(({ tensor }) => tensor)));
  const result = new Map<string, NdArray>();
  for (const [i, name] of wanted.entries()) {
    result.set(name, await runtime.array(gradients[i]!));
    gradients[i]!.dispose();
  }
  return result;
}

function compareAll(
  parityCase: ParityCase,
  precision: Precision,
  values: ReadonlyMap<string, NdArray>,
  gradients: ReadonlyMap<string, NdArray>,
  first: boolean,
): Comparison[] {
  const compare = (
    kind: Kind,
    prefix: string,
    references: ReadonlyMap<string, NdArray>,
    computed: (name: string) => NdArray | undefined,
    least = 0,
  ): Comparison[] =>
    [...references].flatMap(([name, reference]) => {
      const value = computed(name);
      const { rule } = parityCase;
      const tolerance = rule
        ? rule.tolerance(kind, name, precision)
        : toleranceOf(parityCase, kind, name, precision);
      if (tolerance === undefined) return [];
      const denominator = rule?.least ?? least;
      return {
        kind,
        name: `${prefix}.${name}`,
        difference: value ? relativeDifference(value, reference, denominator) : Number.POSITIVE_INFINITY,
        tolerance,
      };
    });
  // A further form may lack an intermediate that belongs to the first form's layout.
  const intermediates = new Map(
    [...parityCase.intermediates].filter(([name]) => first || values.has(`inter.${name}`)),
  );
  return [
    ...compare('output', 'output', parityCase.outputs, (name) => values.get(`output.${name}`)),
    ...compare('intermediate', 'inter', intermediates, (name) => values.get(`inter.${name}`)),
    ...compare(
      'gradient',
      'grad',
      parityCase.gradients,
      (name) => gradients.get(name),
      leastGradientShare * largestEntry(parityCase.gradients.values()),
    ),
  ];
}
