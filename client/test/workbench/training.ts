/** A training that takes some seconds: what the panel's tests run and its picture shows. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const trainingFile = 'training.equi';

/** Writes it into a copy of the quick start's workspace. */
export function addTraining(workspace: string): void {
  writeFileSync(
    join(workspace, trainingFile),
    `// Normals of objects, predicted from their points.
data objects from "data/objects.npz" {
  positions: position[point]
  normals:   vector[point]
}

model normals_of is Rapidash {
  space: R3xS2  orientations: 4  hidden: 8  layers: 1
  level: point  scalar_outputs: 0  vector_outputs: 1
  graph: knn(4)  length_scale: 0.05
}

train normals_of on objects {
  loss: mse(normals)
  steps: 1500  batch: 2  rate: 0.01  every: 50
}

check normals_of on objects under T(3) * S(point)
`,
  );
}
