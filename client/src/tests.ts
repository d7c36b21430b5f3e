/** Every check is a test item: run from the Test Explorer and the gutter, green when the verdict is the expected one. */
import { type CheckState, type ChecksParams, commands } from '@noether/server/protocol';
import * as vscode from 'vscode';
import type { Session } from './session.ts';

type Check = ChecksParams['checks'][number];

/** A run in progress waits until the server has a final word on each of its items. */
interface Running {
  readonly run: vscode.TestRun;
  readonly items: Set<vscode.TestItem>;
  readonly finished: () => void;
}

const finalStates: readonly CheckState[] = ['holds', 'violated', 'inconclusive', 'failed', 'cancelled'];

export function exploreTests(context: vscode.ExtensionContext, session: Session): void {
  const controller = vscode.tests.createTestController('noether', 'Noether');
  const runs = new Set<Running>();
  context.subscriptions.push(
    controller,
    session.onChecks((params) => {
      const file = fileItem(controller, params);
      for (const check of params.checks) {
        const item = file.children.get(itemId(params.uri, check));
        if (item) for (const running of runs) report(running, item, check);
      }
    }),
  );

  controller.createRunProfile(
    'Check',
    vscode.TestRunProfileKind.Run,
    async (request, token) => {
      const run = controller.createTestRun(request);
      const items = new Set(leaves(request.include ?? [...controller.items].map(([, item]) => item)));
      for (const item of request.exclude ?? []) items.delete(item);
      const cancelled = token.onCancellationRequested(() => session.execute(commands.cancel));
      await new Promise<void>((finished) => {
        const running = { run, items, finished };
        runs.add(running);
        for (const item of items) {
          run.enqueued(item);
          void session.execute(commands.run, item.uri!.toString(), checkId(item)).catch((error: Error) => {
            run.errored(item, new vscode.TestMessage(error.message));
            settle(running, item);
          });
        }
        if (items.size === 0) finished();
      });
      for (const running of runs) if (running.run === run) runs.delete(running);
      cancelled.dispose();
      run.end();
    },
    true,
  );
}

/** The item of a file, its children brought up to date with the checks that the file has now. */
function fileItem(controller: vscode.TestController, { uri, checks }: ChecksParams): vscode.TestItem {
  const parsed = vscode.Uri.parse(uri);
  let file = controller.items.get(uri);
  if (!file) {
    file = controller.createTestItem(uri, vscode.workspace.asRelativePath(parsed), parsed);
    controller.items.add(file);
  }
  file.children.replace(
    checks.map((check) => {
      const item = controller.createTestItem(itemId(uri, check), check.title, parsed);
      item.range = new vscode.Range(check.line, 0, check.line, 0);
      item.description = check.summary;
      return item;
    }),
  );
  if (checks.length === 0) controller.items.delete(uri);
  return file;
}

function report(running: Running, item: vscode.TestItem, check: Check): void {
  const mine = [...running.items].find(({ id }) => id === item.id);
  if (!mine) return;
  if (check.state === 'running') running.run.started(mine);
  if (!finalStates.includes(check.state)) return;
  const message = new vscode.TestMessage(check.summary ?? check.state);
  message.location = new vscode.Location(mine.uri!, mine.range!);
  if (check.state === 'cancelled') running.run.skipped(mine);
  else if (check.state === 'failed') running.run.errored(mine, message);
  else if (check.asExpected) running.run.passed(mine);
  else running.run.failed(mine, message);
  settle(running, mine);
}

function settle(running: Running, item: vscode.TestItem): void {
  running.items.delete(item);
  if (running.items.size === 0) running.finished();
}

/** The checks at or below some items. */
function leaves(items: readonly vscode.TestItem[]): vscode.TestItem[] {
  return items.flatMap((item) =>
    item.children.size ? leaves([...item.children].map(([, child]) => child)) : [item],
  );
}

const itemId = (uri: string, check: Check) => `${uri}#${check.id}`;
const checkId = (item: vscode.TestItem) => item.id.slice(item.id.indexOf('#') + 1);
