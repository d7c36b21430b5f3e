/**
 * Is the action one? Before a model is judged by it, the action is tried on the check's own data: the identity changes
 * nothing, an inverse undoes, a product acts as its factors one after the other, and lengths or masses are kept.
 */
import { Fault, type Finding } from '../fault.ts';
import type { GroupElement } from '../group/group.ts';
import { act, actionOf } from '../representation/index.ts';
import { type FieldType, typeText } from '../signature.ts';
import { isReal, type NdArray, type Values } from '../tensor/array.ts';
import { distance } from './gap.ts';
import type { Setting } from './pairs.ts';
import { short } from './verdict.ts';
import type { ActionCheck } from './verification.ts';

/** Samples and pairs of elements that are tried: axioms that fail, fail nearly everywhere. */
const triedSamples = 2;
const triedElements = 2;

/** Relative error that float64 explains, for values that the elements do not stretch. */
const rounding = 1e-11;

interface Tried {
  readonly name: string;
  readonly type: FieldType;
  readonly value: NdArray;
}

export interface ActionResult {
  readonly check: ActionCheck;
  readonly findings: readonly Finding[];
}

/**
 * @param base f(x) of every sample: outputs are acted on, too.
 * @throws Fault `verify/not-an-action` when an axiom fails by more than rounding.
 */
export function checkAction(setting: Setting, base: readonly Values[]): ActionResult {
  const { dataset, group, random } = setting;
  let error = 0;
  let elements = 0;
  const resampled = new Map<string, { type: FieldType; reason: string; error: number }>();
  for (const [at, sample] of dataset.samples.slice(0, triedSamples).entries()) {
    const tried: Tried[] = [
      ...setting.bindings.map(({ field }) => ({ ...field, value: sample.values[field.name]! })),
      ...setting.model.signature.outputs.map((output) => ({ ...output, value: base[at]![output.name]! })),
    ];
    for (let k = 0; k < triedElements; k++) {
      elements++;
      const stream = random.stream('action', at, k);
      const g = group.sample(stream, sample.sizes);
      const h = group.sample(stream, sample.sizes);
      for (const { name, type, value } of tried) {
        const answer = actionOf(group.spec, type);
        if (answer.acts && answer.inexact) {
          const seen = errorOf(group.inverse(g), act(g, value, type), type, value);
          const before = resampled.get(name)?.error ?? 0;
          resampled.set(name, { type, reason: answer.inexact, error: Math.max(before, seen) });
          continue;
        }
        const found = axiomErrors(setting, g, h, group.identity(sample.sizes), type, value);
        for (const [axiom, { error: seen, allowed }] of Object.entries(found)) {
          if (seen > allowed) throw notAnAction(axiom, name, type, seen, setting, g, sample.id);
          error = Math.max(error, seen);
        }
      }
    }
  }
  // Square images under quarter turns come back as they were: their axes have names, so only the data could tell.
  const moved = [...resampled].filter(([, { error: seen }]) => seen > 0);
  const findings = moved.map(
    ([name, { type, reason, error: seen }]): Finding => ({
      code: 'verify/action-resamples',
      severity: 'information',
      message: `the action itself is not exact on \`${name}\`: ${reason}`,
      found: `${typeText(type)}, moved there and back: ${short(seen)} away, relative to its size`,
      advice: 'Gaps of this size are the grid’s. Quarter turns (C(4), D(4)) of square images are exact.',
    }),
  );
  return { check: { elements, error }, findings };
}

interface AxiomError {
  readonly error: number;
  readonly allowed: number;
}

function axiomErrors(
  { group }: Setting,
  g: GroupElement,
  h: GroupElement,
  identity: GroupElement,
  type: FieldType,
  x: NdArray,
): Record<string, AxiomError> {
  const hx = act(h, x, type);
  const ghx = act(g, hx, type);
  const size = rms(x);
  if (size === 0) return {};
  // A boost stretches, and what is stretched and shrunk again has lost as many digits.
  const stretch = Math.max(1, rms(hx) / size, rms(ghx) / size);
  const allowed = rounding * stretch ** 2;
  const inverse = group.inverse(h);
  const back = rms(act(inverse, x, type)) / size;
  return {
    'the identity changes': { error: errorOf(identity, x, type, x), allowed: 0 },
    'the inverse does not undo': {
      error: errorOf(inverse, hx, type, x),
      allowed: rounding * Math.max(stretch, back) ** 2,
    },
    'a product does not act as its factors do': {
      error: distance(act(group.compose(g, h), x, type), ghx) / size,
      allowed: allowed * Math.max(1, rms(act(g, x, type)) / size) ** 2,
    },
    'lengths or masses are not kept by': {
      error: Math.abs(kept(ghx, type) - kept(x, type)) / (stretch * size) ** 2,
      allowed,
    },
  };
}

/** |act(g, moved) - x| / |x|. */
function errorOf(g: GroupElement, moved: NdArray, type: FieldType, x: NdArray): number {
  const size = rms(x);
  return size === 0 ? 0 : distance(act(g, moved, type), x) / size;
}

/**
 * A number that every element keeps, mean over features: squared lengths, squared distances to the centroid for
 * positions, E^2 - p^2 for four-vectors. Sums, since permutations only reorder.
 */
function kept({ shape, data }: NdArray, { representation }: FieldType): number {
  const n = data.length;
  if (n === 0 || !(data instanceof Float64Array)) return 0;
  if (representation.kind === 'fourvector') {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += (i % 4 === 0 ? 1 : -1) * data[i]! ** 2;
    return sum / n;
  }
  let sum = 0;
  for (const value of data) sum += value ** 2;
  if (representation.kind === 'position') {
    const dim = shape.at(-1)!;
    for (let k = 0; k < dim; k++) {
      let total = 0;
      for (let i = k; i < n; i += dim) total += data[i]!;
      sum -= total ** 2 / (n / dim);
    }
  }
  return sum / n;
}

function rms(x: NdArray): number {
  if (!isReal(x)) return 1;
  let sum = 0;
  for (const value of x.data) sum += value ** 2;
  return x.data.length > 0 ? Math.sqrt(sum / x.data.length) : 0;
}

function notAnAction(
  axiom: string,
  name: string,
  type: FieldType,
  error: number,
  { group }: Setting,
  g: GroupElement,
  sample: string,
): Fault {
  return new Fault({
    code: 'verify/not-an-action',
    message: `${axiom} \`${name}\` (${typeText(type)}): what ${group.text} does to it is no group action, so no model can be judged by it`,
    expected: 'equal up to rounding',
    found: `a relative difference of ${short(error)} on ${sample} under ${group.describe(g)}`,
    advice: 'Values this large or this small may be out of the range of double precision: look at the units.',
  });
}
