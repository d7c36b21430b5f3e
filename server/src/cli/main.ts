/** The command line: its commands and options, and what becomes of errors. */
import { backendNames, Fault, findingOf } from '@noether/engine/catalog';
import { Command, CommanderError, Option } from 'commander';
import { version } from '../jobs/version.ts';
import { collect, interpreter, pair, positiveNumber, wholeNumber } from './argument-values.ts';
import type { CheckFlags, CommandContext } from './check-command.ts';
import { exitCodes } from './exit-codes.ts';
import type { ExportFlags } from './export-command.ts';
import { CommandLineFault, printFinding } from './faults.ts';
import type { GenerateFlags } from './generate-command.ts';
import type { InitFlags } from './init-command.ts';
import { listenForInterruption } from './interruption.ts';
import type { PredictFlags } from './predict-command.ts';
import type { RepairFlags } from './repair-command.ts';
import type { RunFlags } from './run-command.ts';
import { terminalOf } from './terminal.ts';

/** Runs the command line of `process` and ends it with an exit code; only `lsp` goes on. */
export async function main(process: NodeJS.Process): Promise<void> {
  // A reader that has seen enough (`| head`) is no error; the exit code still tells how the checks went.
  process.stdout.on('error', ignoreClosedPipe);
  process.stderr.on('error', ignoreClosedPipe);
  const terminal = terminalOf(process);
  let code: number | undefined;
  try {
    code = await run(process.argv, terminal);
  } catch (error) {
    code = error instanceof CommandLineFault ? exitCodes.wrong : exitCodes.notRun;
    printFinding(findingOf(error), terminal);
    // A stack is for whoever looks for a defect of ours, and asks for it.
    if (!(error instanceof Fault) && process.argv.includes('--verbose'))
      terminal.err(`${(error as Error).stack}\n`);
  }
  if (code === undefined) return;
  await flushed(process.stdout);
  await flushed(process.stderr);
  process.exit(code);
}

