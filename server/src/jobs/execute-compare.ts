/** Runs a comparison: every run in a process of its own, one after the other, and then the matrix. */
import {
  type AgreementRun,
  agreementOf,
  backendNames,
  type ComparedRun,
  Fault,
  type Finding,
  findingOf,
  type Precision,
  roundingBetween,
} from '@noether/engine';
import { innermostPlan, withInnermost } from '../plan/innermost.ts';
import type { ComparePlan, ModelPlan, RunSettings } from '../plan/plan.ts';
import type { CompareOutcome, DataFacts } from '../report/report.ts';
import { type Evaluated, evaluateInWorker } from './evaluate-in-worker.ts';
import type { ExecuteContext } from './execute.ts';
import { unpacked } from './execute-evaluation.ts';
import { placed } from './facts.ts';
import { memoryLimitVariable } from './guard.ts';
import { settingsFor } from './settings-for.ts';
import { surveyInWorker } from './survey.ts';
import { trainedWeights, trainingOf } from './trained-weights.ts';

interface Cell {
  readonly model: ModelPlan;
  /** A rung, an ONNX runtime, `python`, or `float64` for the twin. */
  readonly backend: string;
  readonly precision: Precision;
  /** In the matrix; else it only serves to measure rounding. */
  readonly shown: boolean;
  /** Not asked for by name: where it cannot be had, nobody misses it. */
  readonly optional: boolean;
}

type Ran = { readonly evaluated: Evaluated; readonly run: ComparedRun } | { readonly finding: Finding };

const onnxRuntimes = ['onnxruntime-web', 'onnxruntime-node'];
const log = (line: string) => void process.stderr.write(`${line}\n`);

/** A run that cannot be made is said in the matrix; only cancellation rejects. */
export async function executeCompare(
  given: ComparePlan,
  settings: RunSettings,
  context: ExecuteContext,
): Promise<CompareOutcome> {
  const started = performance.now();
  let data: DataFacts | undefined;
  try {
    const plan = await withWeights(given, settings);
    const cells = await cellsOf(plan);
    const ran = new Map<Cell, Ran>();
    for (const [i, cell] of cells.entries()) {
      context.onProgress(i, cells.length, `running ${cellText(cell)}`);
      const found = await runCell(cell, plan, settings, context);
      if ('finding' in found && cell.optional && found.finding.code === 'backend/onnx-runtime') continue;
      ran.set(cell, found);
      if ('evaluated' in found) data ??= found.evaluated.data;
    }
    const shown = [...ran].filter(([cell]) => cell.shown);
    const failures = [...ran.values()].flatMap((found) => ('finding' in found ? [found.finding] : []));
    if (shown.every(([, found]) => 'finding' in found)) {
      throw new Fault(failures[0] ?? nothingRan());
    }
    const models = plan.other ? [plan.model, plan.other] : [plan.model];
    const rounding = await Promise.all(
      models.map((model) => roundingOf(model, ran, plan, settings, context)),
    );
    const samples = [...ran.values()].flatMap((found) =>
      'evaluated' in found ? [found.evaluated.samples] : [],
    );
    const { verdict, entries } = agreementOf({
      runs: shown.map(([, found]) => ('run' in found ? found.run : undefined)),
      rounding: Object.fromEntries(models.map(({ name }, i) => [name, rounding[i]!.values])),
      samples: samples[0]!,
      within: plan.options.within,
    });
    return {
      status: 'done',
      agreement: {
        verdict,
        runs: shown.map(([cell, found]) => describe(cell, found)),
        entries,
        floors: models.map(({ name }, i) => ({ model: name, method: rounding[i]!.method })),
        samples: samples[0]!.length,
        seconds: (performance.now() - started) / 1000,
      },
      ...(data ? { data } : {}),
      findings: [],
    };
  } catch (error) {
    context.signal.throwIfAborted();
    const finding = placed(findingOf(error), given.model, given.data);
    return { status: 'failed', ...(data ? { data } : {}), findings: [finding] };
  }
}

/**
 * Trained models with their weights as a file. They are kept under the backend that they were trained on, which is not the one
 * of each run. @throws Fault `train/not-trained`
 */
async function withWeights(plan: ComparePlan, settings: RunSettings): Promise<ComparePlan> {
  const found = async (model: ModelPlan): Promise<ModelPlan> => {
    const inner = innermostPlan(model);
    const training = inner.kind === 'family' ? trainingOf(inner) : undefined;
    if (inner.kind !== 'family' || !training) return model;
    const { file } = await trainedWeights(inner, settingsFor(training, settings));
    const { trained: _, ...own } = inner;
    return withInnermost(model, () => ({ ...own, weights: file }));
  };
  const other = plan.other && (await found(plan.other));
  return { ...plan, model: await found(plan.model), ...(other ? { other } : {}) };
}

