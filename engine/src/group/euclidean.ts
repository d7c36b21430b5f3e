/** The groups of rigid motions of the plane and of space: T, SO, O, SE, E. */
import type { Random } from '../tensor/random.ts';
import type { GroupElement } from './group.ts';
import { elementFault, elementOf, type Law } from './law.ts';
import { identityMatrix, type Matrix, multiply, multiplyVector, orthogonalise, transpose } from './matrix.ts';
import { axisRotation, goldenAngle, orthogonalText, planeRotation, randomRotation } from './rotation.ts';
import { vectorText } from './words.ts';

export interface EuclideanParts {
  readonly dim: 2 | 3;
  readonly rotations: boolean;
  readonly mirrors: boolean;
  /** Half the edge of the cube that translations are drawn from; undefined without translations. */
  readonly scale: number | undefined;
}

/** x -> R x + t with the parts that the group has. Haar on the orthogonal part, uniform in the cube on t. */
export function euclideanLaw({ dim, rotations, mirrors, scale }: EuclideanParts): Law {
  const zero = new Array<number>(dim).fill(0);
  const element = (matrix: Matrix, translation: readonly number[]): GroupElement => ({
    kind: 'euclidean',
    dim,
    matrix,
    translation,
  });
  const checked = (g: GroupElement) => {
    const e = elementOf(g, 'euclidean');
    if (e.dim !== dim) throw elementFault(`a motion in ${dim} dimensions`, `one in ${e.dim}`);
    return e;
  };
  return {
    compact: scale === undefined,
    order: () => undefined,
    identity: () => element(identityMatrix(dim), zero),
    sample(random: Random) {
      let matrix = rotations ? randomRotation(random, dim) : identityMatrix(dim);
      if (mirrors && random.uniform() < 0.5) matrix = multiply(matrix, mirrorMatrix(dim), dim);
      const translation = zero.map(() => (scale === undefined ? 0 : scale * (2 * random.uniform() - 1)));
      return element(matrix, translation);
    },
    generators() {
      const generators: GroupElement[] = [];
      if (rotations) for (const matrix of rotationGenerators(dim)) generators.push(element(matrix, zero));
      if (mirrors) generators.push(element(mirrorMatrix(dim), zero));
      if (scale !== undefined) {
        // Two steps whose ratio is irrational (the golden ratio) generate a dense set of translations along an axis.
        const steps = rotations ? [scale] : [scale, scale * ((Math.sqrt(5) - 1) / 2)];
        for (let axis = 0; axis < dim; axis++) {
          for (const step of steps) {
            generators.push(
              element(
                identityMatrix(dim),
                zero.map((_, i) => (i === axis ? step : 0)),
              ),
            );
          }
        }
      }
      return generators;
    },
    compose(first, second) {
      const g = checked(first);
      const h = checked(second);
      const moved = multiplyVector(g.matrix, h.translation);
      return element(
        orthogonalise(multiply(g.matrix, h.matrix, dim), dim),
        moved.map((x, i) => x + g.translation[i]!),
      );
    },
    inverse(g) {
      const { matrix, translation } = checked(g);
      const inverse = transpose(matrix, dim);
      return element(
        inverse,
        multiplyVector(inverse, translation).map((x) => 0 - x),
      );
    },
    describe(g) {
      const { matrix, translation } = checked(g);
      const moved = translation.some((x) => x !== 0) ? `moved by ${vectorText(translation)}` : '';
      return [orthogonalText(matrix), moved].filter(Boolean).join(', ') || 'identity';
    },
  };
}

/** The mirror that flips x in the plane; the inversion in space. Both have determinant -1. */
function mirrorMatrix(dim: 2 | 3): number[] {
  return dim === 2 ? [-1, 0, 0, 1] : [-1, 0, 0, 0, -1, 0, 0, 0, -1];
}

/** Rotations that generate a dense subgroup: golden angles about x and z in space. */
function rotationGenerators(dim: 2 | 3): number[][] {
  return dim === 2
    ? [planeRotation(goldenAngle)]
    : [axisRotation([1, 0, 0], goldenAngle), axisRotation([0, 0, 1], goldenAngle)];
}
