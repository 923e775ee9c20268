/** Which program `newsletter` is: the setting's, the folder's own, or the one on PATH. */

import { execFile } from "node:child_process";
import { access, constants } from "node:fs/promises";
import { delimiter, isAbsolute, join } from "node:path";
import * as vscode from "vscode";

const NAME = "newsletter";

export class ProgramMissing extends Error {}

/** The setting wins; a program inside the folder is started only where the folder is trusted. */
export async function findProgram(folder: vscode.WorkspaceFolder): Promise<string> {
  const root = folder.uri.fsPath;
  const named = vscode.workspace.getConfiguration("newsletter", folder.uri).get<string>("path", "");
  if (named) {
    const path = isAbsolute(named) ? named : join(root, named);
    if (await isProgram(path)) return path;
    throw new ProgramMissing(`There is no program at ${path}; the setting “newsletter.path” names it.`);
  }
  const own = vscode.workspace.isTrusted ? [join(root, ".venv", "bin")] : [];
  const others = (process.env["PATH"] ?? "").split(delimiter).filter((part) => isAbsolute(part));
  for (const place of [...own, ...others]) {
    const path = join(place, NAME);
    if (await isProgram(path)) return path;
  }
  throw new ProgramMissing(
    "The program “newsletter” is not on this machine's PATH. Install it, or name it in the setting “newsletter.path”.",
  );
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export interface Outcome {
  readonly status: number;
  readonly said: string;
  readonly complaint: string;
}

/** One command, run to its end; what it prints is bounded by 8 MB, and it by a minute. */
export function runProgram(program: string, words: readonly string[], cwd: string): Promise<Outcome> {
  const bounds = { cwd, maxBuffer: 8 << 20, timeout: 60_000 };
  return new Promise((resolve) => {
    const child = execFile(program, [...words], bounds, (error, said, complaint) => {
      const status = child.exitCode ?? 2;
      const why = error && child.exitCode === null ? error.message : "";
      resolve({ status, said, complaint: complaint || why });
    });
  });
}
