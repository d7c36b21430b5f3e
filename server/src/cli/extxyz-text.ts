/** Made clouds as extended XYZ, which ASE, OVITO and Noether itself read. */
import type { CloudsAnswer, MadeCloud } from '../jobs/index.ts';

/** One frame a cloud: the symbol X, the position (z = 0 in the plane), and the fields of numbers that it was given. */
export function extxyzOf({ clouds, dim }: Pick<CloudsAnswer, 'clouds' | 'dim'>, model: string): string {
  return clouds.map((cloud) => frameOf(cloud, dim, model)).join('');
}

function frameOf({ positions, like, columns }: MadeCloud, dim: number, model: string): string {
  const count = positions.length / dim;
  const names = Object.keys(columns);
  const extra = names.map((name) => `:${name}:R:1`).join('');
  const lines = Array.from({ length: count }, (_, i) => {
    const xyz = [0, 1, 2].map((k) => (k < dim ? positions[i * dim + k]! : 0).toFixed(8));
    return ['X', ...xyz, ...names.map((name) => columns[name]![i]!)].join(' ');
  });
  const comment = `Properties=species:S:1:pos:R:3${extra} model="${model}" like="${like}"`;
  return `${count}\n${comment}\n${lines.join('\n')}\n`;
}
