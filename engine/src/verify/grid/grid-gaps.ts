/** Gaps between the pixels: of analytic images, of what resampling does to them, and of the samples themselves. */
import { Fault } from '../../fault.ts';
import type { GroupElement } from '../../group/group.ts';
import { identityMatrix, type Matrix, multiply } from '../../group/matrix.ts';
import { turnMatrix } from '../../group/rotation.ts';
import type { Model } from '../../model/model.ts';
import { act, keepsGrid } from '../../representation/index.ts';
import type { Field, FieldType } from '../../signature.ts';
import { type NdArray, sizeOf, type Values } from '../../tensor/array.ts';
import type { Precision } from '../../tensor/runtime.ts';
import { rms } from '../discover/defects.ts';
import { distance, scaleOf } from '../gap.ts';
import { evaluatePairs, inputsOf, type Setting, transformedInputs } from '../pairs.ts';
import { partOf } from '../part-of.ts';
import { type AnalyticImage, interior, randomImage, render } from './analytic-image.ts';
import { cubicImage } from './cubic.ts';
import type { GridGap } from './grid-result.ts';

/** Analytic images, elements on each, and finer grids as multiples of the samples' own. */
export const images = 12;
export const mostElements = 8;
const refinements = [1, 1.5, 2];

/** Image outputs are compared within this radius. */
const inner = 0.7;

/** Draws until one is off the grid. */
const attempts = 64;

interface Scene {
  readonly number: number;
  /** The sample that other inputs come from. */
  readonly sample: number;
  readonly pictures: ReadonlyMap<string, AnalyticImage>;
  readonly elements: readonly GroupElement[];
}

/** The 2 x 2 matrix by which an element turns images. */
export function planeMatrix(element: GroupElement): Matrix {
  switch (element.kind) {
    case 'euclidean':
      return element.dim === 2 ? element.matrix : identityMatrix(2);
    case 'dihedral': {
      const turn = turnMatrix(element.turns, element.n);
      return element.mirrored ? [-turn[0]!, turn[1]!, -turn[2]!, turn[3]!] : turn;
    }
    case 'product':
      return element.factors.reduce<Matrix>(
        (m, factor) => multiply(m, planeMatrix(factor), 2),
        identityMatrix(2),
      );
    default:
      return identityMatrix(2);
  }
}

/** Elements that turn some image off its grid, for each scene; `undefined` when the group has none that is found. */
function offGrid(setting: Setting, scene: number, sample: number, count: number): GroupElement[] {
  const { group, random, dataset } = setting;
  const [rows, columns] = imageShape(setting, sample);
  const found: GroupElement[] = [];
  for (let i = 0; i < attempts && found.length < count; i++) {
    const element = group.sample(random.stream('grid', scene, i), dataset.samples[sample]!.sizes);
    if (!keepsGrid(planeMatrix(element), rows, columns)) found.push(element);
  }
  return found;
}

/** Rows and columns of the first image of a sample. */
export function imageShape({ bindings, dataset }: Setting, sample: number): [number, number] {
  const { field } = bindings.find(({ field: own }) => own.type.representation.kind === 'image')!;
  const [rows, columns] = dataset.samples[sample]!.values[field.name]!.shape as [number, number];
  return [rows, columns];
}

export interface GridMeasurement {
  readonly gaps: readonly GridGap[];
  /** Gaps of single pairs by output, for the largest and the median. */
  readonly pairs: ReadonlyMap<string, readonly number[]>;
  readonly scales: ReadonlyMap<string, number>;
  readonly elements: number;
}

/** Shifts by half a pixel, each with the whole one that it is the middle of. */
const shifts: readonly (readonly [number, number])[] = [
  [0.5, 0],
  [0, 0.5],
  [0.5, 0.5],
];

