/** A workspace of its own for each test: small copies of the quick-start's files, with checks that end soon. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { quickstart } from './client.ts';

/** Two models that need a second each: one invariant, one with its coordinates leaked into the features. */
export const smallSpecification = `use "models.equi"

// Four scans are enough here.
data objects from "data/objects.npz" {
  positions: position[point]
  normals: vector[point]
  samples: 2
}

check steady on objects under E(3) * S(point) { elements: 2 }
check leaky on objects under SE(3) { elements: 2 }
`;

export const smallModels = `/// Distances only.
model steady is Rapidash { space: R3  hidden: 8  layers: 1 }

/// Raw coordinates in its features.
model leaky is Rapidash { space: R3  hidden: 8  layers: 1  features: coordinates }

model potential from onnx "models/potential.onnx" {
  input  positions: position[point]
  output energy:    scalar
  output forces:    vector[point]
}
`;

export interface Workspace {
  readonly folder: string;
  readonly main: string;
  readonly models: string;
  readonly data: string;
  readonly cache: string;
  /** Writes a file of the workspace, and returns its path. */
  write(name: string, text: string): string;
  remove(): void;
}

export function createWorkspace(specification = smallSpecification, models = smallModels): Workspace {
  const root = mkdtempSync(join(tmpdir(), 'noether-protocol-'));
  const folder = join(root, 'workspace');
  mkdirSync(folder);
  cpSync(join(quickstart, 'data'), join(folder, 'data'), { recursive: true });
  cpSync(join(quickstart, 'models'), join(folder, 'models'), { recursive: true });
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  return {
    folder,
    main: write('main.equi', specification),
    models: write('models.equi', models),
    data: join(folder, 'data', 'objects.npz'),
    cache: join(root, 'cache'),
    write,
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
