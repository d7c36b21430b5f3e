/**
 * Which checks run when: fast ones as one types, slow ones (they read the headers of files) on save. One function a
 * kind of node; what they say is in the files beside this one.
 */
import { targetOf } from '@noether/engine/catalog';
import type { ValidationAcceptor, ValidationChecks } from 'langium';
import { acceptProblem } from '../diagnostics.ts';
import type { Check, Data, EquiAstType, Model, Specification } from '../generated/ast.ts';
import type { EquiServices } from '../module.ts';
import { collectProblems, hasErrors, type Report } from '../problem.ts';
import { readCheck } from '../read-check.ts';
import { readData } from '../read-data.ts';
import { readModel } from '../read-model.ts';
import { unknownName } from '../unknown-name.ts';
import { checkBenchmark } from './benchmark.ts';
import { checkBreakingOptions } from './breaking-options.ts';
import { checkClaim } from './claim.ts';
import { checkCompare } from './compare.ts';
import { checkRepeatedNames, checkShadowedNames, checkUnusedNames } from './declarations.ts';
import { checkDiscover } from './discover.ts';
import { checkDataFile, checkOnnxFile } from './files.ts';
import { knowsLossField } from './loss.ts';
import { checkPythonModule } from './python-module.ts';
import { checkStatically, fieldsOf, indexSetsOf, reportingFaults, signatureOf } from './static-check.ts';
import { checkTrain } from './train.ts';
import { checkUses } from './uses.ts';

const reportTo =
  (accept: ValidationAcceptor): Report =>
  (problem) =>
    acceptProblem(accept, problem);

export function registerChecks(services: EquiServices): void {
  const { knowledge } = services;
  const { LangiumDocuments } = services.shared.workspace;
  const fast: ValidationChecks<EquiAstType> = {
    Specification: (specification: Specification, accept) => {
      const report = reportTo(accept);
      checkUses(specification, LangiumDocuments, report);
      checkRepeatedNames(specification, report);
      checkShadowedNames(specification, LangiumDocuments, report);
      checkUnusedNames(specification, services.references.References, report);
    },
    Data: (data: Data, accept) => {
      const report = reportTo(accept);
      checkSizes(data, report);
    },
    Model: (model: Model, accept) => {
      readModel(model, knowledge, reportTo(accept));
    },
    Check: (check: Check, accept) => checkCheck(check, services, reportTo(accept)),
    Train: (train, accept) => checkTrain(train, knowledge, reportTo(accept)),
    Benchmark: (benchmark, accept) => checkBenchmark(benchmark, reportTo(accept)),
    Compare: (compare, accept) => checkCompare(compare, reportTo(accept)),
    Discover: (discover, accept) => checkDiscover(discover, knowledge, reportTo(accept)),
    Claim: (claim, accept) => checkClaim(claim, reportTo(accept)),
  };
  const slow: ValidationChecks<EquiAstType> = {
    Data: async (data: Data, accept) => {
      if (services.inspection) await checkDataFile(readData(data), services.inspection, reportTo(accept));
    },
    Model: async (model: Model, accept) => {
      const reading = services.inspection && readModel(model, knowledge);
      if (reading?.kind === 'onnx') await checkOnnxFile(reading, services.inspection!, reportTo(accept));
      if (reading?.kind === 'python')
        await checkPythonModule(reading, services.inspection!, reportTo(accept));
    },
  };
  services.validation.ValidationRegistry.register(fast, undefined, 'fast');
  services.validation.ValidationRegistry.register(slow, undefined, 'slow');
}

/** A data block by itself, and the index sets that its `sizes` name. */
function checkSizes(data: Data, report: Report): void {
  const { fields, sizes, options } = readData(data, report);
  const known = indexSetsOf(fields);
  for (const index of Object.keys(sizes)) {
    if (known.includes(index)) continue;
    report(
      unknownName({
        code: 'spec/unknown-index',
        kind: 'index set',
        lead: `no field of \`${data.name}\` has an index set`,
        name: index,
        known,
        node: options.get('sizes')!,
      }),
    );
  }
}

/** A check by itself; then, when model and data make sense, how the three fit together. */
function checkCheck(check: Check, { knowledge }: EquiServices, report: Report): void {
  const reading = readCheck(check, undefined, report);
  const model = check.model?.ref;
  const data = check.data?.ref;
  if (!model || !data || !reading.group) return;
  // Problems inside the two blocks are told there; what depends on a broken block would only confuse.
  const inside = collectProblems();
  const modelReading = readModel(model, knowledge, inside.report);
  const dataReading = readData(data, inside.report);
  if (!modelReading || hasErrors(inside.problems)) return;
  const { group } = reading;
  checkStatically({ check, model: modelReading, data: dataReading, group }, report);
  const { loss } = reading.options;
  const entry = reading.entries.get('loss');
  if (loss && entry && knowsLossField(entry, loss, data.name, dataReading.fields, report)) {
    const signature = signatureOf({ check, model: modelReading, data: dataReading }, () => {});
    const fields = fieldsOf(dataReading.fields);
    if (signature) reportingFaults(() => targetOf(signature, { fields }, loss), { node: entry }, report);
  }
  checkBreakingOptions({ ...reading, group }, modelReading, report);
}
