/** What ends a discovery, as its user is told. */
import { Fault } from '../../fault.ts';
import { type AmbientSpec, ambientText } from '../../group/ambient.ts';

/** Samples, with those that are moved to make more of them. */
export const mostSamples = 4096;

export function zeroOutputs(): Fault {
  return new Fault({
    code: 'discover/zero-output',
    message: 'every output of the model is zero on these samples: any group leaves it alone',
    expected: 'an output that is not zero',
    advice: 'Look at the weights, or use other samples.',
  });
}

export function noAction(ambient: AmbientSpec, reason: string): Fault {
  return new Fault({
    code: 'group/no-action',
    message: reason,
    expected: 'a group that acts on every input',
    found: ambientText(ambient),
    advice: 'Change the group behind `within`, or the types of the inputs.',
  });
}

export function nothingMoves(ambient: AmbientSpec): Fault {
  return new Fault({
    code: 'discover/moves-nothing',
    message: `no element of ${ambientText(ambient)} changes anything in these samples`,
    expected: 'an input that the group moves',
    advice: 'Declare the inputs with the index sets and representations that the group acts on.',
  });
}

export function tooFew(wanted: number): Fault {
  return new Fault({
    code: 'discover/too-few-samples',
    message: `${wanted} samples would be needed: outputs have too few entries for so many unknowns`,
    expected: `at most ${mostSamples} samples`,
    found: String(wanted),
    advice: 'Look within a smaller group, or leave outputs unfitted (`outputs: invariant`).',
  });
}

export function noDerivative(): Fault {
  return new Fault({
    code: 'discover/no-derivative',
    message:
      'no output of the model is a real number, so continuous directions cannot be found by derivatives',
    expected: 'an output of real numbers',
    advice: 'Look within finite groups: S(index), shift(index), C(n), D(n).',
  });
}
