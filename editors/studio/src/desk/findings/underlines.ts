// The underlines of findings, and the one that is unfolded as a line of the text.
import type { EditorState, Extension } from '@codemirror/state';
import { Decoration, EditorView, WidgetType, type DecorationSet } from '@codemirror/view';
import { el } from '../../elements';
import { classOf, foundAt, openOf, setOpen, shown, type Shown } from './shown';

/** `card` makes the unfolded finding. */
export function underlines(card: (one: Shown) => HTMLElement): Extension {
  return [
    EditorView.decorations.compute([shown], marks),
    EditorView.decorations.compute([shown], (state) => line(state, card)),
    EditorView.domEventHandlers({ click: press }),
  ];
}

function marks(state: EditorState): DecorationSet {
  const { all, open } = state.field(shown);
  return Decoration.set(all.map((one) => {
    const name = `f ${classOf(one.finding)}${one.id === open ? ' on' : ''}`;
    const [from, to] = seen(one, state);
    return from < to
      ? Decoration.mark({ class: name }).range(from, to)
      : Decoration.widget({ widget: new Place(name), side: 1 }).range(from);
  }), true);
}

/** A finding between two characters is seen at the one before it, or at the one behind. */
function seen(one: Shown, state: EditorState): [number, number] {
  if (one.from < one.to) return [one.from, one.to];
  const line = state.doc.lineAt(one.from);
  if (line.length === 0) return [one.from, one.from];
  return one.from > line.from ? [one.from - 1, one.from] : [one.from, one.from + 1];
}

/** Where there is nothing to underline: an empty line. */
class Place extends WidgetType {
  constructor(private readonly name: string) { super(); }
  override eq(other: Place): boolean { return other.name === this.name; }
  toDOM(): HTMLElement { return el('span', { class: `${this.name} nothing`, 'aria-hidden': 'true' }, '\u2003'); }
}

function line(state: EditorState, card: (one: Shown) => HTMLElement): DecorationSet {
  const one = openOf(state);
  if (!one || !state.field(shown).inText) return Decoration.none;
  const widget = new Line(one, card);
  return Decoration.set(Decoration.widget({ widget, side: 1, block: true }).range(state.doc.lineAt(one.to).to));
}

class Line extends WidgetType {
  constructor(private readonly one: Shown, private readonly card: (one: Shown) => HTMLElement) { super(); }
  override eq(other: Line): boolean {
    return other.one.id === this.one.id && other.one.finding.message === this.one.finding.message;
  }
  toDOM(): HTMLElement {
    return el('div', { class: 'finding-line', contenteditable: 'false' }, this.card(this.one));
  }
  override get estimatedHeight(): number { return 92; }
  override ignoreEvent(): boolean { return true; }
}

/** A press on underlined words unfolds what is said of them. */
function press(event: MouseEvent, view: EditorView): boolean {
  const target = event.target as HTMLElement;
  if (!target.closest('.f') || !view.state.selection.main.empty) return false;
  const at = view.posAtCoords({ x: event.clientX, y: event.clientY });
  const one = at === null ? null : foundAt(view.state, at);
  if (one) view.dispatch({ effects: setOpen.of(one.id) });
  return false;
}
