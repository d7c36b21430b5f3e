/** Structural causal models: draws the settings of a random perceptron, its weights and its data. */
import type { Random } from '../../tensor/random.ts';
import { beta, logUniform, metaChoice, metaGamma, uniform } from './laws.ts';
import type { Activation, Affine, NetworkDraws, Readout } from './network.ts';

/** Of one table. */
export interface CausalSettings {
  /** Linear maps; at least 2. One more makes the target where the features are the causes. */
  readonly layers: number;
  /** Hidden units as drawn; a causal table needs at least 1 + 2 features. */
  readonly width: number;
  /** Number of causes of a causal table. */
  readonly causes: number;
  /** Chance that a weight is 0. */
  readonly dropout: number;
  readonly weightScale: number;
  readonly noise: number;
  readonly activation: Activation;
  /** Features and target are units of the network; otherwise the features are its inputs and the target its output. */
  readonly isCausal: boolean;
  /** The target is the last unit; otherwise a random one. */
  readonly targetIsEffect: boolean;
  /** Each unit has a noise of its own size. */
  readonly ownNoise: boolean;
  /** Weights stand in diagonal blocks. */
  readonly blocks: boolean;
  readonly sorted: boolean;
  /** Features and target lie beside each other among the units. */
  readonly inWindow: boolean;
}

/** Settings by the laws of the recipe, each from its own stream. */
export function drawSettings(random: Random): CausalSettings {
  const flag = (name: string): boolean => metaChoice(random.stream(name), [true, false]);
  const dropout = random.stream('dropout');
  return {
    layers: metaGamma(random.stream('layers'), 2, 3, 2),
    width: metaGamma(random.stream('width'), 4, 100, 3),
    causes: metaGamma(random.stream('causes'), 2, 7, 3),
    dropout: 0.6 * beta(dropout, uniform(dropout, 0.1, 5), uniform(dropout, 0.1, 5)),
    weightScale: logUniform(random.stream('weight scale'), 0.01, 12),
    noise: logUniform(random.stream('noise'), 1e-4, 0.5),
    activation: metaChoice<Activation>(random.stream('activation'), ['tanh', 'identity', 'relu']),
    isCausal: flag('is causal'),
    targetIsEffect: flag('target is effect'),
    ownNoise: flag('own noise'),
    blocks: flag('blocks'),
    sorted: flag('sorted'),
    inWindow: flag('in window'),
  };
}

/** All random numbers of one table. */
export function drawNetwork(
  random: Random,
  settings: CausalSettings,
  rows: number,
  features: number,
): NetworkDraws {
  const { isCausal, layers } = settings;
  const causes = isCausal ? settings.causes : features;
  const width = isCausal ? Math.max(settings.width, 1 + 2 * features) : settings.width;
  const shapes: [number, number][] = [
    [causes, width],
    ...Array.from({ length: layers - 1 }, (): [number, number] => [width, width]),
    ...(isCausal ? [] : [[width, 1] as [number, number]]),
  ];
  const maps = shapes.map(([inputs, outputs], i) =>
    drawMap(random.stream('map', i), settings, inputs, outputs, i === 0),
  );
  const [first, ...others] = maps;
  return {
    rows,
    activation: settings.activation,
    causes: drawCauses(random.stream('causes'), rows, causes),
    first: first!,
    stages: others.map((map, i) => ({
      map,
      noise: drawNoise(random.stream('noise', i), settings, rows, map.outputs),
    })),
    readout: isCausal
      ? drawReadout(random.stream('readout'), settings, width * others.length, features)
      : { kind: 'regression' },
    rotation: random.stream('rotation').integer(features),
  };
}

/** Each cause is normal with a mean m ~ N(0, 1) and a deviation |N(0, 1) m| that its table keeps. */
function drawCauses(random: Random, rows: number, count: number): Float64Array {
  const means = Array.from({ length: count }, () => random.normal());
  const deviations = means.map((mean) => Math.abs(random.normal() * mean));
  return Float64Array.from(
    { length: rows * count },
    (_, i) => means[i % count]! + deviations[i % count]! * random.normal(),
  );
}

function drawNoise(random: Random, settings: CausalSettings, rows: number, units: number): Float64Array {
  const { noise, ownNoise } = settings;
  const sizes = Array.from({ length: units }, () => (ownNoise ? Math.abs(noise * random.normal()) : noise));
  return Float64Array.from({ length: rows * units }, (_, i) => sizes[i % units]! * random.normal());
}

function drawMap(
  random: Random,
  settings: CausalSettings,
  inputs: number,
  outputs: number,
  isFirst: boolean,
): Affine {
  const weight = new Float64Array(inputs * outputs);
  if (settings.blocks) fillBlocks(random, weight, inputs, outputs, settings.weightScale);
  else {
    const dropout = isFirst ? 0 : Math.min(settings.dropout, 0.99);
    const deviation = settings.weightScale / (1 - Math.sqrt(dropout));
    for (let i = 0; i < weight.length; i++) {
      const value = deviation * random.normal();
      weight[i] = random.uniform() < 1 - dropout ? value : 0;
    }
  }
  // As PyTorch starts a Linear layer.
  const bound = 1 / Math.sqrt(inputs);
  return {
    inputs,
    outputs,
    weight,
    bias: Float64Array.from({ length: outputs }, () => uniform(random, -bound, bound)),
  };
}

/** 1 to ceil(sqrt(min(inputs, outputs))) blocks along the diagonal, scaled up for what stays zero. */
function fillBlocks(
  random: Random,
  weight: Float64Array,
  inputs: number,
  outputs: number,
  scale: number,
): void {
  const count = 1 + random.integer(Math.ceil(Math.sqrt(Math.min(inputs, outputs))));
  const high = Math.floor(outputs / count);
  const wide = Math.floor(inputs / count);
  const deviation = scale / Math.sqrt((count * high * wide) / weight.length);
  for (let block = 0; block < count; block++) {
    for (let row = block * high; row < (block + 1) * high; row++) {
      for (let column = block * wide; column < (block + 1) * wide; column++) {
        weight[row * inputs + column] = deviation * random.normal();
      }
    }
  }
}

function drawReadout(random: Random, settings: CausalSettings, units: number, features: number): Readout {
  // The window may take the last unit as a feature, the free choice spares it for the target.
  const chosen = settings.inWindow
    ? shifted(random.permutation(1 + features), random.integer(units - features))
    : random.permutation(units - 1);
  const numbers = chosen.slice(1, 1 + features);
  return {
    kind: 'causal',
    features: settings.sorted ? numbers.sort((a, b) => a - b) : numbers,
    target: settings.targetIsEffect ? units - 1 : chosen[0]!,
  };
}

function shifted(numbers: readonly number[], by: number): number[] {
  return numbers.map((number) => number + by);
}
