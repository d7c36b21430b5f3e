/** The geometry of the learning curve: from losses to pixels. Pure, so that it can be tested without a page. */
import type { TrainingInfo } from '@noether/server/protocol';

export interface Plot {
  /** Points of each line as `points` of an SVG polyline has them; empty where nothing is known. */
  readonly steps: string;
  readonly loss: string;
  readonly validation: string;
  /** The same as places, to show single points. */
  readonly marks: readonly Mark[];
  readonly x: readonly Tick[];
  readonly y: readonly Tick[];
  /** The losses are drawn on a logarithmic scale. */
  readonly logarithmic: boolean;
}

export interface Mark {
  readonly x: number;
  readonly y: number;
  readonly line: 'loss' | 'validation';
  readonly text: string;
}

export interface Tick {
  readonly at: number;
  readonly text: string;
}

/** The space that the lines have, in pixels; y grows downwards. */
export interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Losses that span more than this are drawn logarithmically: most of the curve would be a line on the floor. */
const wideSpan = 30;

type Scale = (value: number) => number;

export function plotOf(
  { points, steps, stepsWanted }: Pick<TrainingInfo, 'points' | 'steps' | 'stepsWanted'>,
  frame: Frame,
): Plot {
  const validations = points.flatMap(({ step, validation }) =>
    validation === undefined ? [] : [{ step, loss: validation }],
  );
  const values = [...points, ...validations, ...steps]
    .map(({ loss }) => loss)
    .filter((value) => Number.isFinite(value));
  const least = values.length > 0 ? Math.min(...values) : 0;
  const most = values.length > 0 ? Math.max(...values) : 1;
  const logarithmic = least > 0 && most / least > wideSpan;
  const ticks = logarithmic ? decades(least, most) : evenly(Math.min(0, least), most, 5);
  const last = Math.max(stepsWanted, points.at(-1)?.step ?? 0, steps.at(-1)?.step ?? 0, 1);
  const x: Scale = (step) => frame.left + (step / last) * (frame.right - frame.left);
  const transform = logarithmic ? Math.log10 : (value: number) => value;
  const low = transform(Math.min(ticks[0]!, least));
  const high = transform(Math.max(ticks.at(-1)!, most));
  const y: Scale = (value) =>
    frame.bottom - ((transform(value) - low) / (high - low || 1)) * (frame.bottom - frame.top);

  const line = (pairs: readonly { step: number; loss: number }[]): string =>
    pairs
      .filter(({ loss }) => Number.isFinite(loss))
      .map(({ step, loss }) => `${pixel(x(step))},${pixel(y(loss))}`)
      .join(' ');
  const marks = (pairs: readonly { step: number; loss: number }[], name: Mark['line']): Mark[] =>
    pairs
      .filter(({ loss }) => Number.isFinite(loss))
      .map(({ step, loss }) => ({
        x: pixel(x(step)),
        y: pixel(y(loss)),
        line: name,
        text: `step ${whole.format(step)}: ${name === 'loss' ? 'loss' : 'validation loss'} ${lossText(loss)}`,
      }));
  return {
    steps: line(steps),
    loss: line(points),
    validation: line(validations),
    marks: [...marks(points, 'loss'), ...marks(validations, 'validation')],
    x: evenly(0, last, 6)
      .filter((step) => step <= last && Number.isInteger(step))
      .map((step) => ({ at: pixel(x(step)), text: whole.format(step) })),
    y: ticks.map((value) => ({ at: pixel(y(value)), text: lossText(value) })),
    logarithmic,
  };
}

/** Round numbers from at or below `low` to at or above `high`, about `count` of them. */
function evenly(low: number, high: number, count: number): number[] {
  const span = high - low || Math.abs(high) || 1;
  const rough = span / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  const first = Math.floor(low / step);
  const last = Math.ceil((low + span) / step);
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
}

/** Powers of ten around the values. */
function decades(low: number, high: number): number[] {
  const first = Math.floor(Math.log10(low));
  const last = Math.ceil(Math.log10(high));
  const every = Math.ceil((last - first + 1) / 8);
  const powers: number[] = [];
  for (let power = first; power < last + every; power += every) powers.push(10 ** power);
  return powers;
}

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3 });

function lossText(value: number): string {
  const size = Math.abs(value);
  return size > 0 && (size < 1e-3 || size >= 1e6) ? value.toExponential(1) : short.format(value);
}

/** A tenth of a pixel is more than is seen. */
function pixel(value: number): number {
  return Math.round(value * 10) / 10;
}
