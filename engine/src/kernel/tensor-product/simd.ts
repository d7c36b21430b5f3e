/** The sparse tensor product on the wasm backend. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Simd } from '../../tensor/simd/module.ts';
import { onWasm } from '../on-wasm.ts';
import type { Coupling } from './reference.ts';
import { type CouplingTable, tableOf } from './table.ts';

/** Calls a function of the module with the addresses of the table and of its scratch. */
function withTable(
  simd: Simd,
  { words, links }: CouplingTable,
  [sources, targets]: readonly [number, number],
  work: (table: number, scratch: number) => void,
): void {
  const size = simd.run.tensorProductScratch(sources, targets, links);
  simd.withScratch(words.byteLength + size, (table) => {
    simd.write(table, words);
    work(table, table + words.byteLength);
  });
}

/** z [n, U, targets] of x [n, U, sources] and y [n, J]. */
function product(
  simd: Simd,
  x: TensorInfo,
  y: TensorInfo,
  table: CouplingTable,
  targets: number,
): TensorInfo {
  const [n, channels, sources] = x.shape as [number, number, number];
  const out = simd.output([n, channels, targets]);
  withTable(simd, table, [sources, targets], (at, scratch) =>
    simd.run.tensorProduct(
      simd.address(x),
      simd.address(y),
      at,
      simd.address(out),
      n,
      channels,
      sources,
      y.shape[1]!,
      targets,
      scratch,
    ),
  );
  return out;
}

/**
 * `NoetherTensorProduct` of [x, y]; `NoetherTensorProductLeftGradient` of [dz, y] and `NoetherTensorProductRightGradient`
 * of [dz, x], with the same coupling and `width`, the number of components of the operand.
 */
export const tensorProductOnWasm = onWasm<Coupling & { width: number }>({
  NoetherTensorProduct: (simd, [x, y], coupling) =>
    product(simd, x!, y!, tableOf(coupling, 'forward'), coupling.size),
  NoetherTensorProductLeftGradient: (simd, [dz, y], coupling) =>
    product(simd, dz!, y!, tableOf(coupling, 'left'), coupling.width),
  NoetherTensorProductRightGradient: (simd, [dz, x], coupling) => {
    const [n, channels, sources] = x!.shape as [number, number, number];
    const out = simd.output([n, coupling.width]);
    withTable(simd, tableOf(coupling, 'forward'), [sources, coupling.size], (at, scratch) =>
      simd.run.tensorProductRightGradient(
        simd.address(x!),
        simd.address(dz!),
        at,
        simd.address(out),
        n,
        channels,
        sources,
        coupling.width,
        coupling.size,
        scratch,
      ),
    );
    return out;
  },
});
