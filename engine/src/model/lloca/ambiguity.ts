/** Which particles of an event have vectors that determine no frame, in words. */
import type { NdArray } from '../../tensor/array.ts';
import type { Ambiguity } from '../ambiguity.ts';

/** The columns of the flags. */
const kinds = ['light-like', 'space-like', 'collinear', 'coplanar'] as const;

/** Particles that are named. */
const named = 4;

/**
 * @param flags [references and particles, 4], 1 where vectors determine no frame
 * @param references rows in front, whose own frames nothing uses
 */
export function ambiguitiesOf({ shape, data }: NdArray, references: number): Ambiguity[] {
  const rows = shape[0]! - references;
  return kinds.flatMap((kind, column): Ambiguity[] => {
    const particles = Array.from({ length: rows }, (_, i) => i).filter(
      (i) => data[(references + i) * 4 + column] === 1,
    );
    if (particles.length === 0) return [];
    const shown = particles.slice(0, named).join(', ');
    const rest = particles.length > named ? ` and ${particles.length - named} more` : '';
    const which =
      particles.length === rows
        ? 'every particle'
        : `particle${particles.length === 1 ? '' : 's'} ${shown}${rest}`;
    return [
      {
        code: 'model/frame-degenerate',
        severity: 'warning',
        lead: 'no Lorentz frame is determined by',
        remark: `${kind} vectors at ${which}`,
        expected: 'particles that single out a frame: four or more, not light-like and not along a line',
        advice:
          'Such particles have a fixed frame, and the event no symmetry. Reference vectors (`references`) make frames of small events possible; they break the symmetry that they point out of.',
      },
    ];
  });
}
