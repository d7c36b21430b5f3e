/** Message passing on the wasm backend: one pass over the edges. */
import { checkEdges, onWasm } from '../on-wasm.ts';

/** `NoetherMessageSum` of [x, w, senders, receivers] with `count`, and `NoetherMessageSumWeightGradient` of [x, dy, senders, receivers]. */
export const messageSumOnWasm = onWasm<{ count: number; perEdge: boolean }>({
  NoetherMessageSum: (simd, [x, w, senders, receivers], { count }) => {
    const [size, width] = x!.shape as [number, number];
    const [edges, columns] = w!.shape as [number, number];
    const out = simd.output([count, width]);
    const wrong = simd.run.messageSum(
      simd.address(x!),
      simd.address(w!),
      simd.address(senders!),
      simd.address(receivers!),
      simd.address(out),
      edges,
      size,
      count,
      width,
      columns === 1,
      // With senders and receivers exchanged, an edge that is left out has a negative sender.
      true,
    );
    checkEdges(simd, wrong, out, [senders!, receivers!]);
    return out;
  },
  NoetherMessageSumWeightGradient: (simd, [x, dy, senders, receivers], { perEdge }) => {
    const [edges, width] = [senders!.shape[0]!, x!.shape[1]!];
    const out = simd.output([edges, perEdge ? 1 : width]);
    const inputs = [x!, dy!, senders!, receivers!].map((info) => simd.address(info)) as [
      number,
      number,
      number,
      number,
    ];
    simd.run.messageWeightGradient(...inputs, simd.address(out), edges, width, perEdge);
    return out;
  },
});
