/** Datasets from structures, one sample a frame; index sets may have another size in each. */
import { basename } from 'node:path';
import { Fault } from '../fault.ts';
import { isReal, type NdArray, type TextArray } from '../tensor/array.ts';
import { distinct, headerText, isText } from './array-file.ts';
import { bindValue, checkKind, codesOf, takesText } from './bind.ts';
import type { DataField, DataSpec, Dataset, Sample } from './dataset.ts';
import { frameValue } from './frame-names.ts';
import type { Frame, FrameFile } from './frames.ts';
import type { Budget } from './limits.ts';
import { checkWindow } from './samples.ts';
import { checkShape, sizeTable } from './shapes.ts';
import { missingArray } from './suggest.ts';

/** Loads the samples of a specification in one walk through the file. */
export function loadFrames(spec: DataSpec, file: FrameFile, budget: Budget): Dataset {
  const [padded] = Object.keys(spec.sizes);
  if (padded !== undefined) {
    throw new Fault({
      code: 'data/no-padding',
      message: `sizes is for padded arrays; frames of a file of structures have their own number of atoms each`,
      place: { file: spec.file },
      advice: `Remove sizes: { ${padded}: … }.`,
    });
  }
  // Codes of text go by the whole file, so where a field may need them every frame is parsed.
  const coded = spec.fields.filter(takesText);
  const texts = new Map<DataField, Set<string>>(coded.map((field) => [field, new Set()]));
  const used: Frame[] = [];
  let available = 0;
  for (; ; available++) {
    const wanted = available >= spec.skip && used.length < spec.samples;
    if (!wanted && !(coded.length > 0 && needsText(texts, used))) {
      if (!file.skip()) break;
      continue;
    }
    const frame = file.next();
    if (!frame) break;
    for (const field of coded) collect(texts.get(field)!, field, frame, spec.file);
    if (wanted) used.push(frame);
    else budget.release(frame.bytes);
  }
  checkWindow(spec, available);
  const codes = new Map(
    coded.map((field) => [field, codesOf(field, distinct(texts.get(field)!), placeOf(spec, field))]),
  );
  const samples = used.map((frame): Sample => {
    const id = `frame ${frame.index} of ${basename(spec.file)}`;
    const table = sizeTable(id);
    const values: Record<string, NdArray> = {};
    for (const field of spec.fields) {
      const value = required(field, frame, spec.file);
      const place = { ...placeOf(spec, field), line: frame.line };
      const described = headerText({ dtype: dtypeOf(value), shape: value.shape });
      checkKind(field, isText(value) ? 'text' : 'real', described, place);
      checkShape(field, value.shape, described, place);
      table.add(field, value.shape, place);
      values[field.name] = bindValue(field, value, codes.get(field), id, budget, place);
    }
    return { id, values, sizes: table.sizes };
  });
  return { fields: spec.fields, samples, available };
}

/** Before a used frame is seen it is open whether a coded field is text; after, only text needs the other frames. */
function needsText(texts: ReadonlyMap<DataField, ReadonlySet<string>>, used: readonly Frame[]): boolean {
  return used.length === 0 || [...texts.values()].some((set) => set.size > 0);
}

function collect(texts: Set<string>, field: DataField, frame: Frame, file: string): void {
  const value = frameValue(frame, field.source ?? field.name, file);
  if (value && isText(value)) for (const text of value.text) texts.add(text);
}

function required(field: DataField, frame: Frame, file: string): NdArray | TextArray {
  const name = field.source ?? field.name;
  const value = frameValue(frame, name, file);
  if (value) return value;
  const described = [...frame.values].map(([key, { shape, ...rest }]) => ({
    name: key,
    described: headerText({ dtype: 'text' in rest ? 'text' : dtypeOf({ shape, ...rest } as NdArray), shape }),
  }));
  throw missingArray(file, { field: field.name, name }, described, { line: frame.line });
}

function dtypeOf(value: NdArray | TextArray): string {
  return isText(value) ? 'text' : isReal(value) ? 'float64' : 'int32';
}

function placeOf(spec: DataSpec, field: DataField) {
  return { file: spec.file, member: field.source ?? field.name };
}
