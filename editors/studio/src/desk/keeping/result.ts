// How one place will read, free to be edited; until something is chosen, a gap that says what is missing.
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { presentableDiff } from '@codemirror/merge';
import { EditorState, StateField, type Transaction } from '@codemirror/state';
import { Decoration, EditorView, keymap, type DecorationSet } from '@codemirror/view';
import { el } from '../../elements';
import type { Block, Piece } from './pieces';

/** Characters of what stands before, so that one knows where one is. */
const BEFORE = 48;

export class ResultRow {
  readonly element: HTMLElement;
  private readonly place = el('div', { class: 'place' });
  private view: EditorView | null = null;
  private gap = '\n\n';

  constructor(private readonly piece: Piece, before: string, ask: () => void) {
    const tail = before.split('\n').at(-1) ?? '';
    const words = tail.length > BEFORE ? tail.slice(tail.indexOf(' ', tail.length - BEFORE) + 1) : tail;
    this.element = el('div', { class: 'row-of-result' },
      el('p', { class: 'softer', 'aria-hidden': 'true' }, words ? `… ${words}` : '…'), this.place);
    this.place.append(el('button', { type: 'button', class: 'gap', onclick: ask }, missing(piece.where)));
  }

  show(block: Block | null): void {
    this.gap = block?.gap ?? this.gap;
    this.view?.destroy();
    this.view = new EditorView({ parent: this.place, state: this.state(block?.body ?? '') });
    this.place.replaceChildren(this.view.dom);
  }

  get block(): Block {
    return { body: this.view?.state.doc.toString() ?? '', gap: this.gap };
  }

  private state(doc: string): EditorState {
    const base = this.piece.base ?? '';
    return EditorState.create({
      doc,
      extensions: [
        history(), EditorView.lineWrapping, keymap.of([...defaultKeymap, ...historyKeymap]), marks(base),
        EditorView.contentAttributes.of({ 'aria-label': `${this.piece.where}, as it will read`, spellcheck: 'true' }),
      ],
    });
  }
}

function marks(base: string): StateField<DecorationSet> {
  const mark = Decoration.mark({ tagName: 'ins' });
  const of = (text: string): DecorationSet => Decoration.set(presentableDiff(base, text)
    .filter(({ fromB, toB }) => fromB < toB).map(({ fromB, toB }) => mark.range(fromB, toB)));
  return StateField.define<DecorationSet>({
    create: (state) => of(state.doc.toString()),
    update: (set, tr: Transaction) => (tr.docChanged ? of(tr.newDoc.toString()) : set),
    provide: (field) => EditorView.decorations.from(field),
  });
}

/** "Story 4, quote" as what is missing: "the quote of story 4". */
function missing(where: string): string {
  const [part, block] = where.split(', ');
  const lower = (part ?? '').charAt(0).toLowerCase() + (part ?? '').slice(1);
  return block ? `the ${block} of ${lower}` : lower;
}
