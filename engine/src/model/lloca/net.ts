/** The whole network on one batch of events: frames, features in them, backbone, outputs. */
import { rowsAt, sumOfRows } from '../../layer/rows.ts';
import { real } from '../../tensor/array.ts';
import type { Runtime, Tensor } from '../../tensor/runtime.ts';
import { type Backbone, runBackbone } from './backbone.ts';
import { inDouble, type Operand, type Precisions } from './double.ts';
import { logPairMasses } from './equivectors.ts';
import { type FramesNetConfig, framesNet, type Geometry } from './frames-net.ts';
import { kinematics, type Selection, selected } from './kinematics.ts';
import { eventMean, type Layout, layoutOf } from './layout.ts';
import { allPairs, type Neighbourhood, neighbourhoodOf } from './links.ts';
import { identityFrames, inFrame } from './lorentz.ts';
import type { Weights } from './mlp.ts';
import { pairFeatures, type UnorderedPairs, unorderedPairs } from './pair-features.ts';
import { type Embedded, embedded, embeddedRows, type PreparationConfig, prepared } from './preparation.ts';
import type { Probe } from './transformer.ts';

/** One group of the backbone's input channels. `momenta` are standardised local momenta, `raw_momenta` are not. */
export type InputPart = 'scalars' | 'momenta' | 'raw_momenta' | 'kinematics';

export interface NetConfig {
  /** A net that learns frames, or the lab's frame for all. */
  readonly frames: FramesNetConfig | 'identity';
  readonly preparation: PreparationConfig;
  /** Features of the lab frame that the Frames-Net sees besides the scalars. */
  readonly framesFeatures: Selection | 'none';
  /** What the backbone sees, in order. */
  readonly inputs: readonly InputPart[];
  readonly backbone: Backbone;
  /** Prepend a particle without features and in the lab's frame, to read the event's output from. */
  readonly token: boolean;
}

/** A batch of events, their particles one after the other. */
export interface Events {
  /** [M, 4] */
  readonly momenta: Operand;
  /** Invariants, [M, S]. */
  readonly scalars?: Tensor | undefined;
  readonly sizes: readonly number[];
}

export interface Result {
  /** What the backbone says of each particle, [M, out], in its frame; absent for backbones that pool by themselves. */
  readonly particles?: Tensor;
  /** The mean over particles, or what the class token says: [events, out]. */
  readonly events: Tensor;
  /** [M, 4, 4] */
  readonly frames: Tensor;
  /** 1 where vectors determined no frame, [rows with references, 4]: light-like, space-like, collinear, coplanar. */
  readonly flags: Tensor;
}

/**
 * @param weights by official names, those of the Frames-Net under `framesnet.` and those of the backbone under `net.`
 * @param probe sees `L`, `backbone_input`, `backbone_output`, `embedded_fourmomenta`, `embedded_scalars`, `frames_features`
 * @returns tensors of the caller's; call inside tf.tidy
 */
export function forward(
  precisions: Precisions,
  config: NetConfig,
  weights: Weights,
  events: Events,
  probe?: Probe,
): Result {
  const { runtime } = precisions;
  const { tf } = runtime;
  const rows = embeddedRows(events.sizes, config.preparation.references.length);
  const particles = layoutOf(events.sizes);
  const links = config.backbone.kind === 'graphnet' ? neighbourhoodOf(allPairs(events.sizes)) : undefined;
  const pairs = config.backbone.kind === 'particletransformer' ? unorderedPairs(particles) : undefined;
  const structure = { rows, particles, links, pairs };
  const geometry = readGeometry(precisions, config, weights, events, structure, probe);
  const groups = config.inputs.map((part) => (part === 'scalars' ? events.scalars! : geometry.parts[part]!));
  let x: Tensor = tf.concat(groups, 1);
  let frames = geometry.frames;
  let layout = particles;
  if (config.token) {
    layout = layoutOf(events.sizes.map((size) => size + 1));
    x = tf.concat([withToken(runtime, x, layout), tokenColumn(runtime, layout)], 1);
    frames = withToken(runtime, frames, layout, identityFrames(runtime, 1));
  }
  probe?.('L', frames);
  probe?.('backbone_input', x);
  const global = config.frames === 'identity' || config.frames.global;
  const output = runBackbone(
    runtime,
    config.backbone,
    weights,
    {
      x,
      frames,
      global,
      layout,
      links,
      attributes: geometry.attributes,
      kinematics: geometry.parts.kinematics,
      pairs: pairs && { ...pairs, features: geometry.pairFeatures! },
    },
    probe,
  );
  if (output.kind === 'events') {
    return { events: output.tensor, frames: geometry.frames, flags: geometry.flags };
  }
  probe?.('backbone_output', output.tensor);
  if (!config.token) {
    const mean = eventMean(runtime, output.tensor, layout);
    return { particles: output.tensor, events: mean, frames: geometry.frames, flags: geometry.flags };
  }
  const { tokens, others } = tokenRows(layout);
  return {
    particles: rowsAt(runtime, output.tensor, others),
    events: rowsAt(runtime, output.tensor, tokens),
    frames: geometry.frames,
    flags: geometry.flags,
  };
}

