/**
 * Which data field feeds which model input. Pure, so that the language server can say it before anything is run.
 * The rule, in order: the declared source; the field of the same name; the only field of the same type.
 */
import { Fault } from '../fault.ts';
import { type Field, type FieldType, type Signature, typeText } from '../signature.ts';

export interface InputBinding {
  readonly input: Field;
  readonly field: Field;
}

/**
 * @param sources declared sources: input name -> data field name.
 * @throws Fault `model/input-unbound`, `model/input-ambiguous` or `model/input-type`.
 */
export function bindInputs(
  signature: Signature,
  fields: readonly Field[],
  sources: Readonly<Record<string, string>> = {},
): InputBinding[] {
  return signature.inputs.map((input) => ({ input, field: fieldFor(input, fields, sources[input.name]) }));
}

function fieldFor(input: Field, fields: readonly Field[], source: string | undefined): Field {
  const wanted = source ?? input.name;
  const named = fields.find((field) => field.name === wanted);
  if (named) {
    if (feeds(named.type, input.type)) return named;
    throw new Fault({
      code: 'model/input-type',
      message: `input \`${input.name}\` is ${typeText(input.type)}, but the data's \`${named.name}\` is ${typeText(named.type)}`,
      expected: typeText(input.type),
      found: typeText(named.type),
      advice:
        'Declare both with the same type and the same index sets: a group acts on what the data declares.',
    });
  }
  const list = fields.map((field) => `${field.name}: ${typeText(field.type)}`).join(', ') || 'no fields';
  if (source !== undefined) {
    throw new Fault({
      code: 'model/input-unbound',
      message: `input \`${input.name}\` is fed from \`${source}\`, which the data does not have`,
      expected: `a data field named ${source}`,
      found: list,
      advice: `Declare \`${source}\` in the data block, or name another field after \`from\`.`,
    });
  }
  const alike = fields.filter((field) => feeds(field.type, input.type));
  if (alike.length === 1) return alike[0]!;
  if (alike.length === 0) {
    throw new Fault({
      code: 'model/input-unbound',
      message: `no data field feeds input \`${input.name}\` (${typeText(input.type)})`,
      expected: `a field named ${input.name}, or one field of type ${typeText(input.type)}`,
      found: list,
      advice: `Declare such a field in the data block, or write \`input ${input.name}: … from FIELD\`.`,
    });
  }
  throw new Fault({
    code: 'model/input-ambiguous',
    message: `several data fields could feed input \`${input.name}\`: ${alike.map((field) => field.name).join(', ')}`,
    expected: `one field of type ${typeText(input.type)}`,
    found: `${alike.length} of them`,
    advice: `Name the one meant: \`input ${input.name}: ${typeText(input.type)} from ${alike[0]!.name}\`.`,
  });
}

/** A narrower category may feed a wider one; everything else must be declared alike. */
function feeds(data: FieldType, input: FieldType): boolean {
  if (data.representation.kind === 'category' && input.representation.kind === 'category') {
    if (data.representation.count > input.representation.count) return false;
    return typeText({ ...data, representation: input.representation }) === typeText(input);
  }
  return typeText(data) === typeText(input);
}