/** The exit code; `undefined` for a command that goes on. */
async function run(
  argv: readonly string[],
  terminal: CommandContext['terminal'],
): Promise<number | undefined> {
  let code: number | undefined = exitCodes.ok;
  const program = new Command('noether')
    .description('Verifies the symmetry of neural networks.')
    .version(version, '--version', 'print the version')
    .helpOption('--help', 'print what there is')
    .helpCommand(false)
    .showHelpAfterError('(see noether --help)')
    .exitOverride()
    .configureOutput({
      writeOut: terminal.out,
      writeErr: terminal.err,
      getOutHelpWidth: () => terminal.style.width,
      getErrHelpWidth: () => terminal.style.width,
      getOutHasColors: () => terminal.style.colour,
      getErrHasColors: () => terminal.errorStyle.colour,
    });

  addCheckOptions(program.command('check'))
    .description('run the checks of specifications')
    .argument('<files...>', 'specifications, or folders that stand for the specifications below them')
    .action(async (files: string[], flags: CheckFlags) => {
      const { checkCommand } = await import('./check-command.ts');
      code = await checkCommand(files, flags, { terminal, interruption: listenForInterruption(process) });
    });
  addCommonOptions(program.command('baseline'))
    .description('accept the present results of checks: later runs fail on worse ones only')
    .argument('<files...>', 'specifications, or folders that stand for the specifications below them')
    .action(async (files: string[], flags: CheckFlags) => {
      const { baselineCommand } = await import('./baseline-command.ts');
      code = await baselineCommand(files, flags, {
        terminal,
        interruption: listenForInterruption(process),
      });
    });
  for (const [name, what] of [
    ['run', 'do everything in specifications, in order: train, check, benchmark, compare, discover, claim'],
    ['train', 'run the trainings of specifications'],
    ['bench', 'run the benchmarks of specifications'],
    ['compare', 'run the comparisons of specifications: backends, precisions, exported files'],
    ['discover', 'run the discoveries of specifications: what symmetry a model really has'],
  ] as const) {
    addRunOptions(program.command(name))
      .description(what)
      .argument('<files...>', 'specifications, or folders that stand for the specifications below them')
      .action(async (files: string[], flags: RunFlags) => {
        const { runCommand } = await import('./run-command.ts');
        code = await runCommand(name, files, flags, {
          terminal,
          interruption: listenForInterruption(process),
        });
      });
  }
  addCommonOptions(program.command('repair'))
    .description('wrap a model so that its violated checks hold, and check the wrapped model')
    .argument('<model>', 'the model, by its name in the specification')
    .argument('[file]', 'the specification; without it, the one here that checks the model')
    .option('--write', 'put the wrapped model and its check into the specification')
    .option('--pick <name>', 'the proposal to take; without it, the first that holds')
    .option('--seed <n>', 'seed of all random numbers', wholeNumber(0, 2 ** 32 - 1))
    .option('--elements <n>', 'group elements drawn for each sample', wholeNumber(1, 1_000_000))
    .action(async (model: string, file: string | undefined, flags: RepairFlags) => {
      const { repairCommand } = await import('./repair-command.ts');
      code = await repairCommand(model, file, flags, {
        terminal,
        interruption: listenForInterruption(process),
      });
    });
  program
    .command('init')
    .description('write a starter specification for a model of your own')
    .argument(
      '<model>',
      'an ONNX file, the model.json of TensorFlow.js, or a Python callable: package.module:build',
    )
    .option('--output <file>', 'where it goes; a file that is there is never replaced')
    .option('--data <file>', 'the file with the samples: its arrays are matched with the inputs')
    .option('--checkpoint <file>', 'the file that a Python callable is given')
    .option('--python <python>', 'the interpreter of a Python model: a command or a path', interpreter)
    .option('--verbose', 'print what the model prints')
    .action(async (model: string, flags: InitFlags) => {
      const { initCommand } = await import('./init-command.ts');
      code = await initCommand(model, flags, terminal);
    });
  program
    .command('export')
    .description('write a built-in model as ONNX, and its weights as safetensors')
    .argument('<model>', 'its name in a specification')
    .option('--onnx <file>', 'the graph; it is run against the original before it is put there')
    .option('--safetensors <file>', 'the weights under the official names')
    .option('--in <file>', 'the specification, or a folder that stands for those below it', '.')
    .option('--force', 'replace files that are there')
    .option('--time-limit <seconds>', 'seconds that all of it may take', positiveNumber, 600)
    .option('--max-data-size <mb>', 'memory that the data set may take', wholeNumber(1), 1024)
    .option('--verbose', 'print what the worker process prints')
    .action(async (model: string, flags: ExportFlags) => {
      const { exportCommand } = await import('./export-command.ts');
      code = await exportCommand(model, flags, terminal);
    });
  program
    .command('predict')
    .description('predict the classes of a table with the EquiTabPFN that ships, and measure how well')
    .argument('<table>', 'a csv with a header; rows without a class are the ones to predict')
    .requiredOption('--target <column>', 'the column of the classes')
    .option('--folds <n>', 'folds of the cross-validation', wholeNumber(2, 100), 5)
    .option('--seeds <n>', 'each deals other folds', wholeNumber(1, 100), 3)
    .option('--rows <n>', 'most training rows in the context of a prediction', wholeNumber(2), 1000)
    .option('--compare', 'simple classifiers and a TabPFN-style network on the same folds')
    .option(
      '--predictions <file>',
      'write the rows without a class as csv; a file that is there is never replaced',
    )
    .option('--calibration <file>', 'write accuracy against confidence as svg; likewise')
    .option('--time-limit <seconds>', 'seconds that all of it may take', positiveNumber, 3600)
    .option('--verbose', 'print what the worker process prints')
    .action(async (table: string, flags: PredictFlags) => {
      const { predictCommand } = await import('./predict-command.ts');
      code = await predictCommand(table, flags, terminal);
    });
  program
    .command('generate')
    .description('make new clouds of points with a denoiser that a specification trains')
    .argument('<file>', 'the specification; train it first: noether train FILE')
    .requiredOption('--output <file.extxyz>', 'where they go; a file that is there is never replaced')
    .option('--model <name>', 'the model, where several are trained to denoise')
    .option(
      '--count <n>',
      'clouds; each takes its size and other fields from a sample',
      wholeNumber(1, 100_000),
      16,
    )
    .option('--steps <n>', 'noise levels that sampling goes through', wholeNumber(1, 10_000), 40)
    .option('--highest <s>', 'noise to start from, in units of data_scale', positiveNumber, 10)
    .option('--lowest <s>', 'last noise level before none, likewise', positiveNumber, 0.002)
    .option('--churn <s>', 'noise put back on the way, over all steps; 0: none', wholeNumber(0, 10_000), 10)
    .option('--seed <n>', 'of the noise', wholeNumber(0, 2 ** 32 - 1), 0)
    .option('--compare', 'beside clouds that the training held out')
    .addOption(
      new Option('--backend <name>', 'what runs the tensors')
        .choices(['auto', ...backendNames])
        .default('auto'),
    )
    .option('--time-limit <seconds>', 'seconds that all of it may take', positiveNumber, 3600)
    .option('--verbose', 'print what the worker process prints')
    .action(async (file: string, flags: GenerateFlags) => {
      const { generateCommand } = await import('./generate-command.ts');
      code = await generateCommand(file, flags, terminal);
    });
  program
    .command('describe')
    .description('show a model family with its options, or what a specification, model or data file holds')
    .argument('[name]', 'a family, a file, or a callable package.module:build; without it, all families')
    .option('--verbose', 'print what a Python model prints')
    .action(async (name: string | undefined, { verbose }: { verbose?: boolean }) => {
      const { describeCommand } = await import('./describe-command.ts');
      code = await describeCommand(name, terminal, verbose);
    });
  program
    .command('backends')
    .description('show what can run tensors here, and why the others cannot')
    .option('--verbose', 'print what the worker process prints')
    .action(async ({ verbose }: { verbose?: boolean }) => {
      const { backendsCommand } = await import('./backends-command.ts');
      code = await backendsCommand(terminal, verbose);
    });
  program
    .command('lsp')
    .description('start the language server, for editors')
    .requiredOption('--stdio', 'talk over standard input and output')
    // Read from the arguments by vscode-languageserver itself: the server ends with its editor.
    .option('--clientProcessId <pid>', 'the process of the editor')
    .action(async () => {
      const { startLanguageServer } = await import('../lsp.ts');
      startLanguageServer();
      code = undefined;
    });

  try {
    await program.parseAsync(argv);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Help and version are thrown with 0; what was wrong has been printed.
    code = error.exitCode === 0 ? exitCodes.ok : exitCodes.wrong;
  }
  return code;
}