/** What is run: for each model its backends in float32 and its twin, and what the floor needs besides. */
async function cellsOf({ model, other, options }: ComparePlan): Promise<Cell[]> {
  const { backends, precisions } = options;
  const cells: Cell[] = [];
  for (const plan of other ? [model, other] : [model]) {
    const { kind } = innermostPlan(plan);
    const onTensors = kind === 'family' || kind === 'tfjs';
    const known: readonly string[] = onTensors ? backendNames : kind === 'onnx' ? onnxRuntimes : [];
    const asked = backends.filter((name) => known.includes(name));
    const auto = backends.length === 0 || asked.length === 0;
    const own = auto ? await present(plan) : asked;
    const single = precisions.includes('float32');
    const add = (backend: string, precision: Precision, shown: boolean) =>
      cells.push({ model: plan, backend, precision, shown, optional: auto });
    for (const backend of own) add(backend, 'float32', single);
    // Another float32 run to measure rounding on, of plain loops: what is asked about is no judge of itself.
    if (onTensors && !own.includes('cpu')) add('cpu', 'float32', false);
    if (onTensors || precisions.includes('float64'))
      add('float64', 'float64', precisions.includes('float64'));
  }
  return cells;
}

/** The backends that a model has here, where the specification names none. */
async function present(plan: ModelPlan): Promise<readonly string[]> {
  const { kind } = innermostPlan(plan);
  if (kind === 'onnx') return onnxRuntimes;
  if (kind === 'python') return ['python'];
  const survey = await surveyInWorker({ log });
  return survey.filter(({ available }) => available).map(({ name }) => name);
}

async function runCell(
  { model, backend, precision }: Cell,
  { data }: ComparePlan,
  settings: RunSettings,
  { signal }: ExecuteContext,
  // Where there are no plain loops to compare with, a run measures its own rounding.
  rounding = precision === 'float32' && ['onnx', 'python'].includes(innermostPlan(model).kind),
): Promise<Ran> {
  const isRung = (backendNames as readonly string[]).includes(backend);
  try {
    const evaluated = await evaluateInWorker(
      {
        model,
        data,
        settings: { ...settings, backend: isRung ? backend : 'cpu' },
        ...(onnxRuntimes.includes(backend) ? { onnxRuntime: backend } : {}),
        precision,
        rounding,
      },
      { signal, log, memoryLimit: memoryLimit() },
    );
    const values = evaluated.values.map((outputs) =>
      Object.fromEntries(Object.entries(outputs).map(([name, array]) => [name, unpacked(array)])),
    );
    const { outputs, repeat } = evaluated;
    return { evaluated, run: { model: model.name, precision, outputs, values, repeat } };
  } catch (error) {
    signal.throwIfAborted();
    return { finding: findingOf(error) };
  }
}

/** By the twin where several backends and the twin have run, else by what a float32 run shows of itself. */
async function roundingOf(
  model: ModelPlan,
  ran: ReadonlyMap<Cell, Ran>,
  plan: ComparePlan,
  settings: RunSettings,
  context: ExecuteContext,
) {
  const runs = [...ran].filter(([cell]) => cell.model === model);
  const find = (wanted: (cell: Cell) => boolean) => {
    const found = runs.find(([cell, one]) => wanted(cell) && 'run' in one)?.[1];
    return found && 'run' in found ? found : undefined;
  };
  const singles = runs.flatMap(([{ precision }, one]) =>
    precision === 'float32' && 'run' in one ? [one.run] : [],
  );
  const twin = find(({ precision }) => precision === 'float64');
  const onTensors = ['family', 'tfjs'].includes(innermostPlan(model).kind);
  if (onTensors && singles.length > 0 && twin) {
    return { method: 'float64 twin', values: roundingBetween(singles, twin.run) } as const;
  }
  const known = find(({ precision }) => precision === 'float32');
  if (known?.evaluated.rounding) {
    return { method: 'one-ulp perturbation', values: known.evaluated.rounding } as const;
  }
  const cell = runs.find(([{ precision }, one]) => precision === 'float32' && 'run' in one)?.[0];
  const again = cell && (await runCell(cell, plan, settings, context, true));
  const values = again && 'evaluated' in again ? (again.evaluated.rounding ?? {}) : {};
  return { method: 'one-ulp perturbation', values } as const;
}

function describe({ model, backend, precision }: Cell, found: Ran): AgreementRun {
  const own = { model: model.name, backend, precision };
  return 'finding' in found
    ? { ...own, reason: found.finding.message }
    : { ...own, description: found.evaluated.description };
}

function cellText({ model, backend, precision }: Cell): string {
  return backend === precision ? `${model.name} in ${precision}` : `${model.name} on ${backend}`;
}

/** The processes of the runs may take what this one may. MB. */
function memoryLimit(): number {
  return Number(process.env[memoryLimitVariable] ?? 4096 * 2 ** 20) / 2 ** 20;
}

function nothingRan(): ConstructorParameters<typeof Fault>[0] {
  return {
    code: 'compare/one-run',
    message: 'there is nothing to compare: no backend is here to run on',
    expected: 'at least one backend that loads',
    advice: 'See `noether backends`.',
  };
}
