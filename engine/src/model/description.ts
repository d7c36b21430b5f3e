/**
 * How a model family presents itself to the language, the hovers and the documentation: pure data, so that the
 * language server can read it without loading a tensor library.
 */
import type { Field, IndexSizes, Signature } from '../signature.ts';

/** The value of an option in a plan: plain JSON. A `call` is written `knn(16)`. */
export type OptionValue =
  | number
  | string
  | boolean
  | { readonly call: string; readonly arguments: readonly number[] }
  | readonly OptionValue[];

export type Options = Readonly<Record<string, OptionValue>>;

interface OptionBase {
  readonly name: string;
  /** One or two sentences of Markdown, shown in hover and completion. */
  readonly doc: string;
  /** Unit of the value, where it has one: "seconds", "the data's length unit". */
  readonly unit?: string;
  /** Says how a value breaks the declared symmetry, e.g. { coordinates: "breaks rotations and translations" }. */
  readonly breaks?: Readonly<Record<string, string>>;
}

/** An option with its documented default and range. */
export type OptionDescription =
  | (OptionBase & {
      readonly type: 'number' | 'integer';
      readonly default: number | undefined;
      readonly min?: number;
      readonly max?: number;
    })
  | (OptionBase & { readonly type: 'boolean'; readonly default: boolean })
  | (OptionBase & { readonly type: 'choice'; readonly choices: readonly string[]; readonly default: string })
  /** Several of `choices`, written `[a, b]` or a single name. */
  | (OptionBase & {
      readonly type: 'choices';
      readonly choices: readonly string[];
      readonly default: readonly string[];
    })
  /** Names of the data's fields, written `[charge, mass]` or a single name. */
  | (OptionBase & { readonly type: 'fields'; readonly default: readonly string[] })
  /** A list of integers, written `[1, 1, 1]` or a single one. */
  | (OptionBase & {
      readonly type: 'integers' | 'numbers';
      readonly default: readonly number[];
      readonly min?: number;
      readonly max?: number;
    })
  /** `full`, `knn(16)`, `radius(1.5)`: a call with number arguments, or a bare name. */
  | (OptionBase & {
      readonly type: 'call';
      readonly calls: readonly {
        readonly name: string;
        readonly parameters: readonly string[];
        readonly doc: string;
      }[];
      readonly default: string;
    })
  /** A path relative to the specification. */
  | (OptionBase & { readonly type: 'file'; readonly default: undefined });

/** A model family that Noether ships. */
export interface FamilyDescription {
  /** As the language writes it: `Rapidash`. */
  readonly name: string;
  /** A paragraph of Markdown. */
  readonly doc: string;
  readonly paper: {
    readonly title: string;
    readonly authors: string;
    readonly year: number;
    readonly link?: string;
  };
  readonly options: readonly OptionDescription[];
  /** It reads results in the middle of its computation, at once, which the webgpu backend cannot give. */
  readonly readsHalfway?: true;
  /**
   * The signature that these options and data fields give.
   * @throws Fault `model/…` when the data lacks a field that the family needs; the message names it.
   */
  signature(options: Options, fields: readonly Field[]): Signature;
  /** Number of trainable numbers, computed from shapes alone. Throws like `signature`. */
  parameterCount(options: Options, fields: readonly Field[]): number;
  /**
   * Multiplications and additions, each counted as one, of a forward pass on one sample with index sets of these sizes;
   * what is counted is said in the family's documentation. Undefined where it depends on more than sizes. Throws like `signature`.
   */
  flops?(options: Options, fields: readonly Field[], sizes: IndexSizes): number | undefined;
}
