/** The language server as the tests start it: what `noether lsp` does, without the rest of the command line. */
import { startLanguageServer } from '../../src/lsp.ts';

startLanguageServer();
