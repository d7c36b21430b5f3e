/** Which options a block has, and what its names mean: one place for completion, hovers and quick fixes. */
import {
  type AmbientDescription,
  type FamilyDescription,
  type GroupDescription,
  wrapperDescriptions,
} from '@noether/engine/catalog';
import {
  benchmarkOptions,
  checkOptions,
  claimOptions,
  compareOptions,
  dataOptions,
  discoverOptions,
  optionsOf as familyOptionsOf,
  type LanguageOption,
  modelSources,
  trainOptions,
} from '../language/index.ts';
import type { ItemKind } from './cursor.ts';

/** An array in a data file, as its header says. */
export interface ArrayFacts {
  readonly name: string;
  readonly dtype: string;
  /** `null` where only reading the whole file would tell. */
  readonly shape: readonly (number | null)[];
}

/** `float32 [12, 128, 3]`. */
export function arrayText({ dtype, shape }: ArrayFacts): string {
  return `${dtype} [${shape.map((size) => size ?? '?').join(', ')}]`;
}

/** The graph of a model file. */
export interface GraphFacts {
  readonly inputs: readonly PortFacts[];
  readonly outputs: readonly PortFacts[];
  readonly parameterCount?: number;
}

export interface PortFacts {
  readonly name: string;
  /** `float32 [batch, atom, 3]`. */
  readonly text: string;
  /** A size, a symbolic name, or `undefined` where the graph leaves the size open; all is open without. */
  readonly dims?: readonly (number | string | undefined)[];
}

/** What the editor knows of the engine and of files, without running anything. */
export interface Vocabulary {
  readonly families: readonly FamilyDescription[];
  readonly groups: readonly GroupDescription[];
  /** What a discovery can look inside: these and larger ones. */
  readonly ambient: readonly AmbientDescription[];
  /** Arrays of a data file; `undefined` when it cannot be read. */
  arrays(file: string): Promise<readonly ArrayFacts[] | undefined>;
  graph(file: string): Promise<GraphFacts | undefined>;
}

function sourceOptions(source: string | undefined): readonly LanguageOption[] {
  return (
    modelSources.find(({ name }) => name === source)?.options ??
    wrapperDescriptions.find(({ name }) => name === source)?.options ??
    []
  );
}

/** The options of a block; `family` names the family of a model, what it comes from, `python`, or its wrapper. */
export function optionsOf(
  kind: ItemKind,
  family: string | undefined,
  families: readonly FamilyDescription[],
): readonly LanguageOption[] {
  switch (kind) {
    case 'data':
      return dataOptions;
    case 'check':
      return checkOptions;
    case 'train':
      return trainOptions;
    case 'benchmark':
      return benchmarkOptions;
    case 'compare':
      return compareOptions;
    case 'discover':
      return discoverOptions;
    case 'claim':
      return claimOptions;
    case 'model': {
      const described = families.find(({ name }) => name === family);
      return described ? familyOptionsOf(described) : sourceOptions(family);
    }
    case 'use':
      return [];
  }
}

/** What each item is for, and how one begins it. */
export const itemDocs: Readonly<Record<ItemKind, { doc: string; snippet: string }>> = {
  use: {
    doc: 'Makes the models and data of another specification usable here.',
    snippet: 'use "$0"',
  },
  data: {
    doc: 'Names a data file and says what its arrays are: a representation, and index sets in brackets.',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: placeholders of an LSP snippet
    snippet: 'data ${1:name} from "${2:data/file.npz}" {\n  ${3:positions}: ${4:position}[${5:point}]\n}',
  },
  model: {
    doc: 'Names a model: a family that comes with Noether (`is`), or a file of yours (`from onnx`), or another model made equivariant (`= framed(net)`).',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: placeholders of an LSP snippet
    snippet: 'model ${1:name} is ${2:Rapidash} { $0 }',
  },
  check: {
    doc: 'Claims that a model is equivariant under a group on some data, and has the claim checked.',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: placeholders of an LSP snippet
    snippet: 'check ${1:model} on ${2:data} under ${3:SE(3)}',
  },
  train: {
    doc: 'Trains a model on data.',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: placeholders of an LSP snippet
    snippet: 'train ${1:model} on ${2:data} { loss: $0 }',
  },
  benchmark: {
    doc: 'Measures what models cost, side by side.',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: placeholders of an LSP snippet
    snippet: 'benchmark ${1:model} on ${2:data} { batch: ${3:16} }',
  },
  compare: {
    doc: 'Asks whether a model computes the same on several backends, in several precisions, and as another model does.',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: placeholders of an LSP snippet
    snippet: 'compare ${1:model} on ${2:data} { $0 }',
  },
  discover: {
    doc: 'Asks what symmetry a model really has: the largest part of a group under which it is equivariant.',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: placeholders of an LSP snippet
    snippet: 'discover ${1:model} on ${2:data} within ${3:affine(3)}',
  },
  claim: {
    doc: 'A sentence, and the comparison that makes it true.',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: placeholders of an LSP snippet
    snippet: 'claim "${1:sentence}" { ${2:accuracy}(${3:model}, ${4:data}) > $0 }',
  },
};