/** @param wanted elements on each image, at most */
export async function gridGaps(
  setting: Setting,
  precision: Precision,
  wanted: number,
): Promise<GridMeasurement> {
  const { dataset, model, random } = setting;
  const count = Math.min(mostElements, wanted);
  const scenes = Array.from({ length: images }, (_, i): Scene => {
    const sample = i % dataset.samples.length;
    return {
      number: i,
      sample,
      pictures: picturesFor(setting, sample, random.stream('grid', 'image', i)),
      elements: offGrid(setting, i, sample, count),
    };
  });
  const pairs = scenes.flatMap((scene) => scene.elements.map((element) => ({ scene, element })));
  const still = scenes.map((scene) => rendered(setting, scene, {}));
  const shifted = scenes.flatMap((scene) =>
    shifts.flatMap(([x, y]) => [
      rendered(setting, scene, { shift: [x, y] }),
      rendered(setting, scene, { shift: [2 * x, 2 * y] }),
    ]),
  );
  const turned = pairs.map(({ scene, element }) => rendered(setting, scene, { element }));
  // The same, but the picture is turned by resampling its pixels.
  const resampled = pairs.map(({ scene, element }) => movedValues(setting, still[scene.number]!, element));
  const onData = pairs.map(({ scene: { sample }, element }) => ({ sample, element }));
  const back = onData.map(({ sample, element }) =>
    movedValues(
      setting,
      movedValues(setting, inputsOf(setting, dataset.samples[sample]!), element),
      setting.group.inverse(element),
    ),
  );
  const run = (inputs: readonly Values[]) => model.evaluate(inputs, precision);
  const results = {
    still: await run(still),
    shifted: await run(shifted),
    turned: await run(turned),
    resampled: await run(resampled),
    back: await run(back),
    plain: await run(dataset.samples.map((sample) => inputsOf(setting, sample))),
    moved: await evaluatePairs(setting, onData, precision, (pair) => transformedInputs(setting, pair)),
  };
  const refined = await refinedGaps(setting, scenes, precision);
  const own = new Map<string, readonly number[]>();
  const scales = new Map<string, number>();
  const gaps = model.signature.outputs.flatMap((output): GridGap[] => {
    const { name, type } = output;
    const scale = scaleOf(output, results.still);
    const dataScale = scaleOf(output, results.plain);
    if (scale === 0 || dataScale === 0) return [];
    const compare = comparerOf(output);
    const at = (values: readonly Values[], i: number) => values[i]![name]!;
    const turnedGaps = pairs.map(
      ({ scene, element }, i) =>
        compare(at(results.turned, i), movedOutput(at(results.still, scene.number), type, element)) / scale,
    );
    const gap = rms(turnedGaps);
    const floor =
      rms(
        scenes.flatMap(({ number }) =>
          shifts.map(([x, y], k) => {
            const from = 2 * (number * shifts.length + k);
            return shiftGap(
              output,
              at(results.still, number),
              at(results.shifted, from),
              at(results.shifted, from + 1),
              [x, y],
            );
          }),
        ),
      ) / scale;
    own.set(name, turnedGaps);
    scales.set(name, scale);
    const sides = refined?.get(name);
    const onSamples = onData.map(({ sample, element }, i) => ({
      gap: compare(at(results.moved, i), act(element, at(results.plain, sample), type)),
      floor: compare(at(results.back, i), at(results.plain, sample)),
    }));
    return [
      {
        output: name,
        gap,
        floor,
        left: Math.sqrt(Math.max(0, gap ** 2 - floor ** 2)),
        resampling:
          rms(pairs.map((_, i) => compare(at(results.resampled, i), at(results.turned, i)))) / scale,
        dataGap: rms(onSamples.map((one) => one.gap)) / dataScale,
        dataFloor: rms(onSamples.map((one) => one.floor)) / dataScale,
        ...(sides ? { refined: sides, order: orderOf(sides) } : {}),
      },
    ];
  });
  const elements = Math.max(0, ...scenes.map((scene) => scene.elements.length));
  return { gaps, pairs: own, scales, elements };
}

/** An output under an element: images by cubic interpolation, whose error is small beside that of the action's. */
function movedOutput(value: NdArray, type: FieldType, element: GroupElement): NdArray {
  if (type.representation.kind !== 'image') return act(element, value, type);
  return act(partOf(element, 'axes'), cubicImage(value, planeMatrix(element)), type);
}

/**
 * How far an output is from following a shift by half a pixel, beyond what it does on whole ones. A number has to lie in the
 * middle: what changes smoothly with the shift, as at the edge of the image, cancels, and what the grid does stays.
 */
function shiftGap(
  output: Field,
  still: NdArray,
  half: NdArray,
  whole: NdArray,
  [x, y]: readonly [number, number],
): number {
  if (output.type.representation.kind !== 'image') {
    const middle = still.data.map((value, i) => (value + whole.data[i]!) / 2);
    return distance(half, { shape: half.shape, data: middle });
  }
  const compare = comparerOf(output);
  const identity = identityMatrix(2);
  const own = compare(half, cubicImage(still, identity, [x, y]));
  const edge = compare(whole, cubicImage(still, identity, [2 * x, 2 * y]));
  return Math.sqrt(Math.max(0, own ** 2 - edge ** 2));
}

/** An analytic picture for every image that the model reads, with heights as the sample has them. */
function picturesFor(
  { bindings, dataset }: Setting,
  sample: number,
  random: Setting['random'],
): Scene['pictures'] {
  return new Map(
    bindings.flatMap(({ field }) => {
      if (field.type.representation.kind !== 'image') return [];
      const { shape, data } = dataset.samples[sample]!.values[field.name]!;
      const height = rms(data) || 1;
      const own = random.stream(field.name);
      return [[field.name, randomImage(own, sizeOf(shape.slice(2)), Math.min(shape[0]!, shape[1]!), height)]];
    }),
  );
}

/** How a scene is rendered: after an element or a shift in pixels, on a grid so many times as fine. */
interface Rendering {
  readonly element?: GroupElement;
  readonly shift?: readonly [number, number];
  readonly finer?: number;
}

