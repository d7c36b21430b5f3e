#!/usr/bin/env node
/** Entry of the command line; the language server is one of its commands. */
import { main } from './cli/main.ts';

await main(process);
