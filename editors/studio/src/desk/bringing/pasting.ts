// What is pasted: a rich text through the studio's importer, a picture's file as a picture, an
// address over words as their link. What is plain already is the editor's own business.
import { isolateHistory } from '@codemirror/commands';
import { Prec, type Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { post } from '../../api';
import type { Desk, Part } from '../desk';
import { besideText, dropNote } from './beside';
import { isAddress, linkWords } from './links';
import { noteOfPaste, noteOfRefusal } from './notes';
import { ground, pasted, putPasted, type LeftOut, type Pasted } from './pasted';
import { place, replaceWhole, type Piece } from './pieces';
import { pictureFiles, takePictures } from './pictures';
import { Spot } from './spot';

/** What the studio makes of a clipboard's HTML. */
interface Answer {
  plain?: boolean;
  origin: string;
  counted: string;
  whole: [number, number] | null;
  pieces: Piece[];
  left: { what: string; text: string; isRemark: boolean; after: number }[];
  changed: string[];
}

export const pasting: Part = {
  extensions(desk: Desk): Extension {
    return [
      besideText(), pasted, ground(),
      Prec.high(EditorView.domEventHandlers({ paste: (event) => take(desk, event) })),
      EditorView.updateListener.of((update) => {
        const now = update.state.field(pasted);
        if (update.startState.field(pasted) === now) return;
        queueMicrotask(() => (now ? noteOfPaste(desk, now) : dropNote(desk.view, 'paste')));
      }),
    ];
  },
  start(desk) {
    desk.commands.add({
      id: 'paste-note', label: 'Put the note of a paste away', key: 'Escape', place: 'text', group: 'Write',
      run: () => forget(desk), isOffered: () => desk.view.state.field(pasted) !== null,
    }, {
      // The browser knows this key; from the list it is ours to do.
      id: 'paste-plain', label: 'Paste as plain text', key: 'Ctrl-Shift-V', place: 'text', group: 'Write',
      run: () => { void plainFromClipboard(desk); }, isOffered: () => !desk.view.state.readOnly,
    });
  },
};

/** The note of the last paste goes; the text stays as it is. */
export function forget(desk: Desk): boolean {
  if (!desk.view.state.field(pasted)) return false;
  desk.view.dispatch({ effects: putPasted.of(null) });
  return true;
}

function take(desk: Desk, event: ClipboardEvent): boolean {
  const data = event.clipboardData;
  if (!data || desk.view.state.readOnly) return false;
  const words = data.getData('text/plain');
  const files = pictureFiles(data);
  if (files.length && !words.trim()) {
    takePictures(desk, files, desk.view.state.selection.main.head);
    return true;
  }
  if (isAddress(words) && linkWords(desk, words.trim())) return true;
  const html = data.getData('text/html');
  const isSource = data.types.includes('vscode-editor-data');
  if (!html.trim() || isSource || isInFrontMatter(desk)) return false;
  void bring(desk, html, words);
  return true;
}

/** A value of the front matter is plain, and so are comments. */
function isInFrontMatter(desk: Desk): boolean {
  const { head } = desk.view.state.selection.main;
  const text = desk.view.state.sliceDoc(0, head);
  return /^---[ \t]*\n/.test(desk.text) && !/\n---[ \t]*\n/.test(text);
}

async function bring(desk: Desk, html: string, words: string): Promise<void> {
  const spot = new Spot(desk);
  const asked = { html, words, text: desk.text, at: spot.from };
  const answer = await post<Answer>(`${desk.path}/paste`, asked);
  const { from, to } = spot.done();
  if (!answer.ok) {
    noteOfRefusal(desk, from, answer.said || 'This cannot be pasted.', words);
    return;
  }
  if (answer.value.plain) putPlain(desk, from, to, words);
  else put(desk, from, to, answer.value, asked.text);
}

async function plainFromClipboard(desk: Desk): Promise<void> {
  const { from, to } = desk.view.state.selection.main;
  try {
    putPlain(desk, from, to, await navigator.clipboard.readText());
  } catch {
    noteOfRefusal(desk, from, 'The browser does not let this page read the clipboard. Press Ctrl Shift V in the text.');
  }
}

/** Words as they are. */
export function putPlain(desk: Desk, from: number, to: number, words: string): void {
  const insert = words.replace(/\r\n?/g, '\n');
  desk.view.dispatch({
    changes: { from, to, insert }, selection: { anchor: from + insert.length },
    userEvent: 'input.paste', scrollIntoView: true,
  });
}

function put(desk: Desk, from: number, to: number, answer: Answer, asked: string): void {
  const { state } = desk.view;
  const isWhole = answer.whole !== null && asked === desk.text;
  const placed = answer.whole && isWhole
    ? replaceWhole(state.doc, answer.whole, answer.pieces) : place(state.doc, from, to, answer.pieces);
  const left = answer.left.map((each): LeftOut => ({
    ...each,
    at: each.after < 0 ? placed.from : placed.ends[each.after] ?? placed.to,
    isAbove: each.after < 0,
    isBrought: false,
  }));
  const before = isWhole && answer.whole ? state.sliceDoc(...answer.whole) : state.sliceDoc(from, to);
  const note: Pasted = {
    origin: answer.origin, counted: answer.counted, changed: answer.changed,
    from: placed.from, to: placed.to, before, left, isLast: true,
  };
  desk.view.dispatch({
    changes: placed.changes,
    selection: { anchor: isWhole ? placed.from : placed.to },
    effects: putPasted.of(isWorthANote(answer) ? note : null),
    annotations: isolateHistory.of('full'),
    userEvent: 'input.paste',
    scrollIntoView: true,
  });
}

/** Some words into a sentence, of which nothing but their looks stayed behind, are not. */
function isWorthANote(answer: Answer): boolean {
  const isFew = answer.pieces.length === 1 && answer.pieces[0]?.kind === 'paragraph';
  return !isFew || answer.changed.length > 0 || answer.left.some((each) => !/^(colours|fonts|underlining|alignment|tab stops)/.test(each.what));
}
