import { describe, expect, it } from 'vitest';
import type { GroupSpec } from '../group/group.ts';
import type { Axis, FieldType, Representation } from '../signature.ts';
import { actionOf } from './action-of.ts';
import { parseIrreps } from './irreps.ts';

const axis = (name: string): Axis => ({ index: name });
const field = (representation: Representation, ...axes: Axis[]): FieldType => ({ representation, axes });
const vector = field({ kind: 'vector', dim: 3 }, axis('atom'));
const position = field({ kind: 'position', dim: 3 }, axis('atom'));
const image = field({ kind: 'image' }, axis('h'), axis('w'), { size: 3 });
const lorentz: GroupSpec = { kind: 'Lorentz', rapidity: 2 };
const product = (...factors: GroupSpec[]): GroupSpec => ({ kind: 'product', factors });

describe('reasons for no action', () => {
  it.each<[GroupSpec, FieldType, string]>([
    [
      lorentz,
      vector,
      'a vector has no action under the Lorentz group: declare it as fourvector, or as scalar if it does not change',
    ],
    [
      product(lorentz, { kind: 'S', index: 'atom' }),
      field({ kind: 'irreps', irreps: parseIrreps('1o') }, axis('atom')),
      'irreps have no action under the Lorentz group: declare them as fourvector, or as scalar if they do not change',
    ],
    [
      { kind: 'SE', dim: 3, scale: 1 },
      field({ kind: 'position', dim: 2 }, axis('atom')),
      'a position(2) has no action under SE(3): it lies in the plane and the group turns space; use a group of the plane, or declare it in three dimensions',
    ],
    [
      { kind: 'T', dim: 3, scale: 1 },
      field({ kind: 'position', dim: 2 }, axis('atom')),
      'a position(2) has no action under T(3): it lies in the plane and the group moves space; use T(2), SE(2) or E(2), or declare it in three dimensions',
    ],
    [
      { kind: 'SO', dim: 3 },
      image,
      'an image has no action under SO(3): the pixel grid lies in the plane; use SO(2), O(2), C(n) or D(n), or declare it as scalar if it does not change',
    ],
    [
      { kind: 'SE', dim: 2, scale: 1 },
      image,
      'an image has no action under SE(2): pixels are moved by shift(h) * shift(w)',
    ],
    [{ kind: 'Z2' }, image, 'an image has no action under Z2: half a turn of the pixel grid is written C(2)'],
    [
      lorentz,
      image,
      'an image has no action under the Lorentz group: declare it as scalar if it does not change',
    ],
    [
      { kind: 'C', n: 4 },
      field({ kind: 'image' }, axis('h')),
      'image[h] has no action under C(4): an image needs two axes, as in image[h, w, 3]',
    ],
    [
      { kind: 'O', dim: 3 },
      field({ kind: 'tensor', rank: 5, dim: 3 }),
      'a tensor(5) has no action under O(3): Noether acts on tensors up to rank 4',
    ],
    [
      { kind: 'O', dim: 3 },
      field({ kind: 'irreps', irreps: [{ multiplicity: 1, degree: 7, parity: 1 }] }),
      'irreps have no action under O(3): Noether acts on degrees up to 6',
    ],
    [
      product({ kind: 'E', dim: 3, scale: 1 }, { kind: 'Z2', index: 'atom' }),
      position,
      'E(3) and Z2(atom) do not commute on position[atom]: declare it as vector if it has no origin, or write one check for each of them',
    ],
    [
      product({ kind: 'S', index: 'w' }, { kind: 'C', n: 4 }),
      image,
      'C(4) and S(w) do not commute on image[h, w, 3]: both move its pixels; write one check for each of them',
    ],
    [
      product(lorentz, { kind: 'Z2', index: 'mode' }),
      field({ kind: 'fourvector' }, axis('mode')),
      'Lorentz(rapidity: 2) and Z2(mode) do not commute on fourvector[mode]: parity reverses boosts; write one check for each of them',
    ],
  ])('%j on %j', (spec, type, reason) => {
    expect(actionOf(spec, type)).toEqual({ acts: false, reason });
  });
});

describe('actions', () => {
  it.each<[GroupSpec, FieldType]>([
    [lorentz, field({ kind: 'fourvector' }, axis('particle'))],
    [lorentz, field({ kind: 'category', count: 3 })],
    [{ kind: 'T', dim: 3, scale: 1 }, field({ kind: 'vector', dim: 2 })],
    [{ kind: 'SO', dim: 2 }, vector],
    [{ kind: 'E', dim: 3, scale: 1 }, field({ kind: 'fourvector' })],
    [product({ kind: 'E', dim: 3, scale: 1 }, { kind: 'Z2', index: 'mode' }), position],
    [product({ kind: 'O', dim: 3 }, { kind: 'Z2', index: 'atom' }), vector],
    [{ kind: 'S', index: 'residue' }, vector],
    [{ kind: 'SO', dim: 3 }, field({ kind: 'label' }, axis('h'), axis('w'))],
    [{ kind: 'shift', index: 'h' }, image],
    [{ kind: 'D', n: 2 }, image],
    [{ kind: 'D', n: 4 }, field({ kind: 'image' }, { size: 8 }, { size: 8 }, axis('channel'))],
    [
      product({ kind: 'C', n: 2 }, { kind: 'S', index: 'channel' }),
      field({ kind: 'image' }, axis('h'), axis('w'), axis('channel')),
    ],
  ])('%j on %j', (spec, type) => {
    expect(actionOf(spec, type)).toEqual({ acts: true });
  });

  it.each<[GroupSpec, FieldType, string]>([
    [{ kind: 'SO', dim: 2 }, image, 'SO(2) turns the pixel grid by bilinear resampling, which is not exact'],
    [{ kind: 'C', n: 8 }, image, 'C(8) turns the pixel grid by bilinear resampling, which is not exact'],
    [{ kind: 'C', n: 4 }, image, 'C(4) is exact on square images only; others are resampled bilinearly'],
    [
      { kind: 'D', n: 4 },
      field({ kind: 'image' }, { size: 8 }, { size: 6 }),
      'D(4) turns a grid that is not square by bilinear resampling, which is not exact',
    ],
  ])('%j on %j is not exact', (spec, type, inexact) => {
    expect(actionOf(spec, type)).toEqual({ acts: true, inexact });
  });
});
