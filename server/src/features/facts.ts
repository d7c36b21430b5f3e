/** Facts about a declaration that are known without running anything: for hints, lenses and hovers. */

import type { DataField } from '@noether/engine/catalog';
import { AstUtils, type LangiumDocuments } from 'langium';
import {
  type Data,
  type Item,
  innermost,
  isBenchmark,
  isCheck,
  isCompare,
  isDiscover,
  isTrain,
  type Knowledge,
  type Model,
  readData,
  readModel,
} from '../language/index.ts';
import { specificationOf } from '../language/uses.ts';
import { absolutePath } from './declarations.ts';
import { type DataShape, dataShape } from './shapes.ts';
import type { Vocabulary } from './vocabulary.ts';

export interface FactsContext {
  readonly vocabulary: Vocabulary;
  readonly knowledge: Knowledge;
  readonly documents: LangiumDocuments;
}

/** What the data file holds, and how many of its samples are used. */
export interface DataSummary extends DataShape {
  readonly used: number | undefined;
}

export async function dataSummary(
  data: Data,
  { vocabulary }: FactsContext,
): Promise<DataSummary | undefined> {
  const { fields, path, samples, skip } = readData(data);
  const document = AstUtils.getDocument(data);
  if (!path || document.uri.scheme !== 'file') return undefined;
  const arrays = await vocabulary.arrays(absolutePath(document, path));
  const shape = arrays && dataShape(fields, arrays);
  if (!shape) return undefined;
  const { available } = shape;
  return {
    ...shape,
    used: available === undefined ? undefined : Math.max(0, Math.min(samples, available - skip)),
  };
}

/**
 * Number of trainable numbers. A family's depends on the fields that it is fed with, so the first check, training or
 * benchmark of the model says which data that is; without one there is no number.
 */
export async function parameterCount(model: Model, context: FactsContext): Promise<number | undefined> {
  const outer = readModel(model, context.knowledge);
  const reading = outer && innermost(outer);
  if (reading?.kind === 'onnx') {
    const document = AstUtils.getDocument(reading.node);
    if (!reading.path || document.uri.scheme !== 'file') return undefined;
    return (await context.vocabulary.graph(absolutePath(document, reading.path)))?.parameterCount;
  }
  if (reading?.kind !== 'family') return undefined;
  for (const fields of fieldsFed(model, context)) {
    try {
      return reading.family.parameterCount(reading.options, fields);
    } catch {
      // These options or this data do not fit; validation says why.
    }
  }
  return undefined;
}

/** Fields of the data that the model is used with: in its own file first, then in files that use it from there. */
function fieldsFed(model: Model, { documents }: FactsContext): DataField[][] {
  const own = AstUtils.getDocument(model);
  const items = [own, ...documents.all.filter((document) => document !== own)].flatMap(
    (document) => specificationOf(document)?.items ?? [],
  );
  return items
    .filter((item) => modelsOf(item).includes(model))
    .flatMap((item) => {
      const data =
        isCheck(item) || isTrain(item) || isBenchmark(item) || isCompare(item) || isDiscover(item)
          ? item.data?.ref
          : undefined;
      return data ? [[...readData(data).fields]] : [];
    });
}

/** The models that an item runs. */
export function modelsOf(item: Item): Model[] {
  if (isCheck(item) || isTrain(item) || isDiscover(item)) return item.model?.ref ? [item.model.ref] : [];
  if (isCompare(item)) return [item.model?.ref, item.other?.ref].flatMap((model) => model ?? []);
  return isBenchmark(item) ? item.models.flatMap((model) => model.ref ?? []) : [];
}