function addCheckOptions(command: Command): Command {
  return addCommonOptions(command)
    .option('--seed <n>', 'seed of all random numbers', wholeNumber(0, 2 ** 32 - 1))
    .option('--elements <n>', 'group elements drawn for each sample', wholeNumber(1, 1_000_000))
    .option('--watch', 'run again whenever a specification, data or model file changes')
    .option('--replay <sample:draw>', 'draw one pair of one check again, as a report names it', pair);
}

function addRunOptions(command: Command): Command {
  return addCommonOptions(command).option(
    '--overwrite',
    'trainings may replace files with other content at the place that they save to',
  );
}

function addCommonOptions(command: Command): Command {
  const megabytes = wholeNumber(1);
  return command
    .option('--json <file>', 'write the report as JSON; - is standard output, in place of the table')
    .option(
      '--only <name>',
      'only the item of this name (or the items of this model); may be given several times',
      collect,
    )
    .addOption(
      new Option('--backend <name>', 'what runs the tensors')
        .choices(['auto', ...backendNames])
        .default('auto'),
    )
    .option('--no-cache', 'run everything, and keep no results')
    .option('--workers <n>', 'worker processes', wholeNumber(1, 256))
    .option('--time-limit <seconds>', 'time that one item may take', positiveNumber)
    .option('--memory-limit <mb>', 'memory that one worker may take (default: 4096)', megabytes)
    .option('--max-data-size <mb>', 'memory that one data set may take', megabytes, 1024)
    .option(
      '--python <python>',
      'interpreter of Python models that name none: a command or a path',
      interpreter,
    )
    .option('--verbose', 'print what workers and the cache have to say');
}

function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    // A stream whose reader has gone never calls back.
    if (!stream.writable) resolve();
    else stream.write('', () => resolve());
  });
}
