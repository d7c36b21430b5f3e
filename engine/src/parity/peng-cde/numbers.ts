/** Simulators and parameter counts: no network, numbers on the host. */
import {
  gene,
  heat,
  type Mutualism,
  mutualistic,
  type System,
  sir,
} from '../../model/peng-cde/simulators/systems.ts';
import { trajectory } from '../../model/peng-cde/simulators/trajectory.ts';
import { fieldSpecs, type Shapes, weightSpecs } from '../../model/peng-cde/weights.ts';
import { weightCount } from '../../model/weights.ts';
import { integer, real } from '../../tensor/array.ts';
import type { ParityCase } from '../case.ts';
import { arrayOf, type Runner } from '../runner.ts';
import { fieldConfig, numbersOf, officialMesh, system } from './shared.ts';

function systemsOf({ hyper }: ParityCase): Record<string, System> {
  const constants = hyper.mutualistic as Mutualism | undefined;
  return {
    heat: heat({ k: (hyper.heat_k as number | undefined) ?? 1 }),
    gene: gene({ b: (hyper.gene_b as number | undefined) ?? 1, version: 'official' }),
    mutualistic: mutualistic(constants, 'official'),
    sir: sir({ beta: hyper.sir_beta as number, gamma: hyper.sir_gamma as number }),
  };
}

export const simulatorRunner: Runner = {
  system,
  handles: ({ module }) => module.startsWith('simulator '),
  compute(runtime, parityCase) {
    const { inputs, outputs: stored } = parityCase;
    const matrix = Float64Array.from(arrayOf(inputs, 'A').data);
    const systems = systemsOf(parityCase);
    const outputs = [...stored].map(([name, { shape }]) => {
      const right = systems[name]!;
      const x = Float64Array.from(arrayOf(inputs, name === 'sir' ? 'sir' : 'x').data);
      if (!inputs.has('ts')) return [name, runtime.tensor(real(shape, right(matrix, x)))];
      const times = numbersOf(parityCase, 'ts');
      const mesh = officialMesh(times, parityCase.hyper.dt0 as number);
      const states = trajectory((_t, state) => right(matrix, state), x, mesh, times);
      return [
        name,
        runtime.tensor(
          real(
            shape,
            states.flatMap((state) => [...state]),
          ),
        ),
      ];
    });
    return { outputs: Object.fromEntries(outputs), intermediates: {} };
  },
};

interface CountRow {
  readonly vector_field: string;
  readonly n: number;
  readonly hidden_dim: number;
  readonly num_layers: number;
  readonly data_dim?: number;
  readonly feature_dim?: number;
}

export const countRunner: Runner = {
  system,
  handles: ({ module }) => module.startsWith('parameter counts'),
  compute(runtime, { hyper }) {
    const rows = (hyper.rows as CountRow[]).flatMap((row, i) => {
      const features = row.data_dim ?? 0;
      const field = {
        ...fieldConfig({ ...row }),
        outputs: features > 0 ? row.hidden_dim * features * 2 : row.hidden_dim,
      };
      const coding: Omit<Shapes, 'field'> =
        features > 0
          ? {
              coder: 'mlp',
              coderWidth: 16,
              coderDepth: 2,
              inputs: features,
              outputs: row.feature_dim!,
              nodes: row.n,
            }
          : { coder: 'linear', coderWidth: 0, coderDepth: 0, inputs: 1, outputs: 1, nodes: row.n };
      const whole = weightCount(weightSpecs({ field, ...coding }));
      return [
        [`${i}.field_parameters`, weightCount(fieldSpecs(field, row.n))],
        [`${i}.whole_GraphNeuralCDE`, whole],
        [`${i}.total`, whole],
      ] as [string, number][];
    });
    const outputs = rows.map(([name, count]) => [name, runtime.tensor(integer([], [count]))]);
    return { outputs: Object.fromEntries(outputs), intermediates: {} };
  },
};
