/** A violated check -> the wrappers that its model could have, as quick fixes that write the wrapped model and its check. */
import type { LangiumDocument } from 'langium';
import { type CodeAction, CodeActionKind, type Diagnostic } from 'vscode-languageserver';
import { type Check as CheckNode, type Item, isCheck } from '../language/index.ts';
import { specificationOf } from '../language/uses.ts';
import { alreadyRepaired } from '../repair/already.ts';
import { brokenFactors, propose } from '../repair/propose.ts';
import { addedBehind, placeBehind, repairText } from '../repair/repair-text.ts';
import type { Check } from './check.ts';
import { verificationOf } from './verdict.ts';

/** Proposals shown of one check: a menu is no catalogue. */
const most = 2;

/** @param visible what the document declares and what it uses: names that are taken */
export function repairActions(
  document: LangiumDocument,
  node: CheckNode,
  check: Check,
  visible: readonly Item[],
  diagnostic: Diagnostic,
): CodeAction[] {
  const verification = verificationOf(check);
  const checks = (specificationOf(document)?.items ?? []).filter(isCheck);
  if (verification?.verdict !== 'violated' || alreadyRepaired(checks, node) !== undefined) return [];
  const sizes = Object.entries(check.result?.outcome.data?.sizes ?? {}).map(([index, { max }]) => [
    index,
    max,
  ]);
  const broken = brokenFactors(check.plan.group, verification.directions);
  const { proposals } = propose(check.plan.group, broken, Object.fromEntries(sizes));
  const taken = new Set(visible.flatMap((item) => ('name' in item && item.name ? [item.name] : [])));
  const text = document.textDocument.getText();
  const position = document.textDocument.positionAt(placeBehind(node, text));
  return proposals.slice(0, most).map((proposal) => {
    const newText = addedBehind(text, [repairText(node, proposal, taken)]);
    return {
      title: `Wrap \`${node.model.$refText}\` with ${proposal.title}${costText(proposal.evaluations)}`,
      kind: CodeActionKind.QuickFix,
      diagnostics: [diagnostic],
      edit: {
        changes: { [document.textDocument.uri]: [{ range: { start: position, end: position }, newText }] },
      },
    };
  });
}

function costText(evaluations: number): string {
  return evaluations === 1 ? '' : ` (${evaluations} evaluations)`;
}
