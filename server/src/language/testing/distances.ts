/** A model family for tests: one option of each kind, so that tests do not depend on the options of a real one. */
import { type FamilyDescription, Fault } from '@noether/engine/catalog';

export const distances: FamilyDescription = {
  name: 'Distances',
  doc: 'A net of the distances between points.',
  paper: { title: 'Distances', authors: 'A. Author', year: 2024 },
  options: [
    { name: 'width', type: 'integer', default: 32, min: 1, max: 1024, unit: 'channels', doc: 'Channels.' },
    { name: 'rate', type: 'number', default: undefined, min: 0, doc: 'A rate.' },
    { name: 'deep', type: 'boolean', default: false, doc: 'More layers.' },
    { name: 'space', type: 'choice', choices: ['R3', 'R2'], default: 'R3', doc: 'The space.' },
    {
      name: 'inputs',
      type: 'choices',
      choices: ['distances', 'coordinates'],
      default: ['distances'],
      breaks: { coordinates: 'breaks rotations and translations' },
      doc: 'What the net sees.',
    },
    { name: 'marks', type: 'fields', default: [], doc: 'Fields of the points.' },
    { name: 'sizes', type: 'integers', default: [1, 1], min: 1, doc: 'Sizes.' },
    {
      name: 'graph',
      type: 'call',
      calls: [
        { name: 'full', parameters: [], doc: 'All pairs.' },
        { name: 'knn', parameters: ['k'], doc: 'The k nearest.' },
      ],
      default: 'full',
      doc: 'Which pairs.',
    },
  ],
  signature(options, fields) {
    for (const name of options.marks as readonly string[]) {
      if (fields.some((field) => field.name === name)) continue;
      throw new Fault({
        code: 'model/missing-field',
        message: `Distances reads the field \`${name}\`, which the data does not have`,
        expected: fields.map((field) => field.name).join(', '),
        found: name,
        advice: `Declare \`${name}\` in the data block.`,
      });
    }
    const inputs = fields.filter(({ type }) => type.representation.kind === 'position');
    return { inputs, outputs: [{ name: 'energy', type: { representation: { kind: 'scalar' }, axes: [] } }] };
  },
  parameterCount: (options) => options.width as number,
};
