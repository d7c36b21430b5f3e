/** Wiring: which of Langium's services are ours. */

import { EmptyFileSystemProvider, inject, type Module } from 'langium';
import {
  createDefaultModule,
  createDefaultSharedModule,
  type DefaultSharedModuleContext,
  type LangiumServices,
  type LangiumSharedServices,
  type PartialLangiumServices,
  type PartialLangiumSharedServices,
} from 'langium/lsp';
import { EquiDocumentValidator } from './document-validator.ts';
import { EquiDocumentationProvider } from './documentation.ts';
import { EquiDocumentBuilder } from './documents.ts';
import { EquiFormatter } from './format/formatter.ts';
import { EquiGeneratedModule, EquiGeneratedSharedModule } from './generated/module.ts';
import { engineInspection, type Inspection } from './inspection.ts';
import { engineKnowledge, type Knowledge } from './knowledge.ts';
import { EquiParserMessages } from './parser-messages.ts';
import { EquiRenameProvider } from './rename.ts';
import { EquiScopeProvider } from './scope.ts';
import { EquiSemanticTokenProvider } from './semantic-tokens.ts';
import { EquiValueConverter } from './text-conversion.ts';
import { registerChecks } from './validation/register.ts';
import { EquiWorkspaceManager } from './workspace.ts';

/** Services that the language adds to Langium's. */
export interface EquiAddedServices {
  readonly knowledge: Knowledge;
  /** Absent where there is no file system: then nothing is said about files. */
  readonly inspection: Inspection | undefined;
}

export type EquiServices = LangiumServices & EquiAddedServices;

/** Services of one language, and those shared by all of a process. */
export interface EquiServiceSet {
  readonly shared: LangiumSharedServices;
  readonly equi: EquiServices;
}

/** Modules of a caller, laid over the language's own: editor features, or fakes in tests. */
export interface ExtraModules {
  readonly equi?: Module<EquiServices, PartialLangiumServices & Partial<EquiAddedServices>>;
  readonly shared?: Module<LangiumSharedServices, PartialLangiumSharedServices>;
}

const languageModule: Module<EquiServices, PartialLangiumServices & EquiAddedServices> = {
  knowledge: () => engineKnowledge,
  inspection: ({ shared }) =>
    shared.workspace.FileSystemProvider instanceof EmptyFileSystemProvider ? undefined : engineInspection,
  parser: {
    ValueConverter: () => new EquiValueConverter(),
    ParserErrorMessageProvider: () => new EquiParserMessages(),
  },
  validation: {
    DocumentValidator: (services) => new EquiDocumentValidator(services),
  },
  references: {
    ScopeProvider: (services) => new EquiScopeProvider(services),
  },
  lsp: {
    Formatter: () => new EquiFormatter(),
    RenameProvider: (services) => new EquiRenameProvider(services),
    SemanticTokenProvider: (services) => new EquiSemanticTokenProvider(services),
  },
  documentation: {
    DocumentationProvider: () => new EquiDocumentationProvider(),
  },
};

const sharedModule: Module<LangiumSharedServices, PartialLangiumSharedServices> = {
  workspace: {
    DocumentBuilder: (services) => new EquiDocumentBuilder(services),
    WorkspaceManager: (services) => new EquiWorkspaceManager(services),
  },
};

/**
 * The services of the language.
 * @param context `NodeFileSystem` on the command line, with `connection` in the language server, `EmptyFileSystem` in
 * tests.
 */
export function createEquiServices(
  context: DefaultSharedModuleContext,
  extra: ExtraModules = {},
): EquiServiceSet {
  const shared = inject(
    createDefaultSharedModule(context),
    EquiGeneratedSharedModule,
    sharedModule,
    extra.shared,
  );
  const equi = inject(createDefaultModule({ shared }), EquiGeneratedModule, languageModule, extra.equi);
  shared.ServiceRegistry.register(equi);
  registerChecks(equi);
  if (!context.connection) {
    // Without a client nobody sends the configuration, and requests for it would wait for ever.
    shared.workspace.ConfigurationProvider.initialized({});
  }
  return { shared, equi };
}
