/** Term -> FieldType: `irreps("8x0e + 4x1o")[atom]`. */
import type { Axis, FieldType, Representation } from '@noether/engine/catalog';
import { numberOf, type Parameter, readArguments } from './arguments.ts';
import { type Argument, isStringValue, type Term } from './generated/ast.ts';
import { parseIrreps } from './irreps.ts';
import { ignoreProblems, type Report } from './problem.ts';
import { typeAliases, typeDescriptions } from './type-descriptions.ts';
import { unknownName } from './unknown-name.ts';
import { valueKindText } from './value-text.ts';

type Arguments = ReadonlyMap<string, Argument>;

/** The parameters that each type takes, by position. */
const parametersOf: Readonly<Record<string, readonly Parameter[]>> = {
  position: [{ name: 'dim' }],
  vector: [{ name: 'dim' }],
  tensor: [{ name: 'rank' }, { name: 'dim' }],
  irreps: [{ name: 'irreps' }],
  category: [{ name: 'count' }],
};

/**
 * The type that a term writes. `undefined` when it writes none; what is wrong is reported with a code `spec/…`.
 * An unknown axis or a surplus argument is reported too, but the type is still returned.
 */
export function fieldTypeOf(term: Term, report: Report = ignoreProblems): FieldType | undefined {
  if (!typeDescriptions.some(({ name }) => name === term.name)) {
    report(
      unknownName({
        code: 'spec/unknown-type',
        kind: 'type',
        name: term.name,
        known: typeDescriptions.map(({ name }) => name),
        aliases: typeAliases,
        node: term,
        property: 'name',
      }),
    );
    return undefined;
  }
  const given = readArguments(term, parametersOf[term.name] ?? [], 'spec', report);
  const representation = representationOf(term, given, report);
  const axes = axesOf(term, report);
  if (!representation || !axes) return undefined;
  if (representation.kind === 'image' && axes.length !== 3) {
    report({
      code: 'spec/image-axes',
      message: `an image has three axes, rows, columns and channels; this one has ${axes.length}`,
      expected: 'image[h, w, 3]',
      found: `${axes.length} ${axes.length === 1 ? 'axis' : 'axes'}`,
      advice: 'Write a grey picture as `image[h, w, 1]`.',
      node: term,
    });
    return undefined;
  }
  return { representation, axes };
}

function representationOf(term: Term, given: Arguments, report: Report): Representation | undefined {
  const kind = term.name as Representation['kind'];
  switch (kind) {
    case 'position':
    case 'vector': {
      const dim = dimOf(term, given, report);
      return dim && { kind, dim };
    }
    case 'tensor': {
      const rank = wholeNumber(term, given, 'rank', 0, 6, 'tensor(2)', report);
      const dim = dimOf(term, given, report);
      return rank === undefined || dim === undefined ? undefined : { kind, rank, dim };
    }
    case 'category': {
      const count = wholeNumber(term, given, 'count', 1, 2 ** 31 - 1, 'category(4)', report);
      return count === undefined ? undefined : { kind, count };
    }
    case 'irreps':
      return irrepsOf(term, given, report);
    default:
      return { kind };
  }
}

function dimOf(term: Term, given: Arguments, report: Report): 2 | 3 | undefined {
  const argument = given.get('dim');
  if (!argument) return 3;
  const dim = numberOf(argument.value);
  if (dim === 2 || dim === 3) return dim;
  report({
    code: 'spec/type-argument',
    message: `the dimension of \`${term.name}\` is 2 or 3, not ${valueKindText(argument.value)}`,
    expected: '2 or 3',
    found: valueKindText(argument.value),
    node: argument,
  });
  return undefined;
}

function wholeNumber(
  term: Term,
  given: Arguments,
  name: string,
  min: number,
  max: number,
  example: string,
  report: Report,
): number | undefined {
  const argument = given.get(name);
  const value = numberOf(argument?.value);
  if (value !== undefined && Number.isInteger(value) && value >= min && value <= max) return value;
  const range = max > 1e9 ? `of at least ${min}` : `from ${min} to ${max}`;
  report({
    code: 'spec/type-argument',
    message: argument
      ? `the ${name} of \`${term.name}\` is a whole number ${range}, not ${valueKindText(argument.value)}`
      : `\`${term.name}\` needs its ${name}: \`${example}\``,
    expected: `a whole number ${range}`,
    found: valueKindText(argument?.value),
    node: argument ?? term,
  });
  return undefined;
}

function irrepsOf(term: Term, given: Arguments, report: Report): Representation | undefined {
  const argument = given.get('irreps');
  if (!argument || !isStringValue(argument.value)) {
    report({
      code: 'spec/irreps',
      message: argument
        ? `irreps are written in quotes, not as ${valueKindText(argument.value)}`
        : '`irreps` needs its blocks: `irreps("8x0e + 4x1o")`',
      expected: 'blocks in quotes: irreps("8x0e + 4x1o")',
      found: valueKindText(argument?.value),
      node: argument ?? term,
    });
    return undefined;
  }
  const parsed = parseIrreps(argument.value.text);
  if ('irreps' in parsed) return { kind: 'irreps', irreps: parsed.irreps };
  report({
    code: 'spec/irreps',
    message: `"${argument.value.text}" is not a list of irreps: ${parsed.wrong}`,
    expected: "e3nn's notation: 8x0e + 4x1o",
    found: argument.value.text,
    node: argument,
  });
  return undefined;
}

function axesOf(term: Term, report: Report): readonly Axis[] | undefined {
  let sound = true;
  const axes = term.axes.map((axis): Axis => {
    if (axis.index !== undefined) return { index: axis.index };
    const size = axis.size ?? Number.NaN;
    if (!Number.isInteger(size) || size < 1) {
      sound = false;
      report({
        code: 'spec/axis-size',
        message: `an axis has a name or a whole size of at least 1, not ${size}`,
        expected: 'an index set such as `atom`, or a size such as 3',
        found: String(size),
        node: axis,
      });
    }
    return { size };
  });
  return sound ? axes : undefined;
}
