// Fixes put into the text: one, or all that are safe. Each is one change, which one undo takes back.
import { diff } from '@codemirror/merge';
import type { ChangeSpec } from '@codemirror/state';
import { post } from '../../api';
import type { Desk } from '../desk';
import { foundAt, mending, openOf, shown, type Shown } from './shown';

/** The one that a press of Fix means: the unfolded one, else the one under the cursor. */
export function mendable(desk: Desk): Shown | null {
  const { state } = desk.view;
  const one = openOf(state) ?? foundAt(state, state.selection.main.head);
  return one?.edits ? one : null;
}

/** Apply the fix of a finding; false where the text under it is no longer what was looked at. */
export function fix(desk: Desk, id: number): boolean {
  const { view } = desk;
  const one = view.state.field(shown).all.find((each) => each.id === id);
  if (!one?.edits || view.state.readOnly) return false;
  const isAsSeen = one.edits.every((edit) => view.state.sliceDoc(edit.from, edit.to) === edit.old);
  if (!isAsSeen) return false;
  put(desk, one.edits.map(({ from, to, insert }) => ({ from, to, insert })));
  return true;
}

export function put(desk: Desk, changes: ChangeSpec): void {
  desk.view.dispatch({ changes, userEvent: 'input.fix', annotations: mending.of(true) });
  desk.view.focus();
}

/** Every safe fix at once, worked out by the studio as the command would. */
export async function fixAll(desk: Desk, said: (text: string) => void): Promise<void> {
  const { doc, readOnly } = desk.view.state;
  if (readOnly) return;
  const before = doc.toString();
  const answer = await post<{ text: string }>(`${desk.path}/mend`, { text: before });
  if (!answer.ok) return said(answer.said);
  if (desk.view.state.doc !== doc) return fixAll(desk, said);
  const changes = diff(before, answer.value.text).map(({ fromA, toA, fromB, toB }) => ({
    from: fromA, to: toA, insert: answer.value.text.slice(fromB, toB),
  }));
  if (changes.length) put(desk, changes);
  said(changes.length ? `Mended in ${changes.length === 1 ? 'one place' : `${changes.length} places`}.` : 'There is nothing that can be mended safely.');
}