interface ReadGeometry {
  readonly frames: Tensor;
  readonly flags: Tensor;
  readonly parts: Partial<Record<InputPart, Tensor>>;
  /** Standardised log pair masses of local momenta, [E, 1], where the backbone has edges. */
  readonly attributes?: Tensor;
  /** What is known of each pair, [pairs, 4], where the backbone looks at pairs. */
  readonly pairFeatures?: Tensor;
}

interface Structure {
  readonly rows: Embedded;
  readonly particles: Layout;
  readonly links: Neighbourhood | undefined;
  readonly pairs: UnorderedPairs | undefined;
}

/** Everything that is computed in double precision, in the precision of the model. */
function readGeometry(
  precisions: Precisions,
  config: NetConfig,
  weights: Weights,
  { momenta, scalars, sizes }: Events,
  { rows, particles, links, pairs }: Structure,
  probe?: Probe,
): ReadGeometry {
  const { runtime } = precisions;
  const prepare = (double: Runtime, p: Tensor): Tensor => prepared(double, p, config.preparation, rows);
  const geometric = config.inputs.filter((part) => part !== 'scalars');
  if (config.backbone.kind === 'particlenet' && !geometric.includes('kinematics'))
    geometric.push('kinematics');
  const attributed = links !== undefined && 'edge_mean' in weights;
  const constants = ['mom_mean', 'mom_std', 'edge_mean', 'edge_std'].flatMap((name) => weights[name] ?? []);
  const named = (values: Tensor[]): Weights => {
    const names = ['mom_mean', 'mom_std', 'edge_mean', 'edge_std'].filter((name) => weights[name]);
    return Object.fromEntries(names.map((name, i) => [name, values[i]!]));
  };
  const read = (double: Runtime, { momenta: p, frames, flags }: Geometry, values: Tensor[]): Tensor[] => {
    const { tf } = double;
    const standard = named(values);
    const own = rowsAt(double, p, rows.particles);
    const matrices = rowsAt(double, frames, rows.particles);
    const local = inFrame(double, matrices, own);
    const standardised = (x: Tensor, name: string): Tensor =>
      tf.div(tf.sub(x, standard[`${name}_mean`]!), standard[`${name}_std`]!);
    const outputs = [
      matrices,
      tf.stack([flags.lightlike, flags.spacelike, flags.collinear, flags.coplanar], 1),
    ];
    for (const part of geometric) {
      if (part === 'raw_momenta') outputs.push(local);
      else if (part === 'momenta') outputs.push(standardised(local, 'mom'));
      else {
        const sums = sumOfRows(double, own, particles.events, sizes.length);
        const jets = inFrame(double, matrices, rowsAt(double, sums, particles.events));
        outputs.push(kinematics(double, local, jets));
      }
    }
    if (pairs) outputs.push(pairFeatures(double, local, pairs));
    if (attributed) outputs.push(standardised(logPairMasses(double, local, links), 'edge'));
    return outputs;
  };
  let outputs: Tensor[];
  if (config.frames === 'identity') {
    const operands = [momenta, ...constants.map((tensor) => ({ tensor }))];
    outputs = inDouble(precisions, operands, (double, [p, ...values]) => {
      const ready = prepare(double, p!);
      return read(double, labFrame(double, ready), values);
    });
  } else {
    const event = {
      momenta,
      prepare,
      scalars: framesScalars(precisions, config, momenta, prepare, scalars, rows, probe),
      pairs: neighbourhoodOf(allPairs(rows.sizes)),
      events: rows.events,
      sizes: rows.sizes,
    };
    outputs = framesNet(precisions, config.frames, weights, 'framesnet.', event, read, constants);
  }
  if (probe) {
    probe(
      'embedded_fourmomenta',
      inDouble(precisions, [momenta], (double, [p]) => [prepare(double, p!)])[0]!,
    );
    if (scalars) probe('embedded_scalars', embedded(runtime, scalars, rows));
  }
  return {
    frames: outputs[0]!,
    flags: outputs[1]!,
    parts: Object.fromEntries(geometric.map((part, i) => [part, outputs[i + 2]!])),
    ...(pairs ? { pairFeatures: outputs[geometric.length + 2]! } : {}),
    ...(attributed ? { attributes: outputs.at(-1)! } : {}),
  };
}

