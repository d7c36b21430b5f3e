/**
 * Lorentz frames in this process's memory, in double precision whatever the tensors hold: a frame at a time, the gradient by the
 * adjoint of each step in reverse. Plain operations take some sixty passes over the memory instead.
 */
import type { HostData } from '../../tensor/fixes/host-kernel.ts';
import { epsilon, tiny } from './reference.ts';

type Four = Float64Array;

const four = (): Four => new Float64Array(4);

// Made once: calls do not overlap.
const [u0, u1, u2, w1, e1, half, w2, e2, w3, e3, z, x] = Array.from({ length: 12 }, four) as Four[] & {
  length: 12;
};
const [d0, d1, d2, d3, given] = Array.from({ length: 5 }, four) as Four[] & { length: 5 };

/** <a, b> with the metric diag(1, -1, -1, -1). */
const inner = (a: Four, b: Four): number => a[0]! * b[0]! - a[1]! * b[1]! - a[2]! * b[2]! - a[3]! * b[3]!;
const dot = (a: Four, b: Four): number => a[0]! * b[0]! + a[1]! * b[1]! + a[2]! * b[2]! + a[3]! * b[3]!;
const sign = (i: number): number => (i === 0 ? 1 : -1);
const lengthOf = (square: number): number => Math.sqrt(Math.max(Math.abs(square), tiny)) + epsilon;

/** out = v over its length; returns nothing, like all below. */
function unit(v: Four, out: Four): void {
  const length = lengthOf(inner(v, v));
  for (let i = 0; i < 4; i++) out[i] = v[i]! / length;
}

/** out = v without its part along e. */
function without(v: Four, e: Four, out: Four): void {
  const share = inner(v, e) / (inner(e, e) + epsilon);
  for (let i = 0; i < 4; i++) out[i] = v[i]! - e[i]! * share;
}

/** out such that out . r is the determinant of the rows r, a, b, c. */
function levi(a: Four, b: Four, c: Four, out: Four): void {
  const minor = (i: number, j: number, k: number): number =>
    a[i]! * (b[j]! * c[k]! - b[k]! * c[j]!) -
    a[j]! * (b[i]! * c[k]! - b[k]! * c[i]!) +
    a[k]! * (b[i]! * c[j]! - b[j]! * c[i]!);
  out[0] = minor(1, 2, 3);
  out[1] = -minor(0, 2, 3);
  out[2] = minor(0, 1, 3);
  out[3] = -minor(0, 1, 2);
}

/** d becomes the gradient of v, from that of v over its length. */
function unitAdjoint(v: Four, d: Four): void {
  const square = inner(v, v);
  const length = lengthOf(square);
  const size = Math.abs(square);
  const slope = size > tiny ? Math.sign(square) / Math.sqrt(size) : 0;
  const along = (dot(d, v) / length) * slope;
  for (let i = 0; i < 4; i++) d[i] = (d[i]! - sign(i) * v[i]! * along) / length;
}

/** d becomes the gradient of v, and that of e is added to `ofE`, from that of v without its part along e. */
function withoutAdjoint(v: Four, e: Four, d: Four, ofE: Four): void {
  const square = inner(e, e) + epsilon;
  const share = inner(v, e) / square;
  const along = dot(d, e) / square;
  for (let i = 0; i < 4; i++) {
    ofE[i]! += sign(i) * along * (2 * share * e[i]! - v[i]!) - share * d[i]!;
    d[i]! -= sign(i) * e[i]! * along;
  }
}

function read(data: HostData, at: number, out: Four): void {
  for (let i = 0; i < 4; i++) out[i] = data[at + i]!;
}

/** Every intermediate vector of the frame whose vectors begin here. */
function steps(vectors: HostData, at: number): void {
  [u0, u1, u2].forEach((u, i) => {
    read(vectors, at + 4 * i, x!);
    unit(x!, u!);
  });
  without(u1!, u0!, w1!);
  unit(w1!, e1!);
  without(u2!, u0!, half!);
  without(half!, e1!, w2!);
  unit(w2!, e2!);
  levi(u0!, e1!, e2!, w3!);
  for (let i = 1; i < 4; i++) w3![i]! *= -1;
}

/** Frames `[M, 4, 4]` of vectors `[M, 3, 4]`. */
export function lorentzFramesOnHost(out: HostData, vectors: HostData): void {
  for (let at = 0, to = 0; to < out.length; at += 12, to += 16) {
    steps(vectors, at);
    unit(w3!, e3!);
    [u0, e1, e2, e3].forEach((row, r) => {
      for (let i = 0; i < 4; i++) out[to + 4 * r + i] = sign(r) * sign(i) * row![i]!;
    });
  }
}

/** The gradient of the vectors `[M, 3, 4]`, from dy `[M, 4, 4]`. */
export function lorentzFramesGradientOnHost(out: HostData, vectors: HostData, dy: HostData): void {
  for (let at = 0, from = 0; at < out.length; at += 12, from += 16) {
    steps(vectors, at);
    [d0, d1, d2, d3].forEach((d, r) => {
      for (let i = 0; i < 4; i++) d![i] = sign(r) * sign(i) * dy[from + 4 * r + i]!;
    });
    unitAdjoint(w3!, d3!);
    for (let i = 1; i < 4; i++) d3![i]! *= -1;
    // The determinant of (d3, u0, e1, e2) is linear in each row.
    subtract(d0!, d3!, e1!, e2!, 1);
    subtract(d1!, d3!, u0!, e2!, -1);
    subtract(d2!, d3!, u0!, e1!, 1);
    unitAdjoint(w2!, d2!);
    withoutAdjoint(half!, e1!, d2!, d1!);
    withoutAdjoint(u2!, u0!, d2!, d0!);
    unitAdjoint(w1!, d1!);
    withoutAdjoint(u1!, u0!, d1!, d0!);
    [d0, d1, d2].forEach((d, row) => {
      read(vectors, at + 4 * row, given!);
      unitAdjoint(given!, d!);
      for (let i = 0; i < 4; i++) out[at + 4 * row + i] = d![i]!;
    });
  }
}

/** d -= factor levi(a, b, c) */
function subtract(d: Four, a: Four, b: Four, c: Four, factor: number): void {
  levi(a, b, c, z!);
  for (let i = 0; i < 4; i++) d[i]! -= factor * z![i]!;
}
