/**
 * The proper orthochronous Lorentz group on (E, px, py, pz), metric (+,-,-,-). Every element is a boost after a
 * rotation, L = B(u) R with u the spatial part of the four-velocity. The composition is rebuilt from u and R, so long
 * chains stay in the group.
 */
import type { GroupElement } from './group.ts';
import { elementOf, type Law } from './law.ts';
import { identityMatrix, type Matrix, multiply, multiplyVector, orthogonalise, transpose } from './matrix.ts';
import { axisRotation, goldenAngle, orthogonalText, randomDirection, randomRotation } from './rotation.ts';
import { numberText, vectorText } from './words.ts';

/** Rotations are Haar; boosts have a uniform direction and a rapidity uniform in [0, maximum]. */
export function lorentzLaw(maximum: number): Law {
  return {
    compact: false,
    order: () => undefined,
    identity: () => ({ kind: 'lorentz', matrix: identityMatrix(4) }),
    sample(random) {
      const rotation = randomRotation(random, 3);
      const direction = randomDirection(random);
      return boostAfter(scaled(direction, Math.sinh(maximum * random.uniform())), rotation);
    },
    generators() {
      const still = [0, 0, 0];
      const axes = [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ];
      return [
        boostAfter(still, axisRotation(axes[0]!, goldenAngle)),
        boostAfter(still, axisRotation(axes[2]!, goldenAngle)),
        ...axes.map((axis) => boostAfter(scaled(axis, Math.sinh(maximum)), identityMatrix(3))),
      ];
    },
    compose(g, h) {
      const product = multiply(elementOf(g, 'lorentz').matrix, elementOf(h, 'lorentz').matrix, 4);
      const { velocity, rotation } = boostAndRotation(product);
      return boostAfter(velocity, rotation);
    },
    inverse(g) {
      // The metric gives the inverse without arithmetic: L^-1 = eta L^T eta.
      const inverse = transpose(elementOf(g, 'lorentz').matrix, 4);
      for (let i = 1; i < 4; i++) {
        inverse[i] = 0 - inverse[i]!;
        inverse[4 * i] = 0 - inverse[4 * i]!;
      }
      return { kind: 'lorentz', matrix: inverse };
    },
    describe(g) {
      const { velocity, rotation } = boostAndRotation(elementOf(g, 'lorentz').matrix);
      const speed = Math.hypot(...velocity);
      const boost =
        speed > 0
          ? `boost of rapidity ${numberText(Math.asinh(speed))} along ${vectorText(scaled(velocity, 1 / speed), 2)}`
          : '';
      return [orthogonalText(rotation), boost].filter(Boolean).join(', then ') || 'identity';
    },
  };
}

/** The boost by the spatial four-velocity u after the rotation R: [[gamma, w], [u, R + u w/(1 + gamma)]], w = u R. */
function boostAfter(u: readonly number[], rotation: Matrix): GroupElement {
  const gamma = Math.hypot(1, ...u);
  const w = multiplyVector(transpose(rotation, 3), u);
  const matrix = [gamma, ...w];
  for (let i = 0; i < 3; i++) {
    matrix.push(u[i]!);
    for (let j = 0; j < 3; j++) matrix.push(rotation[3 * i + j]! + (u[i]! * w[j]!) / (1 + gamma));
  }
  return { kind: 'lorentz', matrix };
}

/** The parts of L = B(u) R. Reads R off the matrix itself, which loses only one factor gamma of digits. */
function boostAndRotation(l: Matrix): { velocity: number[]; rotation: number[] } {
  const velocity = [l[4]!, l[8]!, l[12]!];
  const gamma = Math.hypot(1, ...velocity);
  const rotation: number[] = [];
  for (let i = 0; i < 3; i++) {
    for (let j = 0; j < 3; j++) {
      rotation.push(l[4 * (i + 1) + j + 1]! - (velocity[i]! * l[j + 1]!) / (1 + gamma));
    }
  }
  return { velocity, rotation: orthogonalise(rotation, 3) };
}

function scaled(vector: readonly number[], factor: number): number[] {
  return vector.map((x) => x * factor);
}
