// From finding to finding: the cursor goes there, the finding unfolds, and who listens hears it.
import { EditorView } from '@codemirror/view';
import type { Desk } from '../desk';
import { spoken } from './card';
import { openOf, setOpen, shown } from './shown';

/** To the next one (1) or the one before (-1), round and round. */
export function walk(desk: Desk, step: 1 | -1, say: (words: string) => void): void {
  const { view } = desk;
  const { all } = view.state.field(shown);
  if (!all.length) return say('There are no findings.');
  const open = openOf(view.state);
  const from = view.state.selection.main.head;
  const near = step > 0 ? all.findIndex((each) => each.from >= from) : all.findLastIndex((each) => each.to <= from);
  const at = open ? all.findIndex((each) => each.id === open.id) + step : near < 0 && step > 0 ? 0 : near;
  const next = all[(at + all.length) % all.length]!;
  view.dispatch({
    selection: { anchor: next.from },
    effects: [setOpen.of(next.id), EditorView.scrollIntoView(next.from, { y: 'nearest', yMargin: 96 })],
  });
  view.focus();
  say(spoken(desk, next));
}
