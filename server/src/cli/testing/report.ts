/** Reports as the command line writes them, held against the published schema. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'vitest';
import schema from '../../../../schemas/report-1.schema.json' with { type: 'json' };
import type { Report } from '../../report/index.ts';

const validate = new Ajv2020({ allErrors: true }).compile(schema);

/** What `--json` wrote. Expects JSON, and that the schema has nothing against it. */
export function reportIn(text: string): Report {
  expect(text, 'a report as JSON').toMatch(/^\{/);
  const report = JSON.parse(text) as Report;
  validate(report);
  expect(validate.errors).toBeNull();
  return report;
}
