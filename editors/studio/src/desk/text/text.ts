// The text itself: one document, in which every part is a card.
import { defaultKeymap, history, historyKeymap, redo, undo } from '@codemirror/commands';
import { deleteMarkupBackward } from '@codemirror/lang-markdown';
import { searchKeymap } from '@codemirror/search';
import { EditorState, Prec, type Extension } from '@codemirror/state';
import { drawSelection, dropCursor, EditorView, keymap, type KeyBinding } from '@codemirror/view';
import type { Desk, Part } from '../desk';
import { titleOf } from '../outline/words';
import { cards } from './cards';
import { dialect } from './dialect';
import { drawing } from './drawing';
import { startDragging } from './dragging';
import { BOLD, ITALIC, toggleEmphasis } from './emphasis';
import { finding, openFind } from './find';
import { middle, startFocus } from './focus';
import { movePart, sayAloud, startMoving } from './mover';
import { sponsorCue } from './recognise';
import { slots, slotsOf, toSlot } from './slots';
import { cue, looked, partAt, partsOf, structure } from './structure';
import { fillingGaps, pressing, typingKeys, wordsOf } from './typing';

/** Keys of CodeMirror that mean something else at the desk, or that nobody expects of a text. */
const TAKEN = new Set([
  'Mod-i', 'Shift-Alt-ArrowUp', 'Shift-Alt-ArrowDown', 'Alt-ArrowLeft', 'Alt-ArrowRight', 'Mod-f', 'F3', 'Mod-Alt-\\',
  'Mod-/', 'Alt-A', 'Alt-g', 'Alt-s',
]);

export const text: Part = {
  extensions: (desk) => [
    cue.of(sponsorCue(desk.house.sponsor)),
    structure,
    history(),
    drawSelection({ cursorBlinkRate: isStill() ? 0 : 1100 }),
    cards(),
    dropCursor(),
    EditorState.allowMultipleSelections.of(true),
    dialect,
    drawing(desk),
    slots(),
    pressing(),
    fillingGaps(),
    finding(),
    middle(),
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({
      'aria-label': 'The issue', spellcheck: 'true', tabindex: '0', lang: desk.house.language, autocapitalize: 'sentences',
    }),
    keysOf(),
    telling(desk),
  ],
  start(desk) {
    desk.on('look', (look) => desk.view.dispatch({ effects: looked.of(look) }));
    addCommands(desk);
    startMoving();
    startDragging(desk);
    startFocus(desk);
    begin(desk);
  },
};

/** Writing begins at the first blank, or else behind the marks; an earlier place may come later. */
function begin(desk: Desk): void {
  const { state } = desk.view;
  if (state.selection.main.head === 0) {
    desk.view.dispatch({ selection: { anchor: slotsOf(state)[0]?.from ?? startOf(desk, 0) } });
  }
  desk.view.focus();
}

function keysOf(): Extension {
  const bindings: readonly KeyBinding[] = [...searchKeymap, ...defaultKeymap, ...historyKeymap];
  return [
    Prec.high(keymap.of([
      ...typingKeys,
      { key: 'Backspace', run: deleteMarkupBackward },
      { key: 'Tab', run: (view) => toSlot(view, 1), shift: (view) => toSlot(view, -1) },
    ])),
    keymap.of(bindings.filter((each) => !TAKEN.has(each.key ?? ''))),
  ];
}

function isStill(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches;
}

/** Says when the cursor comes into another part. */
function telling(desk: Desk): Extension {
  let before = -2;
  return EditorView.updateListener.of((update) => {
    const { state } = update;
    if (!update.selectionSet && !update.docChanged
      && update.startState.field(structure) === state.field(structure)) return;
    const now = partAt(partsOf(state), state.selection.main.head);
    if (now === before) return;
    before = now;
    queueMicrotask(() => desk.tell('part', now));
  });
}

function addCommands(desk: Desk): void {
  const { commands } = desk;
  const step = (by: 1 | -1): boolean => {
    const parts = partsOf(desk.view.state);
    const next = parts[partAt(parts, desk.view.state.selection.main.head) + by];
    if (!next) return true;
    desk.goTo(startOf(desk, next.from));
    sayAloud([next.number, titleOf(next)].filter(Boolean).join('. '));
    return true;
  };
  const moved = (by: 1 | -1): boolean => {
    const at = partAt(partsOf(desk.view.state), desk.view.state.selection.main.head);
    return movePart(desk, at, at + by);
  };
  commands.add(
    { id: 'undo', label: 'Undo', key: 'Ctrl-Z', place: 'text', group: 'Write', run: () => undo(desk.view) },
    { id: 'redo', label: 'Do it again', key: 'Ctrl-Y Ctrl-Shift-Z', place: 'text', group: 'Write', run: () => redo(desk.view) },
    { id: 'next-slot', label: 'Next blank', key: 'Tab', place: 'text', group: 'Write', run: () => toSlot(desk.view, 1), isOffered: () => slotsOf(desk.view.state).length > 0 },
    { id: 'find', label: 'Find', key: 'Ctrl-F', place: 'everywhere', group: 'Write', run: () => openFind(desk.view, false) },
    { id: 'replace', label: 'Find and replace', key: 'Ctrl-H', place: 'everywhere', group: 'Write', run: () => openFind(desk.view, true) },
    { id: 'bold', label: 'Bold', key: 'Ctrl-B', place: 'text', group: 'Write', run: () => toggleEmphasis(desk.view, BOLD) },
    { id: 'italic', label: 'Italic', key: 'Ctrl-I', place: 'text', group: 'Write', run: () => toggleEmphasis(desk.view, ITALIC) },
    { id: 'next-part', label: 'Next story', key: 'Alt-PageDown', place: 'everywhere', group: 'Write', run: () => step(1) },
    { id: 'last-part', label: 'Story before', key: 'Alt-PageUp', place: 'everywhere', group: 'Write', run: () => step(-1) },
    { id: 'move-up', label: 'Move this story up', key: 'Alt-Shift-ArrowUp', place: 'text', group: 'Write', run: () => moved(-1) },
    { id: 'move-down', label: 'Move this story down', key: 'Alt-Shift-ArrowDown', place: 'text', group: 'Write', run: () => moved(1) },
  );
}

/** Where writing begins in a part: behind the number of its headline, in the value of its first key. */
export function startOf(desk: Desk, from: number): number {
  const { state } = desk.view;
  let line = state.doc.lineAt(from);
  const isPassed = (text: string): boolean => /^---\s*$/.test(text) || text.trim() === '';
  while (isPassed(line.text) && line.number < state.doc.lines) line = state.doc.line(line.number + 1);
  return wordsOf(state, line);
}
