/**
 * A check of images under a group that turns them off their grid: the exact subgroup is checked as any group; between the
 * pixels analytic images tell the model's gap from the grid's.
 */

import type { Finding } from '../../fault.ts';
import type { GroupSpec } from '../../group/group.ts';
import { createGroup } from '../../group/index.ts';
import { randomFromSeed } from '../../tensor/index.ts';
import { clopperPearsonUpper } from '../exceedance.ts';
import { type Setting, settingOf } from '../pairs.ts';
import { indexOfLargest, median } from '../tally.ts';
import { classify, short, worstVerdict } from '../verdict.ts';
import type { CheckOptions, OutputVerdict, Verified } from '../verification.ts';
import type { VerifyRequest } from '../verify.ts';
import { exactPart } from './exact-part.ts';
import { gridGaps, imageShape, images } from './grid-gaps.ts';
import type { GridGap } from './grid-result.ts';

/** Floors within which a gap between the pixels is the grid's. */
const gridFactor = 2;

/** An order from which on a gap is said to fall as the grid is refined, and one below which it is said not to. */
const converges = 0.9;
const stays = 0.5;

/** The exact subgroup where an input is an image that the group resamples; `undefined` elsewhere. */
export function exactSubgroup(setting: Setting): GroupSpec | undefined {
  const { bindings, group, dataset } = setting;
  if (!bindings.some(({ field }) => field.type.representation.kind === 'image')) return undefined;
  const square = dataset.samples.every((_, i) => {
    const [rows, columns] = imageShape(setting, i);
    return rows === columns;
  });
  return exactPart(group.spec, square);
}

/** @param check an ordinary check, for the exact part */
export async function verifyOnGrid(
  request: VerifyRequest,
  exact: GroupSpec,
  check: (request: VerifyRequest) => Promise<Verified>,
): Promise<Verified> {
  const { model, dataset, group, options, sources = {}, onProgress, signal } = request;
  const started = performance.now();
  const exactGroup = createGroup(exact);
  const on = await check({ ...request, group: exactGroup });
  signal?.throwIfAborted();
  onProgress?.(0, 1, 'between the pixels');
  const setting = settingOf(model, dataset, group, randomFromSeed(options.seed), sources);
  const native = model.precisions[0] ?? 'float32';
  const measured = await gridGaps(setting, native, options.elements);
  const outputs = on.outputs.map((exactly): OutputVerdict => {
    if (exactly.verdict !== 'holds')
      return { ...exactly, reason: `on the grid, ${exactGroup.text}: ${exactly.reason}` };
    const grid = measured.gaps.find(({ output }) => output === exactly.output);
    if (!grid) {
      const reason = `${exactGroup.text} holds on the grid; between the pixels nothing can be told, since the output is zero on smooth images`;
      return { ...exactly, verdict: 'inconclusive', reason };
    }
    const gaps = measured.pairs.get(grid.output)!;
    return between(grid, gaps, measured.scales.get(grid.output)!, exactly, exactGroup.text, options);
  });
  return {
    ...on,
    verdict: worstVerdict(outputs.map(({ verdict }) => verdict)),
    outputs,
    grid: {
      exact: exactGroup.text,
      exactVerdict: on.verdict,
      images,
      elements: measured.elements,
      gaps: measured.gaps,
    },
    elements: measured.elements,
    seconds: { ...on.seconds, total: (performance.now() - started) / 1000 },
    findings: [...on.findings, ...measured.gaps.map((gap) => gridFinding(gap, exactGroup.text))],
  };
}

/** The numbers beside the verdict, wherever findings are shown. */
function gridFinding(
  { output, gap, floor, left, resampling, dataGap, dataFloor, refined, order }: GridGap,
  exact: string,
): Finding {
  const sides = refined?.map(({ side, gap: own }) => `${short(own)} at ${side}`).join(', ');
  return {
    code: 'verify/between-pixels',
    severity: 'information',
    message: [
      `\`${output}\` off the grid of ${exact}: smooth images turned without resampling have a gap of ${short(gap)}, of which the grid itself makes ${short(floor)}, so that ${short(left)} is left`,
      `resampling their pixels changes ${short(resampling)}`,
      `on the samples the gap is ${short(dataGap)}, and turning them there and back changes ${short(dataFloor)}`,
      ...(sides ? [`on finer grids the gap is ${sides} pixels a side: order ${short(order!)}`] : []),
    ].join('; '),
  };
}

/** The verdict between the pixels: the gap of analytic images against what the grid does. */
function between(
  grid: GridGap,
  gaps: readonly number[],
  scale: number,
  exactly: OutputVerdict,
  exact: string,
  { within, confidence }: CheckOptions,
): OutputVerdict {
  const { gap, order } = grid;
  const floor = Math.max(grid.floor, exactly.floor);
  // Both are means over many pairs, so there is no need for the ten floors that single pairs of a check may reach.
  const tolerance = within === 'auto' ? gridFactor * floor : within;
  const judged = classify({ gap, floor }, tolerance);
  // Between the two, a gap that finer grids do not make smaller is not the grid's.
  const verdict = judged === 'inconclusive' && order !== undefined && order < stays ? 'violated' : judged;
  const falling =
    order === undefined || order < converges
      ? ''
      : `; it falls with order ${short(order)} as the grid is refined`;
  const count = gaps.filter((one) => one > tolerance).length;
  const draws = gaps.length;
  return {
    output: grid.output,
    verdict,
    tolerance,
    reason: `${exact} holds on the grid; between the pixels the gap of smooth images is ${short(gap)}, ${short(gap / floor)} x what the grid itself does${falling}`,
    gap,
    largestGap: gaps[indexOfLargest(gaps)] ?? 0,
    medianGap: median(gaps),
    floor,
    ratio: gap / floor,
    floorMethod: 'sub-pixel shifts',
    repeat: exactly.repeat,
    scale,
    exceedance: { count, draws, confidence, upperBound: clopperPearsonUpper(count, draws, confidence) },
  };
}
