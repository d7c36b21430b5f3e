/** A `model` -> a family with its options, a file with its declared inputs and outputs, or another model that is wrapped. */
import type {
  FamilyDescription,
  FieldType,
  Options,
  WrapperDescription,
  WrapSpec,
} from '@noether/engine/catalog';
import { listText } from './closest.ts';
import type { Entry, Model, Port } from './generated/ast.ts';
import type { Knowledge } from './knowledge.ts';
import { familyOptions, type LanguageOption, pythonOptions } from './option-descriptions.ts';
import { type ReadValue, readOptions, withDefaults } from './options.ts';
import { ignoreProblems, type Report } from './problem.ts';
import { readWrapped } from './read-wrapped.ts';
import { fieldTypeOf } from './types.ts';
import { unknownName } from './unknown-name.ts';

export interface ReadPort {
  readonly name: string;
  readonly type: FieldType;
  /** Input: the data field that feeds it. Output: the graph's own name for it. */
  readonly source?: string;
  readonly node: Port;
}

export interface FamilyReading {
  readonly kind: 'family';
  readonly node: Model;
  readonly family: FamilyDescription;
  /** All options of the family, defaults filled in. */
  readonly options: Options;
  /** Entries of the options that are given. */
  readonly entries: ReadonlyMap<string, Entry>;
  /** Path of trained weights as written, relative to the specification. */
  readonly weights?: string;
}

export interface FileReading {
  readonly kind: ModelSource;
  readonly node: Model;
  /** The path as written, relative to the specification; of Python: `package.module:callable`. */
  readonly path: string;
  /** Only what the text says. */
  readonly options: Readonly<Record<string, ReadValue>>;
  readonly inputs: readonly ReadPort[];
  readonly outputs: readonly ReadPort[];
}

/** A model of the file made equivariant: `averaged(net, C(4))`. */
export interface WrappedReading {
  readonly kind: 'wrapped';
  readonly node: Model;
  readonly wrapper: WrapperDescription;
  readonly spec: WrapSpec;
  readonly inner: ModelReading;
}

/** A model that is not made of another one. */
export type PlainReading = FamilyReading | FileReading;

export type ModelReading = PlainReading | WrappedReading;

/** What a model of the user's own can come from: `from onnx "…"`. */
export const modelSources = [
  { name: 'onnx', doc: 'A network in the ONNX format, run by ONNX Runtime.', options: [] },
  {
    name: 'tfjs',
    doc: 'A network of TensorFlow.js: the `model.json` of a graph model or a layers model, with its shards beside it.',
    options: [],
  },
  {
    name: 'python',
    doc: 'A callable in Python, `"package.module:build"`, run live in your own interpreter: PyTorch, JAX or numpy.',
    options: pythonOptions,
  },
] as const satisfies readonly { name: string; doc: string; options: readonly LanguageOption[] }[];

export type ModelSource = (typeof modelSources)[number]['name'];

/** All options of a family: its own and those that every family has. */
export function optionsOf(family: FamilyDescription): readonly LanguageOption[] {
  const own = new Set(family.options.map(({ name }) => name));
  return [...family.options, ...familyOptions.filter(({ name }) => !own.has(name))];
}

/** `undefined` when there is no such family or kind of file, or the parser could not make out which; problems `spec/…`. */
export function readModel(
  model: Model,
  knowledge: Knowledge,
  report: Report = ignoreProblems,
): ModelReading | undefined {
  if (model.family !== undefined) return readFamily(model, model.family, knowledge, report);
  if (model.wrapper !== undefined) return readWrapped(model, model.wrapper, knowledge, report, readModel);
  if (model.source === undefined) return undefined;
  const source = modelSources.find(({ name }) => name === model.source);
  if (!source) {
    report(
      unknownName({
        code: 'spec/unknown-source',
        kind: 'kind of model file',
        name: model.source,
        known: modelSources.map(({ name }) => name),
        node: model,
        property: 'source',
      }),
    );
    return undefined;
  }
  return readFile(model, source, report);
}

function readFamily(
  model: Model,
  name: string,
  knowledge: Knowledge,
  report: Report,
): FamilyReading | undefined {
  const family = knowledge.families.find((one) => one.name === name);
  if (!family) {
    report(
      unknownName({
        code: 'spec/unknown-family',
        kind: 'model family',
        name,
        known: knowledge.families.map((one) => one.name),
        node: model,
        property: 'family',
      }),
    );
    return undefined;
  }
  for (const port of model.ports) {
    report({
      code: 'spec/family-port',
      message: `${family.name} declares its ${port.direction}s itself`,
      advice: `Take this line out; ${family.name} reads the fields of the data that its options name.`,
      node: port,
    });
  }
  const descriptions = optionsOf(family);
  const { given, entries } = readOptions(model.entries, descriptions, family.name, report);
  const values = withDefaults(descriptions, given);
  // `weights` is the language's, so it leaves the family's own options unless the family has it too.
  const own = family.options.map((option) => option.name).filter((option) => values[option] !== undefined);
  return {
    kind: 'family',
    node: model,
    family,
    options: Object.fromEntries(own.map((option) => [option, values[option]])) as Options,
    entries,
    weights: given.weights as string | undefined,
  };
}

/** What a model from there is, for messages. */
export const foreignTitles: Readonly<Record<ModelSource, string>> = {
  onnx: 'an ONNX model',
  tfjs: 'a TensorFlow.js model',
  python: 'a Python model',
};

function readFile(model: Model, source: (typeof modelSources)[number], report: Report): FileReading {
  const { given } = readOptions(model.entries, source.options, foreignTitles[source.name], report);
  const inputs: ReadPort[] = [];
  const outputs: ReadPort[] = [];
  for (const port of model.ports) {
    const type = port.type && fieldTypeOf(port.type, report);
    const ports = port.direction === 'input' ? inputs : outputs;
    const earlier = ports.find(({ name }) => name === port.name);
    if (earlier) {
      report({
        code: 'spec/repeated-port',
        message: `the ${port.direction} \`${port.name}\` is declared twice`,
        node: port,
        property: 'name',
        related: [{ message: 'first declared here', node: earlier.node, property: 'name' }],
      });
    } else if (type) {
      ports.push({ name: port.name, type, source: port.field, node: port });
    }
  }
  const declared = new Set(model.ports.map(({ direction }) => direction as string));
  const missing = ['input', 'output'].filter((direction) => !declared.has(direction));
  if (missing.length > 0 && model.path !== undefined) {
    report({
      code: 'spec/no-ports',
      message: `\`${model.name}\` declares no ${listText(missing, 'and no')}`,
      expected: 'lines such as `input positions: position[atom]` and `output energy: scalar`',
      advice: 'A check needs to know how each input and output transforms; the file itself does not say.',
      node: model,
      property: 'name',
    });
  }
  return { kind: source.name, node: model, path: model.path ?? '', options: given, inputs, outputs };
}
