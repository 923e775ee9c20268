/** The check as you type: one language server a folder that has a publication in it. */

import * as vscode from "vscode";
import { LanguageClient, RevealOutputChannelOn, State } from "vscode-languageclient/node";
import { findProgram, ProgramMissing } from "./program";

const SETTINGS = "**/newsletter.toml";
const ISSUES = "**/issues/*.md";

export class Checking implements vscode.Disposable {
  private readonly clients = new Map<string, LanguageClient>();

  constructor(private readonly log: vscode.LogOutputChannel) {}

  async startAll(): Promise<void> {
    for (const folder of vscode.workspace.workspaceFolders ?? []) await this.start(folder);
    await vscode.commands.executeCommand("setContext", "newsletter.isRunning", this.clients.size > 0);
  }

  async restart(): Promise<void> {
    await this.stopAll();
    await this.startAll();
  }

  async stopAll(): Promise<void> {
    const running = [...this.clients.values()];
    this.clients.clear();
    await Promise.all(running.map((client) => client.dispose()));
  }

  dispose(): void {
    void this.stopAll();
  }

  private async start(folder: vscode.WorkspaceFolder): Promise<void> {
    if (!(await hasPublication(folder))) return;
    try {
      const client = this.client(folder, await findProgram(folder));
      this.clients.set(folder.uri.toString(), client);
      await client.start();
    } catch (error) {
      this.clients.delete(folder.uri.toString());
      await this.complain(error);
    }
  }

  private client(folder: vscode.WorkspaceFolder, program: string): LanguageClient {
    this.log.info(`starting ${program} lsp in ${folder.uri.fsPath}`);
    const pattern = `${folder.uri.fsPath}/**/*`;
    const client = new LanguageClient(
      "newsletter",
      "Newsletters as code",
      { command: program, args: ["lsp"], options: { cwd: folder.uri.fsPath } },
      {
        documentSelector: [{ scheme: "file", language: "markdown", pattern }],
        workspaceFolder: folder,
        outputChannel: this.log,
        revealOutputChannelOn: RevealOutputChannelOn.Never,
        synchronize: { fileEvents: watchers(folder) },
      },
    );
    client.onDidChangeState(({ newState }) => {
      if (newState === State.Stopped) this.log.warn("the check has stopped");
    });
    return client;
  }

  private async complain(error: unknown): Promise<void> {
    const words = error instanceof Error ? error.message : String(error);
    this.log.error(words);
    const choices = error instanceof ProgramMissing ? ["Open Settings"] : ["Show the Log"];
    void vscode.window.showErrorMessage(said(error, words), ...choices).then((chosen) => {
      if (chosen === "Open Settings") {
        void vscode.commands.executeCommand("workbench.action.openSettings", "newsletter.path");
      } else if (chosen) this.log.show();
    });
  }
}

function said(error: unknown, words: string): string {
  return error instanceof ProgramMissing ? words : `The check did not start: ${words}`;
}

function watchers(folder: vscode.WorkspaceFolder): vscode.FileSystemWatcher[] {
  return [SETTINGS, ISSUES].map((pattern) =>
    vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, pattern)),
  );
}

async function hasPublication(folder: vscode.WorkspaceFolder): Promise<boolean> {
  const pattern = new vscode.RelativePattern(folder, SETTINGS);
  return (await vscode.workspace.findFiles(pattern, "**/{node_modules,.venv}/**", 1)).length > 0;
}
