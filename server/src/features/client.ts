/** What this server says to its client of its own accord, as far as the client can take it. */
import { type ClientCapabilities, CodeLensRefreshRequest, type Connection } from 'vscode-languageserver';
import {
  type ChecksParams,
  checksNotification,
  type StatusParams,
  statusNotification,
  type TrainingInfo,
  trainingNotification,
} from '../protocol.ts';
import type { BeginProgress } from './batch.ts';
import type { HubContext } from './hub.ts';

export interface Client {
  readonly publish: HubContext['publish'];
  readonly beginProgress: BeginProgress;
  sendChecks(params: ChecksParams): void;
  sendStatus(params: StatusParams): void;
  sendTraining(info: TrainingInfo): void;
  /** Lenses are computed on request; this makes the client request them. */
  refreshLenses(): void;
  refreshHints(): void;
  log(message: string): void;
  warn(message: string): void;
}

/** @param capabilities what the client announced; `undefined` before it has. */
export function connectedClient(
  connection: Connection,
  capabilities: () => ClientCapabilities | undefined,
): Client {
  // A client that goes away in the middle of a message is no reason to fail.
  const ignore = () => {};
  return {
    publish: (params) => void connection.sendDiagnostics(params).catch(ignore),
    beginProgress: async (title, cancel) => {
      if (!capabilities()?.window?.workDoneProgress) return undefined;
      try {
        const progress = await connection.window.createWorkDoneProgress();
        progress.begin(title, 0, undefined, true);
        progress.token.onCancellationRequested(cancel);
        return {
          report: (message, fraction) => progress.report(Math.round(fraction * 100), message),
          done: () => progress.done(),
        };
      } catch {
        return undefined;
      }
    },
    sendChecks: (params) => void connection.sendNotification(checksNotification, params).catch(ignore),
    sendStatus: (params) => void connection.sendNotification(statusNotification, params).catch(ignore),
    sendTraining: (info) => void connection.sendNotification(trainingNotification, info).catch(ignore),
    refreshLenses: () => {
      if (capabilities()?.workspace?.codeLens?.refreshSupport) {
        connection.sendRequest(CodeLensRefreshRequest.type).catch(ignore);
      }
    },
    refreshHints: () => {
      if (capabilities()?.workspace?.inlayHint?.refreshSupport) {
        connection.languages.inlayHint.refresh().catch(ignore);
      }
    },
    log: (message) => connection.console.info(message),
    warn: (message) => connection.console.warn(message),
  };
}
