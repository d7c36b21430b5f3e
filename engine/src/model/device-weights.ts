/** Weights of a network on the device: uploaded when a precision is first used, freed with the model. */
import type { Precision, Runtime, Tensor } from '../tensor/runtime.ts';
import type { WeightArrays } from './weights.ts';

export type DeviceWeights = Readonly<Record<string, Tensor>>;

/** Uploads all arrays. The caller disposes of them, or calls inside tf.tidy. */
export function uploadWeights(runtime: Runtime, weights: WeightArrays): DeviceWeights {
  return Object.fromEntries(Object.entries(weights).map(([name, array]) => [name, runtime.tensor(array)]));
}

export interface WeightsOnDevice {
  /**
   * The weights in a precision; uploaded the first time, so not to be called inside tf.tidy, which would free them.
   * @throws Error after `dispose`.
   */
  of(precision: Precision, weights: WeightArrays): DeviceWeights;
  dispose(): void;
}

/** @param title of the model, for the error of one that is used after its end. */
export function weightsOnDevice(
  title: string,
  runtimes: Readonly<Record<Precision, Runtime>>,
): WeightsOnDevice {
  const uploaded = new Map<Precision, DeviceWeights>();
  let disposed = false;
  return {
    of(precision, weights) {
      if (disposed) throw new Error(`${title} was disposed of`);
      let device = uploaded.get(precision);
      if (!device) {
        device = uploadWeights(runtimes[precision], weights);
        uploaded.set(precision, device);
      }
      return device;
    },
    dispose() {
      disposed = true;
      for (const [precision, device] of uploaded) runtimes[precision].tf.dispose(Object.values(device));
      uploaded.clear();
    },
  };
}