/** Frames of the lab itself. */
function labFrame(runtime: Runtime, momenta: Tensor): Geometry {
  const { tf } = runtime;
  const count = momenta.shape[0]!;
  const none = tf.zeros([count]);
  return {
    momenta,
    vectors: tf.zeros([count, 0, 4]),
    frames: identityFrames(runtime, count),
    gamma: tf.ones([count]),
    flags: { lightlike: none, spacelike: none, collinear: none, coplanar: none },
  };
}

/** The scalars of all rows, and the features of the lab frame that break its symmetry on purpose; 0 on references. */
function framesScalars(
  precisions: Precisions,
  { framesFeatures }: NetConfig,
  momenta: Operand,
  prepare: (runtime: Runtime, p: Tensor) => Tensor,
  scalars: Tensor | undefined,
  rows: Embedded,
  probe?: Probe,
): Tensor | undefined {
  const { runtime } = precisions;
  const given = scalars && embedded(runtime, scalars, rows);
  if (framesFeatures === 'none') return given;
  const [features] = inDouble(precisions, [momenta], (double, [p]) => {
    const ready = prepare(double, p!);
    const sums = sumOfRows(double, ready, rows.events, rows.sizes.length);
    const all = kinematics(double, ready, rowsAt(double, sums, rows.events));
    const column = new Float64Array(rows.events.length);
    for (const row of rows.particles) column[row] = 1;
    const chosen = selected(double, all, framesFeatures);
    return [double.tf.mul(chosen, double.tensor(real([column.length, 1], column)))];
  });
  probe?.('frames_features', features!);
  return given ? runtime.tf.concat([given, features!], 1) : features!;
}

/** Row of the token of each event, and rows of the particles. */
function tokenRows({ sizes, rows }: Layout): { tokens: Int32Array; others: Int32Array } {
  const tokens = new Int32Array(sizes.length);
  const others = new Int32Array(rows - sizes.length);
  let row = 0;
  let particle = 0;
  sizes.forEach((size, event) => {
    tokens[event] = row++;
    for (let i = 1; i < size; i++) others[particle++] = row++;
  });
  return { tokens, others };
}

/** A token before the particles of each event. @param x [M, ...rest] @param token [1, ...rest]; zeros by default */
function withToken(runtime: Runtime, x: Tensor, layout: Layout, token?: Tensor): Tensor {
  const { tf } = runtime;
  const source = new Int32Array(layout.rows).fill(x.shape[0]!);
  tokenRows(layout).others.forEach((row, particle) => {
    source[row] = particle;
  });
  return rowsAt(runtime, tf.concat([x, token ?? tf.zeros([1, ...x.shape.slice(1)])], 0), source);
}

/** 1 on tokens, 0 on particles: [rows, 1]. */
function tokenColumn(runtime: Runtime, layout: Layout): Tensor {
  const column = new Float64Array(layout.rows);
  for (const row of tokenRows(layout).tokens) column[row] = 1;
  return runtime.tensor(real([layout.rows, 1], column));
}
