/** How far a graphics adapter may be from float64, for tests. */
import type { Runtime } from '../runtime.ts';

/**
 * Of the largest entry, for values of order one. SwiftShader takes sines and cosines to 1.9e-4 only, and exponentials
 * follow; hardware keeps WGSL's bounds.
 */
export function toleranceOnGpu({ backend }: Runtime): number {
  return /swiftshader/i.test(backend.description) ? 2e-3 : 1e-4;
}
