/** `noether export MODEL`: a built-in model as files that other programs read. */
import { resolve } from 'node:path';
import { askExport, type ExportAnswer, weightsFolder } from '../jobs/index.ts';
import { closest } from '../language/index.ts';
import type { DataPlan, ModelPlan } from '../plan/plan.ts';
import { bytesText, counted, grouped, shortNumber } from '../report/words.ts';
import { exitCodes } from './exit-codes.ts';
import { commandLineFault, printFinding } from './faults.ts';
import { type LoadedSpecifications, loadSpecifications } from './specifications.ts';
import type { Terminal } from './terminal.ts';

export interface ExportFlags {
  readonly onnx?: string;
  readonly safetensors?: string;
  readonly in: string;
  readonly force?: boolean;
  readonly timeLimit: number;
  readonly maxDataSize: number;
  readonly verbose?: boolean;
}

/** Returns the exit code. @throws Fault `export/…`, and what loading the data and opening the model throw */
export async function exportCommand(name: string, flags: ExportFlags, terminal: Terminal): Promise<number> {
  const { onnx, safetensors } = flags;
  if (onnx === undefined && safetensors === undefined) throw nothingWanted();
  const loaded = await loadSpecifications([flags.in]);
  const found = findModel(name, loaded, flags.in);
  if (!found) {
    const errors = loaded.findings.filter(({ severity }) => severity === 'error');
    for (const finding of errors) printFinding(finding, terminal);
    throw unknownModel(name, loaded, flags.in);
  }
  const answer = await askExport(
    {
      model: found.model,
      data: found.data,
      settings: {
        backend: 'auto',
        maxDataBytes: flags.maxDataSize * 2 ** 20,
        weightsFolder: weightsFolder(),
      },
      ...(onnx === undefined ? {} : { onnx: resolve(onnx) }),
      ...(safetensors === undefined ? {} : { safetensors: resolve(safetensors) }),
      force: flags.force ?? false,
    },
    flags.timeLimit,
    flags.verbose ? (line) => terminal.err(`${line}\n`) : undefined,
  );
  terminal.out(textOf(name, answer, flags, found.data));
  return exitCodes.ok;
}

interface Found {
  readonly model: ModelPlan;
  readonly data: DataPlan;
}

/** The model as it is at the end of its file, trained if it is trained there, with the data that it is used on. */
function findModel(name: string, { checks, items }: LoadedSpecifications, place: string): Found | undefined {
  const uses: (Found & { readonly file: string; readonly trained: boolean })[] = [];
  for (const { plan, file } of items) {
    if (plan.kind !== 'train' || plan.model.name !== name || plan.model.kind !== 'family') continue;
    const { data, options, save, model } = plan;
    const before = model.trained;
    const trained = { data, options, ...(save ? { save } : {}), ...(before ? { before } : {}) };
    uses.push({ model: { ...model, trained }, data, file, trained: true });
  }
  for (const { plan, file } of checks) {
    if (plan.model.name === name) uses.push({ model: plan.model, data: plan.data, file, trained: false });
  }
  for (const { plan, file } of items) {
    if (plan.kind !== 'benchmark' && plan.kind !== 'compare') continue;
    const models = plan.kind === 'benchmark' ? plan.models : [plan.model, plan.other];
    const model = models.find((each) => each?.name === name);
    if (model) uses.push({ model, data: plan.data, file, trained: false });
  }
  // A specification that uses another one has its models too.
  const files = [...new Map(uses.map(({ model, file }) => [untrained(model), file])).values()];
  if (files.length > 1) {
    throw commandLineFault('export/ambiguous-model', {
      message: `${counted(files.length, 'specification')} have a model \`${name}\``,
      expected: 'one specification',
      found: files.join(', '),
      advice: `Name it: --in ${files[0]}, in place of ${place}.`,
    });
  }
  return uses.filter(({ trained }) => trained).at(-1) ?? uses[0];
}

function untrained(model: ModelPlan): string {
  return JSON.stringify({ ...model, trained: undefined });
}

function textOf(name: string, answer: ExportAnswer, flags: ExportFlags, data: DataPlan): string {
  const lines: string[] = [];
  const { onnx, safetensors } = answer;
  if (onnx) {
    lines.push(
      `Wrote ${flags.onnx}: ${answer.title}, ${grouped(onnx.operations)} operations, ${bytesText(onnx.bytes)}.`,
    );
    const fixed = Object.entries(onnx.sizes).map(([index, size]) => `${index} = ${size}`);
    if (onnx.open.length > 0) lines.push(`Any size: ${onnx.open.join(', ')}.`);
    if (fixed.length > 0) {
      lines.push(
        `Fixed size: ${fixed.join(', ')}${onnx.fixed ? ` (${onnx.fixed})` : ' (of the first sample)'}.`,
      );
    }
    lines.push(`Run in ${onnx.runtime} on ${counted(onnx.samples, 'sample')}, against the original:`);
    for (const { name: output, difference, floor, tolerance } of onnx.outputs) {
      const numbers = `difference ${shortNumber(difference)}, floor ${shortNumber(floor)}, tolerance ${shortNumber(tolerance)}`;
      lines.push(`  ${output}: agree; ${numbers}`);
    }
    lines.push('', 'To compare them again, in the specification:', '');
    lines.push(`model exported from onnx "${flags.onnx}" {`, ...onnx.ports.map((port) => `  ${port}`), '}');
    lines.push(`compare ${name} with exported on ${data.name}`, '');
  }
  if (safetensors) {
    const { tensors, numbers } = safetensors;
    lines.push(`Wrote ${flags.safetensors}: ${counted(tensors, 'tensor')}, ${counted(numbers, 'number')}.`);
    lines.push(`The model reads it with: weights: "${flags.safetensors}"`);
  }
  return `${lines.join('\n')}\n`;
}

function nothingWanted() {
  return commandLineFault('export/nothing-wanted', {
    message: 'Nothing says what to write',
    expected: '--onnx FILE, --safetensors FILE, or both',
    advice: 'noether export MODEL --onnx MODEL.onnx',
  });
}

function unknownModel(name: string, { checks, items, files }: LoadedSpecifications, place: string) {
  const names = [
    ...checks.map(({ plan }) => plan.model.name),
    ...items.flatMap(({ plan }) => ('model' in plan ? [plan.model.name] : [])),
  ];
  const known = [...new Set(names)];
  const near = closest(name, known);
  return commandLineFault('export/unknown-model', {
    message: `No check, training or comparison in ${place} uses a model \`${name}\`, so there is no data to make it for`,
    expected: known.join(', ') || 'a model that something in the specification uses',
    found: `${counted(files.length, 'specification')}`,
    advice: near ? `Did you mean ${near}?` : 'Name the specification with --in FILE.',
  });
}
