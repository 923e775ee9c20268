/** Run inside VS Code's own extension host, on a real folder, against the real language server. */

import { strict as assert } from "node:assert";
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as vscode from "vscode";

const PATIENCE = Number(process.env["PATIENCE"] ?? "30") * 1000;
const CODE = "S011";

type Step = (uri: vscode.Uri) => Promise<void>;

const STEPS: Readonly<Record<string, Step>> = {
  "a finding stands at its place": async (uri) => {
    const [found] = await awaited("a finding", () => findings(uri));
    assert.equal(coded(found!), CODE);
    const line = (await vscode.workspace.openTextDocument(uri)).lineAt(found!.range.start.line);
    assert.match(line.text, /^## 2\) /);
  },
  "pointing at it shows the rule's page": async (uri) => {
    const [found] = findings(uri);
    const shown = await vscode.commands.executeCommand<vscode.Hover[]>(
      "vscode.executeHoverProvider",
      uri,
      found!.range.start,
    );
    const words = shown.flatMap((hover) => hover.contents.map((part) => (part as vscode.MarkdownString).value));
    assert.match(words.join("\n"), /^# S011 headline-number-style/);
  },
  "the quick fix mends it": async (uri) => {
    const [found] = findings(uri);
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      "vscode.executeCodeActionProvider",
      uri,
      found!.range,
      vscode.CodeActionKind.QuickFix.value,
    );
    await vscode.workspace.applyEdit(actions.find((action) => action.edit)!.edit!);
    await awaited("silence", () => (findings(uri).length === 0 ? [true] : []));
  },
  "formatting writes the canonical form": async (uri) => {
    const document = await vscode.workspace.openTextDocument(uri);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(uri, document.lineAt(document.lineCount - 1).range.end, "\n\n\n");
    await vscode.workspace.applyEdit(edit);
    const edits = await vscode.commands.executeCommand<vscode.TextEdit[]>(
      "vscode.executeFormatDocumentProvider",
      uri,
      { tabSize: 2, insertSpaces: true },
    );
    const formatted = new vscode.WorkspaceEdit();
    formatted.set(uri, edits);
    await vscode.workspace.applyEdit(formatted);
    assert.ok(!document.getText().endsWith("\n\n"));
    assert.ok(await document.save());
  },
  "the message is shown beside the text": async (uri) => {
    await vscode.window.showTextDocument(uri);
    await vscode.commands.executeCommand("newsletter.preview");
    const labels = () => vscode.window.tabGroups.all.flatMap((group) => group.tabs.map((tab) => tab.label));
    await awaited("the message", () => labels().filter((label) => label === "Message: 2021-11-26.md"));
  },
  "it is rendered anew at each save": async (uri) => {
    const document = await vscode.workspace.openTextDocument(uri);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(uri, document.positionAt(document.getText().indexOf("## 1. ") + 6), "Anew: ");
    await vscode.workspace.applyEdit(edit);
    assert.ok(await document.save());
    assert.match(await readFile(uri.fsPath, "utf-8"), /^## 1\. Anew: /m);
  },
  "the settings are read anew when they change": async (uri) => {
    const settings = vscode.Uri.joinPath(folder(), "newsletter.toml");
    const text = await readFile(settings.fsPath, "utf-8");
    await writeFile(settings.fsPath, text.replace("[house]\n", "[house]\nno-such-key = 1\n"));
    const [found] = await awaited("the fault", () => findings(uri));
    assert.match(found!.message, /no-such-key/);
    await writeFile(settings.fsPath, text);
    await awaited("silence", () => (findings(uri).some((one) => /no-such-key/.test(one.message)) ? [] : [true]));
  },
  "restarting checks again": async (uri) => {
    await vscode.commands.executeCommand("newsletter.restart");
    const edit = new vscode.WorkspaceEdit();
    const document = await vscode.workspace.openTextDocument(uri);
    const at = document.positionAt(document.getText().indexOf("## 2. ") + 4);
    edit.replace(uri, new vscode.Range(at, at.translate(0, 1)), ")");
    await vscode.workspace.applyEdit(edit);
    await awaited("the finding again", () => findings(uri).filter((one) => coded(one) === CODE));
  },
};

/** What VS Code calls; every step's outcome is left in a file, since nobody sees this console. */
export async function run(): Promise<void> {
  const told: Record<string, string> = {};
  const uri = vscode.Uri.joinPath(folder(), "issues", "2021-11-26.md");
  await vscode.window.showTextDocument(uri);
  for (const [name, step] of Object.entries(STEPS)) {
    told[name] = await step(uri).then(
      () => "passed",
      (error: Error) => error.stack ?? error.message,
    );
  }
  const file = join(folder().fsPath, "told.json");
  await writeFile(`${file}.part`, JSON.stringify(told, null, 2));
  await rename(`${file}.part`, file);
}

function folder(): vscode.Uri {
  return vscode.workspace.workspaceFolders![0]!.uri;
}

function findings(uri: vscode.Uri): vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(uri).filter((one) => one.source?.startsWith("newsletter"));
}

function coded(one: vscode.Diagnostic): string {
  return String(typeof one.code === "object" ? one.code.value : one.code);
}

async function awaited<T>(what: string, look: () => T[]): Promise<T[]> {
  const until = Date.now() + PATIENCE;
  for (;;) {
    const seen = look();
    if (seen.length > 0) return seen;
    if (Date.now() > until) throw new Error(`${what} did not come`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
