/** A network as its options and the data's fields make it. Pure data. */
import type { Field } from '../../signature.ts';
import type { NetConfig } from './net.ts';

export interface LLoCaSpecification {
  readonly net: NetConfig;
  /** The field of the momenta, and the index set of the particles. */
  readonly momenta: Field;
  readonly index: string;
  /** Fields that enter as numbers. */
  readonly scalars: readonly Field[];
  /** Numbers that they make for each particle. */
  readonly scalarInputs: number;
  /** Momenta are divided by it. */
  readonly momentumScale: number;
  readonly level: 'event' | 'particle';
  readonly scalarOutputs: number;
  readonly vectorOutputs: number;
  /** Geometry in float64, or in the precision of the network. */
  readonly precision: 'double' | 'network';
  readonly widths: Widths;
  /** "LLoCa transformer, polar frames". */
  readonly title: string;
}

/** Sizes of the layers that no other part of the specification determines. */
export interface Widths {
  readonly framesHidden: number;
  readonly framesLayers: number;
  readonly framesGain: number;
  /** Of a transformer block's MLP, relative to the block. */
  readonly widening: number;
  readonly attentionFactor: number;
  readonly messageLayers: number;
  readonly updateLayers: number;
  readonly pairMasses: boolean;
  /** Of the Particle Transformer's maps of pairs. */
  readonly pairChannels: number;
}
