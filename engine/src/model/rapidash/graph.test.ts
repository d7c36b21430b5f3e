import { describe, expect, it } from 'vitest';
import { type Links, pointLinks } from './graph.ts';
import { poolPoints } from './pooling.ts';
import { topologyOf } from './topology.ts';

/** Points on a line, so that all can be checked by eye. */
const line = (...x: number[]) => ({ dim: 2, data: Float64Array.from(x.flatMap((value) => [value, 0])) });
const pairs = ({ senders, receivers }: Links) => [...senders].map((sender, e) => `${sender}>${receivers[e]}`);

describe('graphs', () => {
  it('full: all pairs inside each cloud, self included', () => {
    expect(pairs(pointLinks({ kind: 'full' }, line(0, 1, 5), [2, 1]))).toEqual([
      '0>0',
      '0>1',
      '1>0',
      '1>1',
      '2>2',
    ]);
  });

  it('knn: from the point that searches to those it finds', () => {
    const links = pointLinks({ kind: 'knn', neighbours: 2 }, line(0, 1, 1.5), [3]);
    expect(pairs(links)).toEqual(['0>0', '0>1', '1>1', '1>2', '2>2', '2>1']);
  });

  it('knn: a cloud with fewer points than neighbours is full', () => {
    const links = pointLinks({ kind: 'knn', neighbours: 9 }, line(0, 1), [2]);
    expect(pairs(links).sort()).toEqual(['0>0', '0>1', '1>0', '1>1']);
  });

  it('radius: up to the radius and with it', () => {
    const links = pointLinks({ kind: 'radius', radius: 1 }, line(0, 1, 2.5), [3]);
    expect(pairs(links)).toEqual(['0>0', '1>0', '0>1', '1>1', '2>2']);
  });
});

describe('farthest-point sampling', () => {
  const points = line(0, 1, 2, 10, 100, 101);

  it('starts at the point farthest from the centroid, or at the first', () => {
    expect([...poolPoints(points, [4, 2], 0.5, 'farthest from the centroid').kept]).toEqual([3, 0, 4]);
    expect([...poolPoints(points, [4, 2], 0.5, 'first').kept]).toEqual([0, 3, 4]);
  });

  it('links every point to its nearest kept one, numbered among the kept', () => {
    const { links, sizes } = poolPoints(points, [4, 2], 0.5, 'first');
    expect(sizes).toEqual([2, 1]);
    expect(pairs(links)).toEqual(['0>0', '1>0', '2>0', '3>1', '4>2', '5>2']);
  });

  it('keeps the same points however they are ordered', () => {
    const x = [0.3, 1.1, 2.7, 10.2, 4.4];
    const kept = (order: number[]) =>
      [...poolPoints(line(...order.map((i) => x[i]!)), [5], 0.6, 'farthest from the centroid').kept].map(
        (index) => x[order[index]!],
      );
    expect(kept([4, 2, 0, 3, 1])).toEqual(kept([0, 1, 2, 3, 4]));
  });

  it('keeps at least one point', () => {
    expect(poolPoints(line(0, 1), [1, 1], 0.1, 'first').sizes).toEqual([1, 1]);
  });
});

describe('topology', () => {
  const config = {
    graphs: [{ kind: 'full' }],
    ratios: [],
    samplingStart: 'first',
    edgeInputs: 0,
  } as const;

  it('takes the dense route for clouds of one size only, and never with edge attributes', () => {
    const points = line(0, 1, 2, 3);
    expect(topologyOf(config, points, [2, 2]).within[0]!.route.kind).toBe('dense');
    expect(topologyOf(config, points, [1, 3]).within[0]!.route.kind).toBe('links');
    expect(topologyOf({ ...config, edgeInputs: 1 }, points, [2, 2]).within[0]!.route.kind).toBe('links');
  });
});
