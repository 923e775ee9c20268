// Notes of ours beside the text, at the height of a place; where there is no margin a note is a
// line of the text, below the one it is about, and covers nothing.
import { StateEffect, StateField, type ChangeDesc, type EditorState, type Extension } from '@codemirror/state';
import { Decoration, EditorView, ViewPlugin, WidgetType, type DecorationSet, type ViewUpdate } from '@codemirror/view';
import { byId, el } from '../../elements';

/** As desk.css has it. */
const NARROW = matchMedia('(max-width: 1240px)');

/** `below` is where it stands where there is no margin. */
interface Note { id: string; at: number; below: number; dom: HTMLElement }

const put = StateEffect.define<Note>();
const drop = StateEffect.define<string>();
const resized = StateEffect.define<null>();

const notes = StateField.define<readonly Note[]>({
  create: () => [],
  update(value, tr) {
    let next = value;
    if (tr.docChanged && next.length) next = next.map((note) => moved(note, tr.changes));
    for (const effect of tr.effects) {
      if (effect.is(put)) next = [...next.filter((note) => note.id !== effect.value.id), effect.value];
      if (effect.is(drop)) next = next.filter((note) => note.id !== effect.value);
    }
    return next;
  },
});

function moved(note: Note, changes: ChangeDesc): Note {
  return { ...note, at: changes.mapPos(note.at, -1), below: changes.mapPos(note.below, -1) };
}

const isNarrow = StateField.define<boolean>({
  create: () => NARROW.matches,
  update: (value, tr) => (tr.effects.some((effect) => effect.is(resized)) ? NARROW.matches : value),
});

/** A note by its name, at a place; the one of that name from before goes. */
export function putNote(view: EditorView, id: string, at: number, dom: HTMLElement, below = at): void {
  view.dispatch({ effects: put.of({ id, at, below, dom }) });
}

export function dropNote(view: EditorView, id: string): void {
  if (noteOf(view.state, id)) view.dispatch({ effects: drop.of(id) });
}

export function noteOf(state: EditorState, id: string): HTMLElement | null {
  return state.field(notes).find((note) => note.id === id)?.dom ?? null;
}

export function besideText(): Extension {
  return [notes, isNarrow, EditorView.decorations.compute([notes, isNarrow, 'doc'], inText), margin];
}

class InText extends WidgetType {
  constructor(private readonly dom: HTMLElement) { super(); }

  override eq(other: InText): boolean { return other.dom === this.dom; }

  toDOM(): HTMLElement { return el('div', { class: 'beside-in-text' }, this.dom); }

  override ignoreEvent(): boolean { return true; }
}

function inText(state: EditorState): DecorationSet {
  if (!state.field(isNarrow)) return Decoration.none;
  const ranges = state.field(notes).map((note) => {
    const { to } = state.doc.lineAt(Math.min(note.below, state.doc.length));
    return Decoration.widget({ widget: new InText(note.dom), block: true, side: 2 }).range(to);
  });
  return Decoration.set(ranges, true);
}

const margin = ViewPlugin.fromClass(class {
  private readonly box = el('div', { class: 'beside' });
  private readonly onResize = (): void => this.view.dispatch({ effects: resized.of(null) });

  constructor(private readonly view: EditorView) {
    byId('write').append(this.box);
    NARROW.addEventListener('change', this.onResize);
  }

  update(update: ViewUpdate): void {
    const isOther = update.startState.field(notes) !== update.state.field(notes)
      || update.startState.field(isNarrow) !== update.state.field(isNarrow);
    if (isOther) this.show(update.state);
    if (isOther || update.geometryChanged || update.docChanged) this.measure();
  }

  private show(state: EditorState): void {
    const shown = state.field(isNarrow) ? [] : state.field(notes);
    for (const child of [...this.box.children]) {
      if (!shown.some((note) => note.dom === child)) child.remove();
    }
    for (const note of shown) if (note.dom.parentNode !== this.box) this.box.append(note.dom);
  }

  private measure(): void {
    if (this.view.state.field(isNarrow)) return;
    this.view.requestMeasure({
      key: this,
      read: (view) => {
        const above = byId('write').getBoundingClientRect();
        const text = view.dom.getBoundingClientRect();
        const { scrollTop, clientHeight } = byId('write');
        return view.state.field(notes).map((note) => {
          const block = view.lineBlockAt(Math.min(note.at, view.state.doc.length));
          const top = view.documentTop + block.top - above.top + scrollTop;
          const room = scrollTop + clientHeight - 16 - note.dom.offsetHeight;
          const isCard = note.dom.classList.contains('open');
          // Once, when it comes: a card that would end below the window stands higher.
          note.dom.dataset['raised'] ??= String(isCard ? Math.max(0, Math.min(top - room, top - scrollTop - 16)) : 0);
          return { note, top: top - Number(note.dom.dataset['raised']), left: text.right - above.left };
        });
      },
      write: (places) => {
        for (const { note, top, left } of places) {
          note.dom.style.top = `${Math.round(top)}px`;
          note.dom.style.setProperty('--edge-of-text', `${Math.round(left)}px`);
        }
      },
    });
  }

  destroy(): void {
    NARROW.removeEventListener('change', this.onResize);
    this.box.remove();
  }
});
