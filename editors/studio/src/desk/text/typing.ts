// Keys that a writer expects of a text: Enter is a paragraph, Home is where the words begin, End where they end.
import { insertNewlineContinueMarkup } from '@codemirror/lang-markdown';
import { EditorSelection, EditorState, type Extension, type Line } from '@codemirror/state';
import { EditorView, type KeyBinding } from '@codemirror/view';
import { partAt, partsOf } from './structure';

const LEAD = /^(?: {0,3}#{1,2}\s+(?:\d{1,3}[.)](?:\s+|$))?|(?:> ?)+|\s*(?:[-*+]|\d{1,3}[.)])\s+)/;
const ENTRY = /^[A-Za-z_][\w-]*:[ \t]*/;
const EMPTY_ITEM = /^(?:> ?|[-*+]\s+|\d{1,3}[.)]\s+)$/;

export const typingKeys: readonly KeyBinding[] = [
  { key: 'Enter', run: enter, shift: softBreak },
  { key: 'Home', run: (view) => home(view, false), shift: (view) => home(view, true) },
  { mac: 'Cmd-ArrowLeft', run: (view) => home(view, false), shift: (view) => home(view, true) },
  { key: 'End', run: (view) => end(view, false), shift: (view) => end(view, true) },
  { mac: 'Cmd-ArrowRight', run: (view) => end(view, false), shift: (view) => end(view, true) },
];

/** A press beside a headline or a key comes to its words, for its marks are not in sight. */
export function pressing(): Extension {
  return EditorState.transactionFilter.of((tr) => {
    const { selection } = tr;
    if (!selection?.main.empty || selection.ranges.length > 1 || !tr.isUserEvent('select.pointer')) return tr;
    const line = tr.newDoc.lineAt(selection.main.head);
    const words = wordsOf(tr.startState, line);
    const wasShown = tr.startState.doc.lineAt(tr.startState.selection.main.head).from === line.from;
    return selection.main.head === line.from && words > line.from && !wasShown
      ? [tr, { selection: { anchor: words } }] : tr;
  });
}

/** Where the words of a line begin: behind the marks of a headline, quote or item, or a key. */
export function wordsOf(state: EditorState, line: Line): number {
  const parts = partsOf(state);
  const isFront = parts[partAt(parts, line.from)]?.kind === 'front matter';
  return line.from + ((isFront ? ENTRY : LEAD).exec(line.text)?.[0].length ?? 0);
}

function home(view: EditorView, isSelecting: boolean): boolean {
  const selection = EditorSelection.create(view.state.selection.ranges.map((range) => {
    const line = view.state.doc.lineAt(range.head);
    const start = view.moveToLineBoundary(EditorSelection.cursor(range.head, range.assoc), false).head;
    const words = wordsOf(view.state, line);
    const head = start <= words && range.head !== words ? Math.min(words, line.to) : start;
    return isSelecting ? EditorSelection.range(range.anchor, head) : EditorSelection.cursor(head, 1);
  }), view.state.selection.mainIndex);
  view.dispatch({ selection, scrollIntoView: true, userEvent: 'select' });
  return true;
}

/** Behind what is folded away at the end of what is in sight, as the tail of an address is. */
function end(view: EditorView, isSelecting: boolean): boolean {
  const { state } = view;
  const selection = EditorSelection.create(state.selection.ranges.map((range) => {
    const moved = view.moveToLineBoundary(range, true).head;
    const head = pastFolds(view, moved === range.head ? view.moveToLineBoundary(range, true, false).head : moved);
    return isSelecting ? EditorSelection.range(range.anchor, head) : EditorSelection.cursor(head, -1);
  }), state.selection.mainIndex);
  view.dispatch({ selection, scrollIntoView: true, userEvent: 'select' });
  return true;
}

function pastFolds(view: EditorView, head: number): number {
  for (const folded of view.state.facet(EditorView.atomicRanges)) {
    let last = head;
    folded(view).between(head, head, (from, to) => { if (from === head) last = to; });
    if (last === view.state.doc.lineAt(head).to) return last;
  }
  return head;
}

/** In prose a new paragraph; in quotes and lists the next line of them, and out of an empty one. */
function enter(view: EditorView): boolean {
  const { state } = view;
  const { main, ranges } = state.selection;
  const line = state.doc.lineAt(main.from);
  const part = partsOf(state)[partAt(partsOf(state), main.from)];
  if (ranges.length > 1 || state.readOnly || part?.kind === 'front matter') return false;
  if (main.empty && EMPTY_ITEM.test(line.text)) return put(view, line.from, line.to, '\n');
  if (insertNewlineContinueMarkup(view)) return true;
  const isBlank = line.text.trim() === '';
  if (!isBlank) {
    const after = /^[ \t]*/.exec(state.sliceDoc(main.to, state.doc.lineAt(main.to).to))?.[0].length ?? 0;
    return put(view, main.from - spacesBefore(line.text, main.from - line.from), main.to + after, '\n\n');
  }
  if (isGap(state, line)) return put(view, line.from, line.to, '\n\n', 1);
  return isBlankAt(state, line.number - 1) || put(view, main.from, main.to, '\n');
}

/** Words typed into the gap between two paragraphs are one of their own. */
export function fillingGaps(): Extension {
  return EditorView.inputHandler.of((view, from, to, text) => {
    const line = view.state.doc.lineAt(from);
    if (from !== to || !text.trim() || !isGap(view.state, line)) return false;
    return put(view, line.from, line.to, `\n${text}\n`, 1 + text.length, 'input.type');
  });
}

/** A blank line with words straight above and below it. */
function isGap(state: EditorState, line: Line): boolean {
  return line.text.trim() === '' && line.number > 1 && line.number < state.doc.lines
    && !isBlankAt(state, line.number - 1) && !isBlankAt(state, line.number + 1);
}

function isBlankAt(state: EditorState, number: number): boolean {
  return number >= 1 && number <= state.doc.lines && state.doc.line(number).text.trim() === '';
}

/** The space between two words goes when they part. */
function spacesBefore(text: string, at: number): number {
  const before = text.slice(0, at);
  return before.trim() ? before.length - before.trimEnd().length : 0;
}

function softBreak(view: EditorView): boolean {
  const { from, to } = view.state.selection.main;
  return view.state.selection.ranges.length === 1 && !view.state.readOnly && put(view, from, to, '\n');
}

function put(
  view: EditorView, from: number, to: number, insert: string, cursor = insert.length, userEvent = 'input',
): true {
  view.dispatch({ changes: { from, to, insert }, selection: { anchor: from + cursor }, scrollIntoView: true, userEvent });
  return true;
}
