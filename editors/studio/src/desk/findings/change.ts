// The change that a fix makes, shown: old words struck, new ones inserted, a few words round them.
import type { Text } from '@codemirror/state';
import { el, type Child } from '../../elements';
import type { ShownEdit } from './shown';

const AROUND = 14;
const LONGEST = 48;
const MOST = 2;

/** Nothing where all that changes are line ends, which nobody would see. */
export function changeShown(edits: readonly ShownEdit[], doc: Text): Child[] {
  const seen = edits.filter((edit) => (edit.old + edit.insert).replaceAll('\n', '') !== '');
  const shown = seen.slice(0, MOST).flatMap((edit, at): Child[] => [at ? ', ' : '', ...one(edit, doc)]);
  const more = seen.length - MOST;
  return more > 0 ? [...shown, ` and ${more} more`] : shown;
}

function one(whole: ShownEdit, doc: Text): Child[] {
  const edit = trimmed(whole);
  const line = doc.lineAt(edit.from);
  const before = doc.sliceString(Math.max(line.from, edit.from - AROUND * 2), edit.from);
  const after = doc.sliceString(edit.to, Math.min(Math.max(line.to, edit.to), edit.to + AROUND * 2));
  return [
    tail(before),
    edit.old && el('del', {}, visible(edit.old)),
    edit.insert && el('ins', {}, visible(edit.insert)),
    head(after.split('\n')[0] ?? ''),
  ];
}

/** The edit without what it leaves as it is at its two ends. */
function trimmed({ from, to, old, insert }: ShownEdit): ShownEdit {
  const least = Math.min(old.length, insert.length);
  let start = 0;
  while (start < least && old[start] === insert[start]) start += 1;
  let end = 0;
  while (end < least - start && old.at(-1 - end) === insert.at(-1 - end)) end += 1;
  return {
    from: from + start, to: to - end,
    old: old.slice(start, old.length - end), insert: insert.slice(start, insert.length - end),
  };
}

/** The last words, whole ones. */
function tail(text: string): string {
  if (text.length <= AROUND) return text;
  const cut = text.slice(-AROUND);
  return cut.includes(' ') ? cut.slice(cut.indexOf(' ') + 1) : `…${cut}`;
}

function head(text: string): string {
  if (text.length <= AROUND) return text;
  const cut = text.slice(0, AROUND);
  return cut.includes(' ') ? cut.slice(0, cut.lastIndexOf(' ')) : `${cut}…`;
}

/** White space that is a change of its own has a sign; what is long is cut in its middle. */
function visible(text: string): string {
  const plain = text.replaceAll('\n', '↵');
  const short = plain.length <= LONGEST ? plain : `${plain.slice(0, LONGEST / 2)}…${plain.slice(-LONGEST / 2)}`;
  return short.trim() ? short : short.replace(/[^\S↵]/g, '·');
}
