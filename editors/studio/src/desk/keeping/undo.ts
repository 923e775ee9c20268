// Undo over reloads: the history of this tab's text, kept while it is closed and opened again.
import { history, historyField } from '@codemirror/commands';
import { EditorState, type Extension } from '@codemirror/state';
import type { Desk } from '../desk';
import type { Keeper } from './keeper';

/** Characters at the most; a longer history loses its beginning. */
const MOST = 400_000;

interface Kept { text: string; state: { selection: unknown; history: { done: unknown[]; undone: unknown[] } } }

/** The history as it was, where the file's text is the same as then. */
export function undone(desk: Desk): Extension {
  const kept = parse(sessionStorage.getItem(keyOf(desk)));
  if (!kept || kept.text !== desk.opened.text) return [];
  try {
    const config = { extensions: [history()] };
    const state = EditorState.fromJSON({ ...kept.state, doc: kept.text }, config, { history: historyField });
    return historyField.init(() => state.field(historyField));
  } catch {
    return [];
  }
}

export function keepUndo(desk: Desk, keeper: Keeper): void {
  const keep = (): void => store(desk, keeper);
  window.addEventListener('pagehide', keep);
  desk.on('saved', keep);
}

function store(desk: Desk, keeper: Keeper): void {
  if (keeper.is('found')) return;
  const { doc: text, ...state } = desk.view.state.toJSON({ history: historyField }) as Kept['state'] & { doc: string };
  while (JSON.stringify(state).length > MOST && state.history.done.length > 1) {
    state.history.done.splice(0, Math.ceil(state.history.done.length / 4));
    state.history.undone = [];
  }
  try {
    sessionStorage.setItem(keyOf(desk), JSON.stringify({ text, state }));
  } catch {
    sessionStorage.removeItem(keyOf(desk));
  }
}

function keyOf(desk: Desk): string {
  return `studio undo ${desk.opened.place} ${desk.name}`;
}

function parse(text: string | null): Kept | null {
  try {
    const kept = JSON.parse(text ?? '') as Kept;
    return Array.isArray(kept.state.history.done) ? kept : null;
  } catch {
    return null;
  }
}
