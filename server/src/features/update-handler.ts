/** What the client tells of documents and files: opened, saved, closed, changed on disk. */
import { existsSync } from 'node:fs';
import { URI } from 'langium';
import { DefaultDocumentUpdateHandler, type LangiumSharedServices } from 'langium/lsp';
import type {
  DidChangeWatchedFilesParams,
  FileSystemWatcher,
  TextDocumentChangeEvent,
} from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Editor } from './editor.ts';

/** Formats of data and models; a folder that is renamed or deleted is reported by its name. */
const watched = ['equi', 'npz', 'npy', 'safetensors', 'xyz', 'extxyz', 'csv', 'onnx', 'py'];

export class EquiUpdateHandler extends DefaultDocumentUpdateHandler {
  private readonly editor: () => Editor;
  private readonly services: LangiumSharedServices;

  /** @param editor late, because the editor needs the services that are being made. */
  constructor(services: LangiumSharedServices, editor: () => Editor) {
    super(services);
    this.services = services;
    this.editor = editor;
  }

  protected override getWatchers(): FileSystemWatcher[] {
    return [{ globPattern: `**/*.{${watched.join(',')}}` }];
  }

  didSaveDocument({ document }: TextDocumentChangeEvent<TextDocument>): void {
    void this.afterBuild(document.uri, () => this.editor().saved(document.uri));
  }

  /** Unsaved changes are gone with the window: what is on disk counts again. */
  didCloseDocument({ document }: TextDocumentChangeEvent<TextDocument>): void {
    const uri = URI.parse(document.uri);
    const onDisk = uri.scheme === 'file' && existsSync(uri.fsPath);
    this.fireDocumentUpdate(onDisk ? [uri] : [], onDisk ? [] : [uri]);
  }

  override didChangeWatchedFiles(params: DidChangeWatchedFilesParams): void {
    const isSpecification = ({ uri }: { uri: string }) => uri.endsWith('.equi');
    const specifications = params.changes.filter(isSpecification);
    // The base class would take every changed file for a specification.
    if (specifications.length > 0) super.didChangeWatchedFiles({ changes: specifications });
    const files = new Set(
      params.changes.filter((change) => !isSpecification(change)).map(({ uri }) => URI.parse(uri).fsPath),
    );
    if (files.size > 0) this.editor().filesChanged((file) => files.has(file));
  }

  /** A save follows an edit closely: the text that was saved has to be built first. */
  private async afterBuild(uri: string, action: () => Promise<void>): Promise<void> {
    try {
      await this.services.workspace.WorkspaceManager.ready;
      await this.services.workspace.WorkspaceLock.read(() => {});
      await action();
    } catch (error) {
      console.error(`After saving ${uri}:`, error);
    }
  }
}
