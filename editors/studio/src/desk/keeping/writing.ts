// Whether this page may change the text: only while no other writes the issue.
import { Compartment, EditorState, type Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { brought } from './texts';

const compartment = new Compartment();

const readsOnly: Extension = [
  EditorState.readOnly.of(true),
  EditorView.contentAttributes.of({ 'aria-readonly': 'true' }),
  EditorState.transactionFilter.of((tr) =>
    tr.docChanged && !tr.annotation(brought) ? [] : tr),
];

/** Until the studio has said whose turn it is, the text is only read. */
export const writing: Extension = compartment.of(readsOnly);

export function mayWrite(view: EditorView, may: boolean): void {
  view.dispatch({ effects: compartment.reconfigure(may ? [] : readsOnly) });
}
