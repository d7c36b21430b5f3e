/**
 * 16-bit floats on the host: IEEE 754 binary16 ("float16") and the upper half of float32 ("bfloat16"). JavaScript's own
 * Float16Array is newer than the oldest Node that Noether runs on.
 */
const scratch = new DataView(new ArrayBuffer(8));

/** Largest finite float16. */
export const float16Max = 65504;

/** The float16 nearest to `value` (ties to even), as its 16 bits. Beyond the range: infinity. */
export function toFloat16Bits(value: number): number {
  scratch.setFloat64(0, value);
  const high = scratch.getUint32(0);
  const sign = (high >>> 16) & 0x8000;
  if (Number.isNaN(value)) return 0x7e00;
  const magnitude = Math.abs(value);
  if (magnitude === Number.POSITIVE_INFINITY) return sign | 0x7c00;
  // The spacing of float16 numbers around `magnitude`; 2^-24 for the subnormal ones.
  const exponent = Math.max(((high >>> 20) & 0x7ff) - 1023, -14);
  const steps = roundHalfEven(magnitude * 2 ** (10 - exponent));
  // A carry out of the mantissa lands in the exponent's bits, which is what rounding up to the next power means.
  const bits = steps < 1024 ? steps : ((exponent + 14) << 10) + steps;
  return sign | Math.min(bits, 0x7c00);
}

/** The number that 16 bits of float16 stand for. */
export function fromFloat16Bits(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 0x1f;
  const mantissa = bits & 0x3ff;
  if (exponent === 0x1f) return mantissa ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  if (exponent === 0) return sign * mantissa * 2 ** -24;
  return sign * (1024 + mantissa) * 2 ** (exponent - 25);
}

/** The number that 16 bits of bfloat16 stand for. */
export function fromBfloat16Bits(bits: number): number {
  scratch.setUint32(0, bits << 16);
  return scratch.getFloat32(0);
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
