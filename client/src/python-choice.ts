/**
 * The interpreter that the user chose in VS Code's Python extension: it runs models `from python` where neither the model
 * nor the setting noether.python names one.
 */
import { isAbsolute } from 'node:path';
import * as vscode from 'vscode';

/** The part of ms-python.python's published interface that is used here. */
interface PythonApi {
  readonly environments: {
    /** An interpreter or the folder of an environment; `python` where nothing was found. */
    getActiveEnvironmentPath(resource?: vscode.Uri): { readonly path: string };
    readonly onDidChangeActiveEnvironmentPath: vscode.Event<unknown>;
  };
}

/** Waits for the Python extension, where there is one, and then tells of every choice. */
export class PythonChoice implements vscode.Disposable {
  private api: PythonApi | undefined;
  private readonly emitter = new vscode.EventEmitter<void>();
  private readonly subscriptions: vscode.Disposable[] = [this.emitter];

  /** The choice, or whether there is one, may have changed. */
  readonly onChange = this.emitter.event;

  /** Never fails: without the extension there is no choice. */
  async watch(): Promise<void> {
    const extension = vscode.extensions.getExtension<PythonApi>('ms-python.python');
    if (!extension) return;
    try {
      this.api = await extension.activate();
      this.subscriptions.push(
        this.api.environments.onDidChangeActiveEnvironmentPath(() => this.emitter.fire()),
      );
      this.emitter.fire();
    } catch {
      // An older or broken one has no such interface.
      this.api = undefined;
    }
  }

  /** Absolute path of the interpreter or environment for a resource; undefined where nothing was chosen. */
  of(resource: string | undefined): string | undefined {
    const path = this.api?.environments.getActiveEnvironmentPath(
      resource === undefined ? undefined : vscode.Uri.parse(resource),
    ).path;
    return path !== undefined && isAbsolute(path) ? path : undefined;
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }
}
