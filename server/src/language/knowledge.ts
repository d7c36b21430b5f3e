/** What the language knows of the engine. A service, so that tests can bring a family of their own. */
import { type FamilyDescription, families } from '@noether/engine/catalog';

export interface Knowledge {
  readonly families: readonly FamilyDescription[];
}

export const engineKnowledge: Knowledge = { families };
