// The whole text put in place of another, as few changes: the cursor stays where it was, undo too.
import { isolateHistory } from '@codemirror/commands';
import { diff } from '@codemirror/merge';
import { Annotation, Transaction } from '@codemirror/state';
import type { EditorView } from '@codemirror/view';

/** A change that nobody typed here: it came from the disk, or was found again. */
export const brought = Annotation.define<boolean>();

export function bringText(view: EditorView, text: string): void {
  const changes = diff(view.state.doc.toString(), text, { scanLimit: 1000, timeout: 200 });
  if (!changes.length) return;
  view.dispatch({
    changes: changes.map((each) => ({
      from: each.fromA, to: each.toA, insert: text.slice(each.fromB, each.toB),
    })),
    annotations: [brought.of(true), isolateHistory.of('full'), Transaction.userEvent.of('brought')],
  });
}
