/**
 * What Noether says when something is wrong: one object, rendered by every surface (terminal, editor, JSON).
 * A user's mistake travels as a {@link Fault} and never as a stack trace.
 */

/** Where a finding points: a file, and inside it a member (an array's name, a graph node, a line). */
export interface Place {
  /** Absolute path of the file, when there is one. */
  readonly file?: string;
  /** A member inside the file: the name of an array, of an ONNX input, of a column. */
  readonly member?: string;
  /** 1-based line, for text formats. */
  readonly line?: number;
}

/** Severity, in the words of the language server protocol. */
export type Severity = 'error' | 'warning' | 'information' | 'hint';

/** `area/what-is-wrong`; stable for ever, listed in docs/codes.md. */
export type FindingCode =
  `${'syntax' | 'spec' | 'data' | 'model' | 'group' | 'verify' | 'train' | 'predict' | 'generate' | 'bench' | 'compare' | 'discover' | 'repair' | 'claim' | 'export' | 'job' | 'backend'}/${string}`;

/** Another type for something that is declared: what a quick fix writes. */
export interface Redeclaration {
  /** The field of the data, where it is one. */
  readonly field?: string;
  /** The model's input that the field feeds, or an output of the model. */
  readonly input?: string;
  readonly output?: string;
  /** As the language writes it: `vector[atom]`. */
  readonly type: string;
}

/** A designed diagnostic. `message` stands alone; the other fields are shown where there is room. */
export interface Finding {
  readonly code: FindingCode;
  readonly severity: Severity;
  /** One sentence, plain words, no trailing full stop needed by the renderer. */
  readonly message: string;
  /** What was expected, as a phrase: "float32 or float64". */
  readonly expected?: string;
  /** What was found, as a phrase: "complex128". */
  readonly found?: string;
  readonly place?: Place;
  /** What to do now, as an instruction. */
  readonly advice?: string;
  /** The declaration that would settle it, where there is one. */
  readonly redeclare?: Redeclaration;
}

/** An error that is the user's to solve. Carries its finding; everything else thrown is a defect of Noether. */
export class Fault extends Error {
  readonly finding: Finding;

  constructor(finding: Omit<Finding, 'severity'> & { severity?: Severity }) {
    super(finding.message);
    this.name = 'Fault';
    this.finding = { severity: 'error', ...finding };
  }
}

/** The finding inside an unknown error; a defect of ours becomes `job/internal` with its message, not its stack. */
export function findingOf(error: unknown): Finding {
  if (error instanceof Fault) return error.finding;
  const message = error instanceof Error ? error.message : String(error);
  return {
    code: 'job/internal',
    severity: 'error',
    message: `Noether failed: ${message}`,
    advice: 'This is a defect of Noether, not of your files: please report it with the log.',
  };
}
