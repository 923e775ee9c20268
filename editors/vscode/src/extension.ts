/** What VS Code starts: the check as you type, the message beside the text, four commands. */

import * as vscode from "vscode";
import { Checking } from "./checking";
import { Preview } from "./preview";
import { findProgram } from "./program";

let checking: Checking | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const log = vscode.window.createOutputChannel("Newsletters as code", { log: true });
  const preview = new Preview(log);
  checking = new Checking(log);
  context.subscriptions.push(
    log,
    preview,
    vscode.commands.registerCommand("newsletter.preview", () => showMessage(preview)),
    vscode.commands.registerCommand("newsletter.check", checkAll),
    vscode.commands.registerCommand("newsletter.restart", () => checking?.restart()),
    vscode.commands.registerCommand("newsletter.log", () => log.show()),
    vscode.workspace.onDidSaveTextDocument((document) => preview.saved(document)),
    vscode.workspace.onDidChangeWorkspaceFolders(() => checking?.restart()),
    vscode.workspace.onDidGrantWorkspaceTrust(() => checking?.restart()),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("newsletter")) void checking?.restart();
    }),
  );
  await checking.startAll();
}

export async function deactivate(): Promise<void> {
  await checking?.stopAll();
}

/** The saved text is what is rendered, so it is saved first. */
async function showMessage(preview: Preview): Promise<void> {
  const document = vscode.window.activeTextEditor?.document;
  if (!document) return;
  if (document.isDirty && !(await document.save())) return;
  await preview.show(document.uri);
}

/** In a terminal: its lines are links to the places. */
async function checkAll(): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (!folder) return;
  const words = ["check"];
  const shellPath = await findProgram(folder);
  const terminal = vscode.window.createTerminal({
    name: "newsletter check",
    cwd: folder.uri,
    shellPath: "/bin/sh",
    shellArgs: ["-c", '"$0" "$@"; exec "${SHELL:-sh}"', shellPath, ...words],
  });
  terminal.show();
}