function rendered(
  { bindings, dataset }: Setting,
  scene: Scene,
  { element, shift, finer = 1 }: Rendering,
): Values {
  const { values } = dataset.samples[scene.sample]!;
  const alongAxes = element && partOf(element, 'axes');
  return Object.fromEntries(
    bindings.map(({ input, field }) => {
      const value = values[field.name]!;
      const picture = scene.pictures.get(field.name);
      if (!picture) return [input.name, element ? act(element, value, field.type) : value];
      const [rows, columns, ...rest] = value.shape as [number, number, ...number[]];
      const shape = [Math.round(finer * rows), Math.round(finer * columns), ...rest];
      const drawn = render(picture, shape, element ? planeMatrix(element) : identityMatrix(2), shift);
      return [input.name, alongAxes ? act(alongAxes, drawn, field.type) : drawn];
    }),
  );
}

/** Inputs, by their names, under an element. */
function movedValues({ bindings }: Setting, values: Values, element: GroupElement): Values {
  return Object.fromEntries(
    bindings.map(({ input, field }) => [input.name, act(element, values[input.name]!, field.type)]),
  );
}

/** Distances of outputs: of images their interior. */
function comparerOf({ type }: Field): (a: NdArray, b: NdArray) => number {
  if (type.representation.kind !== 'image') return distance;
  return (a, b) => distance(interior(a, inner), interior(b, inner));
}

/**
 * The gap on finer grids, where the images' axes have names and the model takes other sizes; `undefined` where not. No other
 * input may share their axes.
 */
async function refinedGaps(
  setting: Setting,
  scenes: readonly Scene[],
  precision: Precision,
): Promise<ReadonlyMap<string, { side: number; gap: number }[]> | undefined> {
  const { bindings, model } = setting;
  const pictured = bindings.filter(({ field }) => field.type.representation.kind === 'image');
  const names = new Set(pictured.flatMap(({ field }) => gridAxes(field.type)));
  if (names.size === 0 || pictured.some(({ field }) => gridAxes(field.type).length < 2)) return undefined;
  const shared = bindings.some(
    ({ field }) =>
      field.type.representation.kind !== 'image' &&
      field.type.axes.some((axis) => 'index' in axis && names.has(axis.index)),
  );
  if (shared) return undefined;
  const found = new Map<string, { side: number; gap: number }[]>();
  for (const finer of refinements) {
    const measured = await gapsAt(setting, model, scenes, precision, finer);
    if (!measured) return undefined;
    for (const [name, gap] of measured.gaps) {
      found.set(name, [...(found.get(name) ?? []), { side: measured.side, gap }]);
    }
  }
  return found;
}

/** Names of the rows and the columns, those that are index sets. */
function gridAxes({ axes }: FieldType): string[] {
  return axes.slice(0, 2).flatMap((axis) => ('index' in axis ? [axis.index] : []));
}

async function gapsAt(
  setting: Setting,
  model: Model,
  scenes: readonly Scene[],
  precision: Precision,
  finer: number,
): Promise<{ side: number; gaps: Map<string, number> } | undefined> {
  const pairs = scenes.flatMap((scene) => scene.elements.slice(0, 4).map((element) => ({ scene, element })));
  const inputs = [
    ...scenes.map((scene) => rendered(setting, scene, { finer })),
    ...pairs.map(({ scene, element }) => rendered(setting, scene, { element, finer })),
  ];
  let results: readonly Values[];
  try {
    results = await model.evaluate(inputs, precision);
  } catch (error) {
    // A model of one size says so; nothing else is expected to go wrong here.
    if (error instanceof Fault) return undefined;
    throw error;
  }
  const base = results.slice(0, scenes.length);
  const gaps = new Map<string, number>();
  for (const output of model.signature.outputs) {
    const { name, type } = output;
    const scale = scaleOf(output, base);
    if (scale === 0) continue;
    const compare = comparerOf(output);
    let sum = 0;
    pairs.forEach(({ scene, element }, i) => {
      const wanted = movedOutput(base[scene.number]![name]!, type, element);
      sum += (compare(results[scenes.length + i]![name]!, wanted) / scale) ** 2;
    });
    gaps.set(name, Math.sqrt(sum / Math.max(1, pairs.length)));
  }
  const [rows, columns] = imageShape(setting, scenes[0]!.sample);
  return { side: Math.round(finer * Math.min(rows, columns)), gaps };
}

/** Least-squares slope of log gap over log side, with its sign turned. */
function orderOf(sides: readonly { readonly side: number; readonly gap: number }[]): number {
  const points = sides.map(({ side, gap }) => [Math.log(side), Math.log(Math.max(gap, 1e-300))] as const);
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / points.length;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / points.length;
  const top = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  const bottom = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  return bottom > 0 ? -top / bottom : 0;
}
