/** Building documents: used files are loaded with the file that uses them, and rebuilt users follow their files. */
import {
  type BuildOptions,
  DefaultDocumentBuilder,
  DocumentState,
  type LangiumDocument,
  type LangiumSharedCoreServices,
} from 'langium';
import type { CancellationToken } from 'vscode-languageserver';
import { reachableUris, usedUris } from './uses.ts';

export class EquiDocumentBuilder extends DefaultDocumentBuilder {
  private readonly files: LangiumSharedCoreServices['workspace']['FileSystemProvider'];

  constructor(services: LangiumSharedCoreServices) {
    super(services);
    this.files = services.workspace.FileSystemProvider;
  }

  /** Adds the files reached through `use`, which may lie outside of the workspace or never have been opened. */
  protected override async buildDocuments(
    documents: LangiumDocument[],
    options: BuildOptions,
    cancelToken: CancellationToken,
  ): Promise<void> {
    this.prepareBuild(documents, options);
    await this.parse(documents, cancelToken);
    const all = [...documents];
    for (let i = 0; i < all.length; i++) {
      const loaded = await this.loadUsed(all[i]!);
      this.prepareBuild(loaded, options);
      await this.parse(loaded, cancelToken);
      all.push(...loaded);
    }
    await super.buildDocuments(all, options, cancelToken);
  }

  private parse(documents: LangiumDocument[], cancelToken: CancellationToken): Promise<void> {
    return this.runCancelable(documents, DocumentState.Parsed, cancelToken, (document) =>
      this.langiumDocumentFactory.update(document, cancelToken),
    );
  }

  private async loadUsed(document: LangiumDocument): Promise<LangiumDocument[]> {
    const loaded: LangiumDocument[] = [];
    for (const uri of usedUris(document)) {
      if (this.langiumDocuments.hasDocument(uri)) continue;
      try {
        if (!(await this.files.stat(uri)).isFile) continue;
        loaded.push(await this.langiumDocuments.getOrCreateDocument(uri));
      } catch {
        // Missing or unreadable: validation says so at the `use` line.
      }
    }
    return loaded;
  }

  /** Checks look through references into used files, so every user of a changed file is looked at again. */
  protected override shouldRelink(document: LangiumDocument, changed: Set<string>): boolean {
    if (super.shouldRelink(document, changed)) return true;
    const reachable = reachableUris(document, this.langiumDocuments);
    return [...changed].some((uri) => reachable.has(uri));
  }
}
