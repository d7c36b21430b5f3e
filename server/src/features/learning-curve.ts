/** The learning curve of a training that is followed: what was heard so far, kept small enough to be drawn and sent. */
import type { CurvePoint } from '@noether/engine/catalog';

export interface LearningCurve {
  /** Means over some steps, with validations; every one of them. */
  readonly points: readonly Pick<CurvePoint, 'step' | 'loss' | 'validation'>[];
  /** Losses of single steps, as far as they were heard: evenly thinned out, the newest always among them. */
  readonly steps: readonly StepLoss[];
}

export interface StepLoss {
  readonly step: number;
  readonly loss: number;
}

export interface Heard {
  readonly step: number;
  readonly loss: number;
  readonly points?: readonly CurvePoint[];
}

/** Losses of single steps that are kept: more than a plot has pixels for would only slow it down. */
const mostSteps = 400;

const mostPoints = 500;

export const noCurve: LearningCurve = { points: [], steps: [] };

/** The curve with what was heard now. A step that is told again, as a resumed run does, replaces what was known of it. */
export function heard(curve: LearningCurve, { step, loss, points = [] }: Heard): LearningCurve {
  const first = points[0]?.step ?? Number.POSITIVE_INFINITY;
  const before = curve.points.filter((point) => point.step < first);
  const steps = [...curve.steps.filter((known) => known.step < step), { step, loss }];
  return { points: [...before, ...points], steps: steps.length > mostSteps ? everyOther(steps) : steps };
}

/** At most 500 points, evenly spread, the last among them. */
export function drawable(points: LearningCurve['points']): LearningCurve['points'] {
  let few = points;
  while (few.length > mostPoints) few = everyOther(few);
  return few;
}

/** Every second one, counted from the last. */
function everyOther<T>(values: readonly T[]): T[] {
  return values.filter((_, i) => (values.length - 1 - i) % 2 === 0);
}
