/** How every surface writes numbers. */

/** Two significant digits: `3.1e-7`, `0.042`, `12`, `2.1e6`. */
export function shortNumber(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e4) return String(Number(value.toPrecision(2)));
  return value.toExponential(1).replace('.0e', 'e').replace('e+', 'e');
}

/** `12,417`. */
export function grouped(count: number): string {
  return count.toLocaleString('en-US');
}

/** `1 check`, `2 checks`. */
export function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** `4.6%`, `95%`, `0.12%`. */
export function percent(share: number): string {
  return `${Number((share * 100).toPrecision(2))}%`;
}

/** `31 ms`, `0.31 s`, `12 s`, `3 min 20 s`. */
export function duration(seconds: number): string {
  if (seconds < 0.095) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 100) return `${Number(seconds.toPrecision(2))} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/** `340 us`, `1.2 ms`, `31 ms`, then as {@link duration}: for what is timed in itself. */
export function fineDuration(seconds: number): string {
  if (seconds < 0.001) return `${Number((seconds * 1e6).toPrecision(2))} us`;
  if (seconds < 0.0995) return `${Number((seconds * 1000).toPrecision(2))} ms`;
  return duration(seconds);
}

/** `12 kB`, `3.4 MB`, in powers of 1000. */
export function bytesText(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? value : Number(value.toPrecision(2))} ${units[unit]}`;
}
