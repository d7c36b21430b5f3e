/** What `noether repair` prints: before and after side by side, what the inputs leave open, and the lines. */
import type { Finding, OutputVerdict, Verification } from '@noether/engine/catalog';
import { type CheckOutcome, counted, renderFinding, type Style, shortNumber } from '../report/index.ts';
import { plainTable } from '../report/plain-table.ts';
import type { Repaired, Tried } from './repair-command.ts';

export interface RepairsShown {
  readonly model: string;
  /** As it would be typed here. */
  readonly file: string;
  readonly repaired: readonly Repaired[];
  /** The lines are in the file. */
  readonly written: boolean;
}

/** A floor this much above the one before: the wrapped model jumps where the frame changes. */
const jump = 100;

export function renderRepairs({ model, file, repaired, written }: RepairsShown, style: Style): string {
  const blocks = repaired.map((one) => renderOne(one, style));
  const taken = repaired.flatMap(({ chosen }) => chosen ?? []);
  const lines = taken.map(({ lines: own }) => own.text);
  const end =
    taken.length === 0
      ? []
      : written
        ? [
            `Written to ${file}: ${taken.map(({ lines: own }) => own.name).join(', ')}. The check of ${model} stays as it is.`,
          ]
        : [
            `Lines for ${file}, put there by --write:`,
            '',
            ...lines
              .join('\n\n')
              .split('\n')
              .map((line) => `  ${line}`),
          ];
  return `${[...blocks, end.join('\n')].filter((block) => block !== '').join('\n\n')}\n`;
}

function renderOne({ plan, before, tried, without, chosen, cost, already }: Repaired, style: Style): string {
  const verification = before.verification;
  if (!verification) {
    return [`${plan.title}: could not be run`, ...findings(before.findings, style)].join('\n');
  }
  if (verification.verdict !== 'violated') {
    const rest =
      verification.verdict === 'holds'
        ? 'nothing to repair'
        : 'a repair can be judged when the check is decided';
    return `${plan.title}: ${verification.verdict}, ${rest}`;
  }
  if (already !== undefined) {
    return `${plan.title}: violated; \`${already}\` wraps \`${plan.model.name}\`, and its check is in the file`;
  }
  const rows = [
    [plan.model.name, ...numbersOf(verification), '1', chosen && cost ? '1' : ''],
    ...tried.map((one) => rowOf(one, one === chosen ? cost?.ratio : undefined)),
  ];
  const columns = [
    { title: 'model', least: 12 },
    { title: 'verdict' },
    { title: 'gap', align: 'right' as const },
    { title: 'floor', align: 'right' as const },
    { title: 'evaluations', align: 'right' as const },
    { title: 'time', align: 'right' as const },
  ];
  const notes = [
    ...without,
    ...tried.map(
      ({ lines, proposal }) => `${lines.name}: ${model(proposal.steps.length)} with ${proposal.title}`,
    ),
    ...tried.flatMap((one) => noteOf(one, verification)),
    ...(cost
      ? [
          `time: over that of ${plan.model.name}, ${counted(cost.batch, 'sample')} at once, medians of rounds in turn`,
        ]
      : []),
  ];
  return [
    plan.title,
    '',
    ...plainTable(columns, rows, style),
    '',
    ...notes,
    ...tried.flatMap(({ lines, outcome, findings: wrong }) =>
      findings([...wrong, ...remarksOf(outcome)], style, lines.name),
    ),
    ...(chosen || tried.length === 0
      ? []
      : ['', 'None of them holds: the gap that is left is reported by checking the lines as they are.']),
  ].join('\n');
}

const model = (steps: number) =>
  steps === 1 ? 'wrapped' : `wrapped ${steps === 2 ? 'twice' : `${steps} times`},`;

function rowOf({ lines, proposal, outcome }: Tried, ratio: number | undefined): string[] {
  const evaluations = String(proposal.evaluations);
  const numbers = outcome?.verification ? numbersOf(outcome.verification) : ['not run', '', ''];
  return [lines.name, ...numbers, evaluations, ratio === undefined ? '' : `${shortNumber(ratio)}x`];
}

/** Verdict, gap and floor of the output with the largest gap. */
function numbersOf({ verdict, outputs }: Verification): string[] {
  const worst = worstOf(outputs);
  return [verdict, shortNumber(worst.largestGap), shortNumber(worst.floor)];
}

function worstOf(outputs: readonly OutputVerdict[]): OutputVerdict {
  return outputs.reduce((a, b) => (b.largestGap > a.largestGap ? b : a));
}

/** A wrapped model that jumps moves its own floor, which `within: auto` then allows for: said, so that it hides nothing. */
function noteOf({ lines, outcome }: Tried, before: Verification): string[] {
  const after = outcome?.verification;
  if (!after) return [];
  const floors = after.outputs.map(({ output, floor }) => ({
    floor,
    own: before.outputs.find((one) => one.output === output)?.floor ?? Number.POSITIVE_INFINITY,
  }));
  const worst = floors.find(({ floor, own }) => floor > jump * own);
  if (!worst) return [];
  return [
    `${lines.name}: its floor is ${shortNumber(worst.floor / worst.own)} times that of the model inside: a last digit of the input moves it that far, so some inputs are near to where its frame or order changes`,
  ];
}

/** What a wrapper noticed about the inputs; everything, where there is no verdict. */
function remarksOf(outcome: CheckOutcome | undefined): readonly Finding[] {
  if (!outcome) return [];
  const isOfWrapper = ({ code }: Finding) => /^model\/(frame|sorted|averaged)-/.test(code);
  return outcome.verification ? outcome.findings.filter(isOfWrapper) : outcome.findings;
}

function findings(found: readonly Finding[], style: Style, name?: string): string[] {
  return found.flatMap((finding) => [
    '',
    ...renderFinding(
      name === undefined ? finding : { ...finding, message: `${name}: ${finding.message}` },
      style,
    ),
  ]);
}
