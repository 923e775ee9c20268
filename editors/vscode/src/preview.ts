/** The message beside the text: rendered anew at each save, in a frame that runs no script. */

import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import * as vscode from "vscode";
import { findProgram, runProgram } from "./program";

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src https: data:";

export class Preview implements vscode.Disposable {
  private panel: vscode.WebviewPanel | undefined;
  private shown: vscode.Uri | undefined;
  private turn = 0;

  constructor(private readonly log: vscode.LogOutputChannel) {}

  async show(uri: vscode.Uri): Promise<void> {
    this.shown = uri;
    this.panel ??= this.open();
    this.panel.reveal(vscode.ViewColumn.Beside, true);
    await this.refresh();
  }

  async saved(document: vscode.TextDocument): Promise<void> {
    if (this.panel && document.uri.toString() === this.shown?.toString()) await this.refresh();
  }

  dispose(): void {
    this.panel?.dispose();
  }

  private open(): vscode.WebviewPanel {
    const where = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    const panel = vscode.window.createWebviewPanel("newsletter", "Message", where, {});
    panel.onDidDispose(() => {
      this.panel = this.shown = undefined;
    });
    return panel;
  }

  /** Saves may come faster than renderings: only the last one's is shown. */
  private async refresh(): Promise<void> {
    const uri = this.shown;
    const folder = uri && vscode.workspace.getWorkspaceFolder(uri);
    if (!uri || !folder) return;
    const turn = ++this.turn;
    const html = await rendered(uri.fsPath, folder).catch((error: Error) => {
      this.log.error(error.message);
      return plain(error.message);
    });
    if (!this.panel || turn !== this.turn) return;
    this.panel.title = `Message: ${uri.path.split("/").pop()}`;
    this.panel.webview.html = html;
  }
}

/** The page, or what the command says where there is none. */
async function rendered(path: string, folder: vscode.WorkspaceFolder): Promise<string> {
  const program = await findProgram(folder);
  const out = await mkdtemp(join(tmpdir(), "newsletter-"));
  try {
    const done = await runProgram(program, ["render", path, "--out", out], dirname(path));
    const page = (await readdir(out)).find((name) => name.endsWith(".html"));
    if (!page) return plain(done.complaint || done.said);
    return guarded(await readFile(join(out, page), "utf-8"));
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}

/** VS Code gives a page its own colours by a style sheet; the policy stands before all else. */
function guarded(html: string): string {
  const tag = `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`;
  return html.replace(/<head[^>]*>/i, (head) => head + tag);
}

function plain(words: string): string {
  const safe = words.replace(/[&<>"]/g, (mark) => `&#${mark.charCodeAt(0)};`);
  return `<html><head><meta http-equiv="Content-Security-Policy" content="${POLICY}"></head><body><pre style="white-space:pre-wrap">${safe}</pre></body></html>`;
}
