/** The vocabulary of the real engine: its families and groups, and the headers of files on disk. */
import { ambientDescriptions, type FamilyDescription, groupDescriptions } from '@noether/engine/catalog';
import type { Inspection } from '../language/inspection.ts';
import { FileMemo } from './file-facts.ts';
import type { ArrayFacts, GraphFacts, Vocabulary } from './vocabulary.ts';

export function engineVocabulary(families: readonly FamilyDescription[], inspection: Inspection): Vocabulary {
  const arrays = new FileMemo<readonly ArrayFacts[]>((file) => inspection.dataFile(file));
  const graphs = new FileMemo((file) => graphFacts(inspection, file));
  return {
    families,
    groups: groupDescriptions,
    ambient: ambientDescriptions,
    arrays: (file) => arrays.find(file),
    graph: (file) => graphs.find(file),
  };
}

async function graphFacts(inspection: Inspection, file: string): Promise<GraphFacts> {
  const { inputs, outputs, parameterCount } = await inspection.onnx(file);
  const facts = ({ name, dtype, dims }: (typeof inputs)[number]) => ({
    name,
    text: dims ? `${dtype} [${dims.map((dim) => dim ?? '?').join(', ')}]` : dtype,
    dims,
  });
  return { inputs: inputs.map(facts), outputs: outputs.map(facts), parameterCount };
}
