/** `noether describe FILE.equi`: what a specification says, with what the headers of its files add. Runs nothing. */
import { type DataField, type Finding, families, findingOf, typeText } from '@noether/engine/catalog';
import { inspectDataFile, inspectOnnx } from '@noether/engine/inspect';
import { NodeFileSystem } from 'langium/node';
import { builtInDefaults, createEquiServices } from '../language/index.ts';
import { buildPlan, type DataPlan, describePlans, innermostPlan, type ModelPlan } from '../plan/index.ts';
import { fitColumns, grouped, layOutTable, type Style, shownPath } from '../report/index.ts';
import { openDocuments } from './specifications.ts';

export interface SpecificationText {
  readonly text: string;
  readonly findings: readonly Finding[];
}

/** @param file absolute path of a specification that can be read. */
export async function describeSpecification(file: string, style: Style): Promise<SpecificationText> {
  const services = createEquiServices(NodeFileSystem);
  const [document] = await openDocuments([file], services);
  const { plan, findings } = buildPlan(document!, services.equi, builtInDefaults);
  const plans = describePlans(document!, services.equi);
  const found = [...findings];
  /** A number or a shape that a file does not give is a question mark, and a finding says why. */
  const attempt = async (read: () => Promise<string>): Promise<string> => {
    try {
      return await read();
    } catch (error) {
      found.push(findingOf(error));
      return '?';
    }
  };

  const data: string[][] = [];
  const models: string[][] = [];
  for (const { data: dataPlan, model } of plans) {
    if (model) {
      const parameters = await attempt(() => parameterText(model, dataPlan?.fields));
      models.push([model.name, kindText(model, style), parameters]);
    } else if (dataPlan) {
      const shapes = await attempt(() => shapeText(dataPlan));
      data.push([dataPlan.name, shownPath(dataPlan.file, style), shapes]);
    }
  }
  const checks = (plan?.checks ?? []).map(({ id, options, timeLimit }) => [
    id,
    options.expect,
    String(options.within),
    String(options.elements),
    String(options.seed),
    `${timeLimit} s`,
  ]);
  const sections = [
    section(['data', 'file', 'fields'], data, style),
    section(['model', 'is', 'parameters'], models, style),
    section(['check', 'expect', 'within', 'elements', 'seed', 'time limit'], checks, style),
  ];
  return { text: sections.filter(Boolean).join('\n'), findings: distinct(found) };
}

/** A family takes its sizes from the fields of its data; without a check there are none. */
async function parameterText(plan: ModelPlan, fields?: readonly DataField[]): Promise<string> {
  const model = innermostPlan(plan);
  if (model.kind === 'onnx') return grouped((await inspectOnnx(model.file)).parameterCount);
  if (model.kind !== 'family') return 'known when it runs';
  const family = families.find(({ name }) => name === model.family);
  return family && fields ? grouped(family.parameterCount(model.options, fields)) : 'depends on the data';
}

function kindText(model: ModelPlan, style: Style): string {
  if (model.kind === 'wrapped') return `${model.wrap.kind}(${model.model.name})`;
  if (model.kind === 'family') return model.family;
  return model.kind === 'python' ? model.target : shownPath(model.file, style);
}

/** `positions: position[point] float32 [40, 128, 3]`. */
async function shapeText({ file, fields }: DataPlan): Promise<string> {
  const arrays = await inspectDataFile(file);
  return fields
    .map(({ name, source, type }) => {
      const array = arrays.find((each) => each.name === (source ?? name));
      const shape = array ? ` ${array.dtype} [${array.shape.map((size) => size ?? '?').join(', ')}]` : '';
      return `${name}: ${typeText(type)}${shape}`;
    })
    .join('; ');
}

function section(titles: readonly string[], texts: readonly string[][], style: Style): string {
  if (texts.length === 0) return '';
  const columns = titles.map((title, i) => ({ title, least: i === 0 || i === 2 ? 14 : undefined }));
  const rows = texts.map((row) => row.map((text) => ({ text })));
  const widths = fitColumns(columns, rows, style.width) ?? titles.map((title) => Math.max(12, title.length));
  return `${layOutTable(columns, rows, widths).join('\n')}\n`;
}

/** A broken file is named by its data and by every model that is fed from it. */
function distinct(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((finding) => [JSON.stringify(finding), finding])).values()];
}
