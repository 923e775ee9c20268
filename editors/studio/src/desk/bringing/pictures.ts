// Pictures that are dropped, pasted or chosen: put into the publication's folder by the studio, then
// into the text, each a paragraph of its own. What was refused says why where it was dropped.
import { Prec, type Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { el } from '../../elements';
import type { Desk, Part } from '../desk';
import { dropNote, putNote } from './beside';
import { noteOfRefusal } from './notes';
import { alone } from './pieces';
import { askForAlt, showing } from './alt';
import { Spot } from './spot';
import { sendFile } from '../../files';

interface Stored { source: string; name: string; said: string[] }

export const pictures: Part = {
  extensions(desk: Desk): Extension {
    return [
      showing(desk),
      Prec.high(EditorView.domEventHandlers({
        dragover: (event) => offers(event),
        drop: (event, view) => dropped(desk, event, view),
      })),
    ];
  },
  start(desk) {
    const choose = el('input', { type: 'file', accept: 'image/*', multiple: true, hidden: true, 'aria-label': 'Pictures' });
    choose.addEventListener('change', () => {
      takePictures(desk, [...choose.files ?? []], desk.view.state.selection.main.head);
      choose.value = '';
    });
    document.body.append(choose);
    desk.commands.add({
      id: 'picture', label: 'Put in a picture…', key: '', place: 'everywhere', group: 'Write',
      run: () => choose.click(), isOffered: () => !desk.view.state.readOnly,
    });
  },
};

/** Of names whose kind a browser may not know, which the studio then looks at, or says what to do. */
const PICTURE_NAMES = /\.(?:jpe?g|png|gif|webp|avif|hei[cf]|jxl|tiff?|bmp|svg)$/i;

/** The files of pictures in what is pasted or dropped. */
export function pictureFiles(data: DataTransfer): File[] {
  return [...data.files].filter((file) => file.type.startsWith('image/') || PICTURE_NAMES.test(file.name));
}

function offers(event: DragEvent): boolean {
  if (!event.dataTransfer?.types.includes('Files')) return false;
  event.dataTransfer.dropEffect = 'copy';
  event.preventDefault();
  return true;
}

function dropped(desk: Desk, event: DragEvent, view: EditorView): boolean {
  if (!event.dataTransfer?.types.includes('Files') || view.state.readOnly) return false;
  event.preventDefault();
  const at = view.posAtCoords({ x: event.clientX, y: event.clientY }, false);
  const files = pictureFiles(event.dataTransfer);
  const others = [...event.dataTransfer.files].filter((file) => !files.includes(file));
  if (others.length || !files.length) noteOfRefusal(desk, at, refusalOf(others.map((file) => file.name)));
  takePictures(desk, files, at);
  return true;
}

function refusalOf(names: readonly string[]): string {
  const which = names.length ? `${names.slice(0, 3).join(', ')}${names.length > 3 ? ' and more' : ''}: only` : 'Only';
  return `${which} pictures can be dropped into a text. Import… on the page of issues takes a document.`;
}

/** Files, one after the other, behind the paragraph of a place. */
export function takePictures(desk: Desk, files: readonly File[], at: number): void {
  const end = endOfParagraph(desk, at);
  void files.reduce<Promise<number>>(
    async (before, file) => take(desk, file, await before), Promise.resolve(end),
  );
}

/** The end of the paragraph where a place is: a picture stands between two, never in one. */
function endOfParagraph(desk: Desk, at: number): number {
  const { doc } = desk.view.state;
  let line = doc.lineAt(Math.min(at, doc.length));
  if (/^---[ \t]*\n/.test(doc.sliceString(0, 8))) {
    const close = /\n---[ \t]*(?:\n|$)/.exec(doc.sliceString(3));
    if (close && at <= 3 + close.index) line = doc.lineAt(3 + close.index + 1);
  }
  while (line.text.trim() && line.number < doc.lines && doc.line(line.number + 1).text.trim() && !/^ {0,3}#/.test(line.text)) {
    line = doc.line(line.number + 1);
  }
  while (!line.text.trim() && line.number > 1) line = doc.line(line.number - 1);
  return line.to;
}

/** Puts one file in, and gives back where the next one goes. */
async function take(desk: Desk, file: File, at: number): Promise<number> {
  const spot = new Spot(desk, { from: at, to: at });
  const slow = window.setTimeout(() => {
    putNote(desk.view, 'storing', spot.from, el('div', { class: 'note open brought', role: 'status' },
      el('p', {}, el('b', {}, file.name || 'A picture'), 'It is being made ready…')));
  }, 400);
  const answer = await sendFile<Stored>('/api/pictures', file, { 'x-issue': desk.name });
  window.clearTimeout(slow);
  dropNote(desk.view, 'storing');
  const { from } = spot.done();
  if (!answer.ok) {
    noteOfRefusal(desk, from, answer.said || (answer.status === 413 ? 'The file has more than 20 MB; make it smaller.' : 'It could not be stored.'));
    return from;
  }
  const { source, name, said } = answer.value;
  const put = alone(desk.view.state.doc, from, `![](${source})`);
  const start = from + 2;
  desk.view.dispatch({
    changes: put, selection: { anchor: from }, userEvent: 'input.drop',
    effects: EditorView.scrollIntoView(start, { y: 'nearest', yMargin: 280 }),
  });
  askForAlt(desk, source, name, said);
  return start + 5 + source.length;
}
