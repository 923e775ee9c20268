// Draws what is in sight, anew with each change of it, of the cursor and of the parts.
import { syntaxTree } from '@codemirror/language';
import { StateEffect, type EditorState, type Extension, type SelectionRange } from '@codemirror/state';
import { Decoration, EditorView, ViewPlugin, type DecorationSet, type ViewUpdate } from '@codemirror/view';
import type { Desk } from '../desk';
import { drawLine, type Sight } from './lines';
import { drawMarks } from './marks';
import { Pen } from './pen';
import { partAt, structure } from './structure';

const released = StateEffect.define<null>();

export function drawing(desk: Desk): Extension {
  return ViewPlugin.define((view) => new Drawing(view, desk), {
    decorations: (drawing) => drawing.drawn,
    provide: (plugin) => EditorView.atomicRanges.of((view) => view.plugin(plugin)?.covered ?? EMPTY),
    eventHandlers: {
      mousedown(event) { if (event.button === 0) this.press(); },
      compositionstart() { this.compose(); },
      compositionend() { this.composed(); },
    },
  });
}

const EMPTY = Decoration.none;

class Drawing {
  drawn: DecorationSet = EMPTY;
  covered: DecorationSet = EMPTY;
  /** While the mouse is down the source stays as it was: nothing moves under the pointer. */
  private held: readonly SelectionRange[] | null = null;
  /** Where words are composed the source shows until they are: what folds there would end the composing. */
  private composing: readonly SelectionRange[] = [];

  constructor(private readonly view: EditorView, private readonly desk: Desk) {
    this.draw();
  }

  update(update: ViewUpdate): void {
    if (update.docChanged) this.held = null;
    if (update.docChanged) this.composing = this.composing.map((range) => range.map(update.changes, -1));
    const isOther = update.docChanged || update.viewportChanged || update.selectionSet
      || update.transactions.some((tr) => tr.effects.some((effect) => effect.is(released)))
      || update.startState.field(structure) !== update.state.field(structure)
      || syntaxTree(update.startState) !== syntaxTree(update.state);
    if (isOther) this.draw();
  }

  press(): void {
    this.held = this.view.state.selection.ranges;
    const release = (): void => {
      this.held = null;
      this.view.dispatch({ effects: released.of(null) });
    };
    window.addEventListener('mouseup', () => setTimeout(release), { once: true });
  }

  compose(): void {
    this.composing = this.view.state.selection.ranges;
  }

  composed(): void {
    setTimeout(() => {
      if (this.view.compositionStarted) return;
      this.composing = [];
      this.view.dispatch({ effects: released.of(null) });
    });
  }

  private draw(): void {
    const { state } = this.view;
    const shown = this.held ?? [...this.composing, ...state.selection.ranges];
    const pen = new Pen(state, shown, this.desk.look?.findings ?? []);
    const { head } = state.selection.main;
    const sight: Sight = {
      pen, house: this.desk.house, here: partAt(pen.parts, head), now: paragraphAt(state, head),
    };
    for (const { from, to } of this.view.visibleRanges) {
      for (let at = from; at <= to;) {
        const line = state.doc.lineAt(at);
        drawLine(sight, line, partAt(pen.parts, line.from));
        at = line.to + 1;
      }
      drawMarks(pen, from, to);
    }
    ({ drawn: this.drawn, covered: this.covered } = pen.done());
  }
}

/** The lines round a place up to the next blank ones; a heading stands alone. */
export function paragraphAt(state: EditorState, place: number): { from: number; to: number } {
  const line = state.doc.lineAt(place);
  let { from, to } = line;
  const isEnd = (text: string): boolean => text.trim() === '' || /^ {0,3}#{1,2}\s/.test(text);
  if (isEnd(line.text)) return { from, to };
  for (let n = line.number - 1; n >= 1 && !isEnd(state.doc.line(n).text); n--) from = state.doc.line(n).from;
  for (let n = line.number + 1; n <= state.doc.lines && !isEnd(state.doc.line(n).text); n++) to = state.doc.line(n).to;
  return { from, to };
}
