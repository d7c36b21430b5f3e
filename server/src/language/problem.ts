/**
 * What is wrong with a specification, said about a node of its syntax tree. The interpretation layer reports problems;
 * validation turns them into diagnostics, and the plan into findings. Both therefore always agree.
 */
import type { FindingCode, Severity } from '@noether/engine/catalog';
import type { AstNode } from 'langium';

/** The part of the text that something is about: a node, or one property of it. */
export interface Anchor {
  readonly node: AstNode;
  readonly property?: string;
  /** Which one, when the property is a list. */
  readonly index?: number;
}

/** A change of text that repairs the problem; an editor offers it as a quick fix. */
export interface Repair {
  /** An instruction: "Change to `steady`". */
  readonly title: string;
  readonly text: string;
  /** Where; the problem's own anchor when absent. */
  readonly anchor?: Anchor;
  /** How `text` relates to the anchor; default `replace`. */
  readonly where?: 'replace' | 'before' | 'after';
}

/** Fields are those of a `Finding`; `severity` is `error` unless said otherwise. */
export interface Problem extends Anchor {
  readonly code: FindingCode;
  readonly severity?: Severity;
  readonly message: string;
  readonly expected?: string;
  readonly found?: string;
  readonly advice?: string;
  readonly repairs?: readonly Repair[];
  /** A related place, shown with the diagnostic: "declared here". */
  readonly related?: readonly (Anchor & { readonly message: string })[];
  /** Shown faded: the thing is not used. */
  readonly unnecessary?: boolean;
}

/** Where interpretation reports to. Interpretation goes on after a report and returns what it could make out. */
export type Report = (problem: Problem) => void;

/** For callers that only want the value. */
export const ignoreProblems: Report = () => {};

/** A report that remembers: `problems` fills as interpretation goes. */
export function collectProblems(): { report: Report; problems: Problem[] } {
  const problems: Problem[] = [];
  return { report: (problem) => problems.push(problem), problems };
}

export function hasErrors(problems: readonly Problem[]): boolean {
  return problems.some(({ severity }) => severity === undefined || severity === 'error');
}
