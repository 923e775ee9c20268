// Moves a part at the desk: one step to undo, and said to whoever cannot see it.
import { isolateHistory } from '@codemirror/commands';
import { EditorView } from '@codemirror/view';
import { byId, el } from '../../elements';
import type { Desk } from '../desk';
import { isMovable, move } from './moving';
import { partsOf } from './structure';

const said = el('p', { class: 'vh', role: 'status', id: 'moved' });

export function startMoving(): void {
  byId('desk').append(said);
}

/** Says a word to whoever hears the page. */
export function sayAloud(words: string): void {
  said.textContent = words;
}

/** Has the part `at` stand where `to` stands; false where it cannot go there. */
export function movePart(desk: Desk, at: number, to: number): boolean {
  const { state } = desk.view;
  const parts = partsOf(state);
  const part = parts[at];
  const moved = move(state.doc, parts, at, to);
  if (!part || !moved || state.readOnly) return isMovable(part);
  const { head } = state.selection.main;
  const isInside = head >= moved.was && head <= part.to;
  const changes = state.changes(moved.changes);
  const anchor = isInside ? moved.from + moved.within(head - moved.was) : changes.mapPos(head, 1);
  desk.view.dispatch({
    changes,
    selection: { anchor: Math.min(anchor, changes.newLength) },
    effects: EditorView.scrollIntoView(Math.min(moved.from, changes.newLength), { y: 'nearest', yMargin: 96 }),
    annotations: isolateHistory.of('full'),
    userEvent: 'move.part',
  });
  say(desk, part.title, moved.from);
  return true;
}

function say(desk: Desk, title: string, from: number): void {
  const parts = partsOf(desk.view.state);
  const movable = parts.filter(isMovable);
  const place = movable.findIndex((each) => each.from >= from && each.title === title) + 1;
  sayAloud(`Moved: “${title}” is now ${place} of ${movable.length}.`);
}
