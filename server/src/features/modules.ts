/** The language's services with the editor's features laid over them. */
import type { ConfigurationInitializedParams } from 'langium';
import { DefaultConfigurationProvider, DocumentState, type LangiumSharedCoreServices } from 'langium';
import type { DefaultSharedModuleContext } from 'langium/lsp';
import type { InitializeParams } from 'vscode-languageserver';
import {
  createEquiServices,
  type EquiServiceSet,
  type EquiServices,
  type Knowledge,
} from '../language/index.ts';
import { engineInspection } from '../language/inspection.ts';
import { EquiCodeActionProvider } from './code-actions.ts';
import { codeHref } from './code-docs.ts';
import { EquiCodeLensProvider } from './code-lens.ts';
import { EquiCommandHandler } from './commands.ts';
import { EquiCompletionProvider } from './completion.ts';
import { Editor, type EditorContext } from './editor.ts';
import { engineVocabulary } from './engine-vocabulary.ts';
import type { FactsContext } from './facts.ts';
import { reportOf } from './file-report.ts';
import { EquiFoldingRangeProvider } from './folding.ts';
import { EquiHoverProvider } from './hover.ts';
import { EquiInlayHintProvider } from './inlay-hints.ts';
import { planFile } from './planner.ts';
import { EquiDocumentSymbolProvider } from './symbols.ts';
import { EquiUpdateHandler } from './update-handler.ts';
import type { Vocabulary } from './vocabulary.ts';

export interface EditorParts extends Pick<EditorContext, 'client' | 'runner' | 'settings'> {
  /** Default: what the engine has. */
  readonly knowledge?: Knowledge;
  readonly vocabulary?: Vocabulary;
}

export interface EditorServiceSet extends EquiServiceSet {
  readonly editor: Editor;
}

export function createEditorServices(
  context: DefaultSharedModuleContext,
  { client, runner, settings, ...given }: EditorParts,
): EditorServiceSet {
  // The features need the editor, and the editor needs the services that they are part of.
  let editor: Editor;
  const vocabularies = new WeakMap<Knowledge, Vocabulary>();
  const facts = (services: EquiServices): FactsContext => {
    const { knowledge } = services;
    const vocabulary =
      given.vocabulary ??
      vocabularies.get(knowledge) ??
      engineVocabulary(knowledge.families, engineInspection);
    vocabularies.set(knowledge, vocabulary);
    return { vocabulary, knowledge, documents: services.shared.workspace.LangiumDocuments };
  };
  const live = {
    get checks() {
      return editor.checks;
    },
    get items() {
      return editor.items;
    },
    get showsTrainings() {
      return editor.showsTrainings;
    },
    itemsOf: (uri: string) => editor.itemsOf(uri),
    settings: (uri: string) => settings.get(uri),
    planned: (uri: string) => editor.planned(uri),
  };

  const set = createEquiServices(context, {
    equi: {
      ...(given.knowledge ? { knowledge: () => given.knowledge! } : {}),
      lsp: {
        CompletionProvider: (services) => new EquiCompletionProvider(services, facts(services).vocabulary),
        HoverProvider: (services) => new EquiHoverProvider(withFacts(live, facts(services))),
        CodeLensProvider: (services) => new EquiCodeLensProvider(withFacts(live, facts(services))),
        InlayHintProvider: (services) => new EquiInlayHintProvider(withFacts(live, facts(services))),
        CodeActionProvider: (services) => new EquiCodeActionProvider(withFacts(live, facts(services))),
        FoldingRangeProvider: (services) => new EquiFoldingRangeProvider(services),
        DocumentSymbolProvider: () => new EquiDocumentSymbolProvider(),
      },
    },
    shared: {
      lsp: {
        DocumentUpdateHandler: (services) => new EquiUpdateHandler(services, () => editor),
        ExecuteCommandHandler: () =>
          EquiCommandHandler.create({
            editor: () => editor,
            clearCache: async () => {
              await runner.clearCache(await settings.get(''));
              editor.checks.forgetResults();
            },
            report: (uri) => reportOf(editor, uri, settings),
          }),
      },
      workspace: {
        ConfigurationProvider: (services) => new EquiConfigurationProvider(services),
      },
    },
  });
  const { shared, equi } = set;
  const { LangiumDocuments, DocumentBuilder, TextDocuments, AstNodeLocator } = {
    ...shared.workspace,
    ...equi.workspace,
  };
  editor = new Editor({
    client,
    runner,
    settings,
    documents: LangiumDocuments,
    locator: AstNodeLocator,
    openVersion: (uri) => TextDocuments.get(uri)?.version,
    plan: (document, current) => planFile(document, equi, current),
    codeHref,
  });

  // The workspace is validated as it is loaded, and not only when a file in it changes.
  shared.workspace.WorkspaceManager.initialBuildOptions = { validation: true };
  DocumentBuilder.onDocumentPhase(DocumentState.Validated, (document) => editor.validated(document));
  DocumentBuilder.onUpdate((_, deleted) => {
    for (const uri of deleted) editor.removed(uri.toString());
  });
  return { shared, equi, editor };
}

/** Getters are kept: the editor is not there yet when a provider is made. */
function withFacts<T extends object>(live: T, facts: FactsContext): T & FactsContext {
  return Object.defineProperties(facts as T & FactsContext, Object.getOwnPropertyDescriptors(live));
}

/** The settings are read by SettingsStore; this only registers for changes, where the client offers that. */
class EquiConfigurationProvider extends DefaultConfigurationProvider {
  private canRegister = false;

  constructor(services: LangiumSharedCoreServices) {
    super(services);
  }

  override initialize(params: InitializeParams): void {
    super.initialize(params);
    this.canRegister = params.capabilities.workspace?.didChangeConfiguration?.dynamicRegistration ?? false;
  }

  override async initialized(params: ConfigurationInitializedParams): Promise<void> {
    await super.initialized({
      ...params,
      register: this.canRegister ? params.register : undefined,
      fetchConfiguration: undefined,
    });
  }

  protected override toSectionName(): string {
    return 'noether';
  }
}
