/** Everything in docs/your-models.md: its files are written, its commands are run, in the order of the page. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stepsOf } from './testing/doc-steps.ts';
import { createWorkspace, noether, start, type Workspace } from './testing/run-noether.ts';

const page = readFileSync(fileURLToPath(new URL('../../../docs/your-models.md', import.meta.url)), 'utf8');
const fixtures = fileURLToPath(new URL('../../../test-fixtures', import.meta.url));

const steps = stepsOf(page);

/** The folder of an interpreter that has the package. */
function folderWith(name: string): string | undefined {
  for (const python of ['python3', '/usr/bin/python3']) {
    const code = `import sys, numpy, ${name}; print(sys.executable)`;
    const { status, stdout } = spawnSync(python, ['-c', code], { encoding: 'utf8' });
    if (status === 0) return dirname(stdout.trim());
  }
  return undefined;
}

const folders = new Map(['numpy', 'torch', 'e3nn'].map((name) => [name, folderWith(name)]));

const maceLike = `import torch


class MaceLike(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("atomic_numbers", torch.tensor([1, 6, 7, 8]))
        self.register_buffer("r_max", torch.tensor(5.0))
        self.radial = torch.nn.Sequential(torch.nn.Linear(9, 16), torch.nn.SiLU(), torch.nn.Linear(16, 1))

    def forward(self, data, training=False, compute_force=True):
        positions = data["positions"].requires_grad_(True)
        sender, receiver = data["edge_index"]
        vectors = positions[receiver] - positions[sender] + data["shifts"]
        length = (vectors**2).sum(-1, keepdim=True)
        pairs = torch.cat([data["node_attrs"][sender], data["node_attrs"][receiver], length], -1)
        energy = (self.radial(pairs) * torch.exp(-length)).sum()[None]
        (gradient,) = torch.autograd.grad(energy.sum(), positions)
        return {"energy": energy.detach(), "forces": -gradient}


if __name__ == "__main__":
    import mace_like

    torch.manual_seed(0)
    torch.save(mace_like.MaceLike(), "mace.model")
`;

describe.skipIf(!folders.get('numpy'))('docs/your-models.md', () => {
  let workspace: Workspace;
  beforeAll(() => {
    workspace = createWorkspace();
    // Stands in for the package, which the adapter imports.
    mkdirSync(join(workspace.folder, 'torch_geometric'));
    workspace.write('torch_geometric/__init__.py', '');
    workspace.write(
      'torch_geometric/data.py',
      'class Data:\n    def __init__(self, **fields):\n        self.__dict__.update(fields)\n',
    );
    // Stands in for MACE: its interface, and a small invariant energy.
    workspace.write('mace_like.py', maceLike);
    const torch = folders.get('torch');
    if (torch) {
      const made = spawnSync(join(torch, 'python3'), ['mace_like.py'], {
        cwd: workspace.folder,
        encoding: 'utf8',
      });
      expect(made.status, made.stderr).toBe(0);
    }
  });
  afterAll(() => workspace.remove());

  it('has files and commands', () => {
    expect(steps.filter(({ kind }) => kind === 'file').length).toBeGreaterThan(9);
    expect(steps.filter(({ kind }) => kind === 'command').length).toBeGreaterThan(9);
    // Every specification on it is checked.
    const files = steps.flatMap((step) =>
      step.kind === 'file' && step.name.endsWith('.equi') ? [step.name] : [],
    );
    const commands = steps.flatMap((step) => (step.kind === 'command' ? [step.command] : []));
    expect(files.filter((name) => !commands.includes(`noether check ${name}`))).toEqual([]);
  });

  for (const step of steps) {
    const title = step.kind === 'command' ? step.command : `${step.kind} ${step.name}`;
    it.skipIf(!folders.get(step.needs))(`${title} (${step.needs})`, async () => {
      if (step.kind === 'file') workspace.write(step.name, step.text);
      else if (step.kind === 'folder') {
        cpSync(join(fixtures, step.from), join(workspace.folder, step.name), { recursive: true });
      } else {
        const [program, ...args] = step.command.split(' ');
        const path = [folders.get(step.needs)!, process.env.PATH].join(delimiter);
        const env = { ...workspace.env, PATH: path };
        const command = program === 'noether' ? [...noether, ...args] : [program!, ...args];
        const { code, stdout, stderr } = await start({ ...workspace, env }, command).ended;
        expect(code, `${stdout}${stderr}`).toBe(0);
        if (args[0] === 'check') expect(stdout).toMatch(/(\d+) checks?: \1 as expected/);
      }
    });
  }
});
