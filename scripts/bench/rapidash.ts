/** Rapidash as it is in the engine, on 8 clouds of 512 points: hidden 64, 8 orientations, 2 layers, 16 neighbours. */
import { initialWeights } from '../../engine/src/model/rapidash/initialise.ts';
import { specificationOf } from '../../engine/src/model/rapidash/specification.ts';
import { rapidashTrainable } from '../../engine/src/model/rapidash/trainable.ts';
import { real } from '../../engine/src/tensor/array.ts';
import { randomFromSeed } from '../../engine/src/tensor/random-stream.ts';
import type { Runtime, Tensor } from '../../engine/src/tensor/runtime.ts';
import type { Pass } from './rows.ts';
import { step } from './step.ts';

export function rapidash(training: boolean) {
  return (runtime: Runtime): Pass => {
    const specification = specificationOf(
      {
        space: 'R3xS2',
        orientations: 8,
        hidden: 64,
        layers: 2,
        degree: 3,
        graph: { call: 'knn', arguments: [16] },
      },
      [
        {
          name: 'positions',
          type: { representation: { kind: 'position', dim: 3 }, axes: [{ index: 'point' }] },
        },
      ],
    );
    const { config, grid } = specification;
    const random = randomFromSeed(5);
    const weights = initialWeights(config, random.stream('weights'), grid);
    const cloud = (index: number) => {
      const stream = random.stream('cloud', index);
      return {
        positions: real(
          [512, 3],
          Float64Array.from({ length: 1536 }, () => stream.normal()),
        ),
      };
    };
    const trainable = rapidashTrainable(specification, weights, runtime);
    const forward = trainable.prepare(Array.from({ length: 8 }, (_, index) => cloud(index)));
    const shapes = trainable.names.map((name) => weights[name]!.shape);
    const outputs = (own: readonly Tensor[]): Tensor => {
      const named = Object.fromEntries(trainable.names.map((name, i) => [name, own[i]!]));
      return Object.values(forward(named))[0]!;
    };
    return step(runtime, shapes, outputs, training);
  };
}
