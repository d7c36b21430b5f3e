/**
 * What a name can refer to: declarations of the same file, and those of the files that it uses. Not of files that those
 * use in turn: a reader finds every name by looking at one `use` line.
 */
import {
  AstUtils,
  DefaultScopeProvider,
  EMPTY_SCOPE,
  type LangiumCoreServices,
  MapScope,
  type ReferenceInfo,
  type Scope,
} from 'langium';
import { usedUris } from './uses.ts';

export class EquiScopeProvider extends DefaultScopeProvider {
  protected override getGlobalScope(referenceType: string, { container }: ReferenceInfo): Scope {
    const uris = usedUris(AstUtils.getDocument(container)).map(String);
    if (uris.length === 0) return EMPTY_SCOPE;
    return new MapScope(this.indexManager.allElements(referenceType, new Set(uris)));
  }
}

/** Kept so that the module can construct it without knowing the base class. */
export const createScopeProvider = (services: LangiumCoreServices) => new EquiScopeProvider(services);
