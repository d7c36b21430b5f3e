/** Samples that leave a frame or an order open, named: `no frame is determined by 1 of 12 samples: objects.npz[3]: lies on a line`. */
import type { Finding } from '../fault.ts';
import { inputsOf, type Setting } from './pairs.ts';

/** Samples that are named of each kind. */
const named = 3;

/** One finding for each code; none for a model that makes no frames. */
export async function ambiguousSamples(setting: Setting): Promise<Finding[]> {
  const { model, dataset } = setting;
  const { samples } = dataset;
  if (!model.ambiguities) return [];
  const found = await model.ambiguities(samples.map((sample) => inputsOf(setting, sample)));
  const codes = [...new Set(found.flat().map(({ code }) => code))];
  return codes.map((code): Finding => {
    const own = found.map((each) => each.filter((ambiguity) => ambiguity.code === code));
    const { severity, lead, expected, advice } = own.flat()[0]!;
    // Samples of which the same is to be said, together.
    const alike = new Map<string, string[]>();
    for (const [i, ambiguities] of own.entries()) {
      const remark = ambiguities.map((ambiguity) => ambiguity.remark).join(', ');
      if (remark) alike.set(remark, [...(alike.get(remark) ?? []), samples[i]!.id]);
    }
    const count = own.filter(({ length }) => length > 0).length;
    const share = `${count} of ${samples.length} sample${samples.length === 1 ? '' : 's'}`;
    const parts = [...alike].map(([remark, ids]) => `${namesText(ids)}: ${remark}`);
    return {
      code,
      severity,
      message: `${lead} ${share}: ${parts.join('; ')}`,
      ...(expected === undefined ? {} : { expected }),
      found: share,
      ...(advice === undefined ? {} : { advice }),
    };
  });
}

function namesText(ids: readonly string[]): string {
  const rest = ids.length > named ? ` and ${ids.length - named} more` : '';
  return `${ids.slice(0, named).join(', ')}${rest}`;
}
