/** The denoiser as a model that can be verified, trained and sampled. */
import { centred } from '../../diffusion/centred.ts';
import { real, type Values } from '../../tensor/array.ts';
import type { Model } from '../model.ts';
import { openRapidash, type RapidashRequest, type Runtimes } from '../rapidash/model.ts';
import { denoiserSignature } from './description.ts';
import { knownPart, noisyOf } from './scaling.ts';
import { denoiserSpecification, denoisingOf, networkFields, networkOptions } from './specification.ts';
import { denoiserTrainable } from './trainable.ts';

/**
 * Weights are those of the Rapidash inside, under its official names. A batch may hold `noise_level` for each sample; those
 * that do not are taken at the option's.
 * @throws Fault `model/…`
 */
export function openRapidashDenoiser(request: RapidashRequest, runtimes: Runtimes): Model {
  const specification = denoiserSpecification(request.options, request.fields);
  const { dim } = specification.network.config;
  const { name } = specification.network.inputs.positions;
  const network = openRapidash(
    {
      ...request,
      options: networkOptions(request.options),
      fields: networkFields(request.fields),
      ...(request.example ? { example: noisyOf(specification, request.example).input } : {}),
    },
    runtimes,
  );
  const inputsOf = (batch: readonly Values[]) => batch.map((values) => noisyOf(specification, values));
  return {
    ...network,
    title: `${network.title}, denoising`,
    signature: denoiserSignature(specification),
    denoising: denoisingOf(specification),
    trainable: async () => denoiserTrainable(specification, await network.trainable!()),
    async evaluate(batch, precision) {
      const noisy = inputsOf(batch);
      const results = await network.evaluate(
        noisy.map(({ input }) => input),
        precision,
      );
      return results.map(({ vectors }, i) => {
        const taken = centred(vectors!.data as Float64Array, dim);
        const { out } = noisy[i]!.scaling;
        const data = knownPart(noisy[i]!).map((value, k) => value - out * taken[k]!);
        return { denoised: real(batch[i]![name]!.shape, data) };
      });
    },
    layers: (batch) => network.layers!(inputsOf(batch).map(({ input }) => input)),
  };
}
