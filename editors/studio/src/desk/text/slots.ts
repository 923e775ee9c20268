// Blanks of a new issue: grey words that say what goes there, and go when typed on.
import { EditorSelection, Prec, type EditorState, type Extension, type Line } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { partAt, partsOf } from './structure';
import type { TextPart } from './recognise';

export interface Slot { from: number; to: number; hint: string }

const BLANK = /^(?:…|\.\.\.)$/;
const NOTE = /^<!--(?!\s*check:)\s*([^]*?)\s*-->$/;
const ENTRY = /^(subject|preheader|author|correction):\s*/;
const HINTS: Record<string, string> = {
  subject: 'What will they see in the inbox?',
  preheader: 'And behind it?',
  author: 'Who writes it?',
  correction: 'What was wrong, and what is right?',
  headline: 'Headline',
  title: 'Title',
  intro: 'What the issue is about',
  story: 'What has happened, and why it matters',
  sponsor: 'What the sponsor says',
};

/** The slot on a line of a part; a note is one where nothing else is written yet. */
export function slotOn(state: EditorState, line: Line, part: TextPart): Slot | null {
  if (line.text === '') return null;
  if (part.kind === 'front matter') return inFrontMatter(line);
  const heading = /^ {0,3}(#{1,2})\s+(?:\d{1,3}[.)]\s*)?/.exec(line.text);
  if (heading) {
    const kind = heading[1] === '#' ? 'title' : 'headline';
    return blankIn(line, heading[0].length, HINTS[kind] ?? '');
  }
  if (BLANK.test(line.text.trim())) {
    return { from: line.from, to: line.to, hint: HINTS[part.kind] ?? '' };
  }
  const note = NOTE.exec(line.text.trim());
  if (!note?.[1] || !isAlone(state, line, part)) return null;
  return { from: line.from, to: line.to, hint: capitalised(note[1]) };
}

/** Every slot of the text. */
export function slotsOf(state: EditorState): Slot[] {
  const found: Slot[] = [];
  const parts = partsOf(state);
  if (!mayHave(state)) return found;
  for (let n = 1; n <= state.doc.lines; n++) {
    const line = state.doc.line(n);
    if (!/…|\.\.\.|<!--/.test(line.text)) continue;
    const part = parts[partAt(parts, line.from)];
    const slot = part && slotOn(state, line, part);
    if (slot) found.push(slot);
  }
  return found;
}

function mayHave(state: EditorState): boolean {
  return state.doc.length < 200_000;
}

function inFrontMatter(line: Line): Slot | null {
  const entry = ENTRY.exec(line.text);
  return entry?.[1] ? blankIn(line, entry[0].length, HINTS[entry[1]] ?? '') : null;
}

function blankIn(line: Line, at: number, hint: string): Slot | null {
  const words = line.text.slice(at);
  return BLANK.test(words.trim()) ? { from: line.from + at, to: line.from + at + words.trimEnd().length, hint } : null;
}

/** Whether a part has no other words than its heading and this line. */
function isAlone(state: EditorState, line: Line, part: TextPart): boolean {
  for (let n = state.doc.lineAt(part.from).number; n <= state.doc.lines; n++) {
    const other = state.doc.line(n);
    if (other.from > part.to) break;
    const isWord = other.text.trim() !== '' && !/^ {0,3}#/.test(other.text);
    if (isWord && other.from !== line.from) return false;
  }
  return true;
}

function capitalised(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The next slot behind the selection, or before it: Tab and Shift Tab. False where there is none. */
export function toSlot(view: EditorView, step: 1 | -1): boolean {
  const slots = slotsOf(view.state);
  if (!slots.length) return false;
  const { from, to } = view.state.selection.main;
  const next = step === 1
    ? slots.find((slot) => slot.from > from || (slot.from === from && slot.to > to))
    : slots.findLast((slot) => slot.to < to || (slot.to === to && slot.from < from));
  if (!next) return false;
  view.dispatch({
    selection: EditorSelection.single(next.to, next.from),
    effects: EditorView.scrollIntoView(next.from, { y: 'nearest', yMargin: 96 }),
    userEvent: 'select',
  });
  return true;
}

/** The slot that the cursor touches, with nothing selected beyond it. */
function touched(state: EditorState): Slot | null {
  const { main } = state.selection;
  const line = state.doc.lineAt(main.head);
  const parts = partsOf(state);
  const part = parts[partAt(parts, line.from)];
  const slot = part && state.selection.ranges.length === 1 ? slotOn(state, line, part) : null;
  return slot && main.from >= slot.from && main.to <= slot.to ? slot : null;
}

/** Words typed on a slot, or pasted, or composed there, take its place. */
export function slots(): Extension {
  return [
    Prec.high(EditorView.inputHandler.of((view, from, to, text) => {
      const slot = from === to ? touched(view.state) : null;
      if (!slot || slot.to < from || slot.from > to) return false;
      view.dispatch({
        changes: { from: slot.from, to: slot.to, insert: text },
        selection: { anchor: slot.from + text.length }, userEvent: 'input.type', scrollIntoView: true,
      });
      return true;
    })),
    EditorView.domEventHandlers({
      compositionstart: (_event, view) => { select(view); },
      paste: (_event, view) => { select(view); return false; },
    }),
  ];
}

function select(view: EditorView): void {
  const slot = touched(view.state);
  if (slot) view.dispatch({ selection: { anchor: slot.from, head: slot.to } });
}
