/**
 * The language server: the first of Noether's two front doors (the other is the command line). It understands the text,
 * hands the checks to worker processes, and shows what they find. This process never loads a tensor library.
 */
import { DocumentState } from 'langium';
import {
  addCodeActionHandler,
  addCodeLensHandler,
  addCompletionHandler,
  addDocumentHighlightHandler,
  addDocumentLinkHandler,
  addDocumentSymbolHandler,
  addDocumentUpdateHandler,
  addExecuteCommandHandler,
  addFileOperationHandler,
  addFindReferencesHandler,
  addFoldingRangeHandler,
  addFormattingHandler,
  addGotoDefinitionHandler,
  addHoverHandler,
  addInlayHintHandler,
  addRenameHandler,
  addSemanticTokenHandler,
  addSignatureHelpHandler,
  addWorkspaceSymbolHandler,
} from 'langium/lsp';
import { NodeFileSystem } from 'langium/node';
import type { ClientCapabilities, Connection } from 'vscode-languageserver';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { connectedClient } from './features/client.ts';
import type { TaskRunner } from './features/items.ts';
import { JobRunner } from './features/job-runner.ts';
import { createEditorServices } from './features/modules.ts';
import type { CheckRunner } from './features/runner.ts';
import { SettingsStore } from './features/settings.ts';
import { type InitializationOptions, trustedNotification } from './protocol.ts';

export interface LanguageServerOptions {
  /** Default: the one that the command line arguments name, `--stdio`. */
  readonly connection?: Connection;
  /** Default: worker processes. */
  readonly runner?: CheckRunner & Partial<TaskRunner>;
}

/** Starts the server and returns; it ends with its connection. */
export function startLanguageServer(options: LanguageServerOptions = {}): void {
  const connection = options.connection ?? createConnection(ProposedFeatures.all);
  let capabilities: ClientCapabilities | undefined;
  const client = connectedClient(connection, () => capabilities);
  const runner = options.runner ?? new JobRunner((line) => client.log(line));
  const settings = new SettingsStore((message) => client.warn(message));
  const { shared, editor } = createEditorServices(
    { connection, ...NodeFileSystem },
    { client, runner, settings },
  );

  // As Langium's own start, but for the diagnostics, which come from the hub, and the settings.
  addDocumentUpdateHandler(connection, shared);
  addFileOperationHandler(connection, shared);
  addCompletionHandler(connection, shared);
  addFindReferencesHandler(connection, shared);
  addDocumentSymbolHandler(connection, shared);
  addGotoDefinitionHandler(connection, shared);
  addDocumentHighlightHandler(connection, shared);
  addFoldingRangeHandler(connection, shared);
  addFormattingHandler(connection, shared);
  addCodeActionHandler(connection, shared);
  addRenameHandler(connection, shared);
  addHoverHandler(connection, shared);
  addInlayHintHandler(connection, shared);
  addSemanticTokenHandler(connection, shared);
  addExecuteCommandHandler(connection, shared);
  addSignatureHelpHandler(connection, shared);
  // A lens belongs to a check, and the checks are known after validation.
  addCodeLensHandler(connection, shared, DocumentState.Validated);
  addDocumentLinkHandler(connection, shared);
  addWorkspaceSymbolHandler(connection, shared);

  connection.onDidChangeConfiguration((change) => {
    shared.workspace.ConfigurationProvider.updateConfiguration(change);
    settings.configurationChanged(change);
  });
  connection.onNotification(trustedNotification, () => editor.setTrusted(true));

  connection.onInitialize((params) => {
    capabilities = params.capabilities;
    const { trusted = true, showsTrainings = false } = (params.initializationOptions ??
      {}) as InitializationOptions;
    if (!trusted) editor.setTrusted(false);
    editor.showsTrainings = showsTrainings;
    return shared.lsp.LanguageServer.initialize(params);
  });
  connection.onInitialized((params) => {
    if (capabilities?.workspace?.configuration) {
      settings.useClient((uri) =>
        connection.workspace.getConfiguration({ scopeUri: uri || undefined, section: 'noether' }),
      );
    }
    shared.lsp.LanguageServer.initialized(params);
    editor.start();
  });
  connection.onShutdown(async () => {
    editor.dispose();
    await runner.dispose();
  });

  shared.workspace.TextDocuments.listen(connection);
  connection.listen();
}
