/** Spherical harmonics on the wasm backend: eight vectors at a time. */
import { onWasm } from '../on-wasm.ts';
import type { SphericalHarmonicsAttributes } from './reference.ts';

/** The numbers of the module's normalisations. */
const kinds = { norm: 0, component: 1, integral: 2 } as const;

/** `NoetherSphericalHarmonics` of [vectors]; `NoetherSphericalHarmonicsGradient` of [vectors, dy]. */
export const sphericalHarmonicsOnWasm = onWasm<SphericalHarmonicsAttributes>({
  NoetherSphericalHarmonics: (simd, [vectors], { degree, normalize, normalization }) => {
    const count = vectors!.shape[0]!;
    const out = simd.output([count, (degree + 1) ** 2]);
    simd.withScratch(simd.run.sphericalHarmonicsScratch(degree), (scratch) =>
      simd.run.sphericalHarmonics(
        simd.address(vectors!),
        simd.address(out),
        count,
        degree,
        normalize,
        kinds[normalization],
        scratch,
      ),
    );
    return out;
  },
  NoetherSphericalHarmonicsGradient: (simd, [vectors, dy], { degree, normalize, normalization }) => {
    const count = vectors!.shape[0]!;
    const out = simd.output([count, 3]);
    simd.withScratch(simd.run.sphericalHarmonicsScratch(degree), (scratch) =>
      simd.run.sphericalHarmonicsGradient(
        simd.address(vectors!),
        simd.address(dy!),
        simd.address(out),
        count,
        degree,
        normalize,
        kinds[normalization],
        scratch,
      ),
    );
    return out;
  },
});
