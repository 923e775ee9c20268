// The notes in the margin: a list outside the text, in its order, each beside its line. They lie in
// what scrolls, so scrolling costs nothing; their places are worked out when something moves.
import { EditorView, ViewPlugin, type ViewUpdate } from '@codemirror/view';
import type { Extension } from '@codemirror/state';
import { byId, el } from '../../elements';
import type { Desk } from '../desk';
import { cardOf, marked, sentence } from './card';
import { apart, isCrowded, type Placed } from './places';
import { classOf, isSlot, setInText, setOpen, shown, wordOf, type Shown } from './shown';

/** The least width of a margin, in pixels; with less, an open finding is a line of the text. */
const MARGIN = 190;
/** From the top of a note to the middle of its first line. */
const CLOSED = 9;
const OPEN = 19;
/** Left free below a note that is to be seen whole. */
const SPACE = 12;

interface Measured {
  left: number;
  hasMargin: boolean;
  cursor: number;
  notes: { note: Note; at: number; height: number; length: number }[];
}

interface Note { id: number; key: string; item: HTMLElement; isOpen: boolean; top: number }

export function margin(desk: Desk, isTyping: () => boolean): Extension {
  return ViewPlugin.define((view) => new Margin(view, desk, isTyping));
}

class Margin {
  private readonly list = el('ol', { class: 'notes', 'aria-label': 'Findings' });
  private readonly write = byId('write');
  private readonly sizes: ResizeObserver;
  private notes = new Map<number, Note>();
  private isTight = false;
  /** One that has just been unfolded is to be seen whole. */
  private isNew = false;

  constructor(private readonly view: EditorView, private readonly desk: Desk, private readonly isTyping: () => boolean) {
    byId('notes').append(this.list);
    this.sizes = new ResizeObserver(() => this.measure());
    this.sizes.observe(this.write);
    this.sizes.observe(byId('text'));
    void document.fonts.ready.then(() => this.measure());
  }

  update(update: ViewUpdate): void {
    const isOther = update.startState.field(shown) !== update.state.field(shown);
    if (isOther) this.draw();
    if (isOther || update.docChanged || update.geometryChanged || update.viewportChanged) this.measure();
  }

  destroy(): void {
    this.sizes.disconnect();
    this.list.remove();
  }

  /** The list as it should be: an element that says the same stays, with the focus in it. */
  private draw(): void {
    const { all, open, inText } = this.view.state.field(shown);
    const hadFocus = this.list.contains(document.activeElement);
    const before = this.notes;
    this.notes = new Map();
    let opened: HTMLElement | null = null;
    for (const one of all) {
      const isOpen = one.id === open;
      if ((isSlot(one.finding) && !isOpen) || (isOpen && inText)) continue;
      const key = `${isOpen} ${one.edits === null} ${one.finding.severity} ${one.finding.message} ${one.finding.hint}`;
      const known = before.get(one.id);
      const item = known?.key === key ? known.item : el('li', {}, isOpen ? cardOf(this.desk, one) : this.button(one));
      if (isOpen && known?.key !== key) opened = item;
      if (isOpen && !known?.isOpen) this.isNew = true;
      this.notes.set(one.id, { id: one.id, key, item, isOpen, top: known?.top ?? -1 });
    }
    for (const { item } of before.values()) this.sizes.unobserve(item);
    for (const { item } of this.notes.values()) this.sizes.observe(item);
    const items = [...this.notes.values()].map((note) => note.item);
    for (const child of [...this.list.children]) if (!items.includes(child as HTMLLIElement)) child.remove();
    items.forEach((item, at) => {
      if (this.list.children[at] !== item) this.list.insertBefore(item, this.list.children[at] ?? null);
    });
    if (hadFocus && opened) opened.querySelector<HTMLElement>('button, a')?.focus();
    else if (hadFocus && !this.list.contains(document.activeElement)) this.view.focus();
  }

  private button(one: Shown): HTMLElement {
    return el('button', {
      class: `note ${classOf(one.finding)}`, type: 'button', 'aria-expanded': 'false',
      onclick: () => this.view.dispatch({ effects: setOpen.of(one.id) }),
    }, el('b', {}, wordOf(one.finding)), ' ', ...marked(sentence(one.finding.message)));
  }

  private measure(): void {
    this.view.requestMeasure<Measured>({ key: this, read: () => this.read(), write: (measured) => this.place(measured) });
  }

  private read(): Measured {
    const { view, write } = this;
    const field = view.state.field(shown);
    const frame = write.getBoundingClientRect();
    const text = byId('text').getBoundingClientRect();
    const origin = frame.top - write.scrollTop;
    const notes = [...this.notes.values()].map((note) => {
      const one = field.all.find((each) => each.id === note.id);
      return { note, at: this.middle(one?.from ?? 0) - origin, height: note.item.offsetHeight, length: one?.finding.message.length ?? 0 };
    });
    return {
      left: text.right - frame.left + write.scrollLeft,
      hasMargin: frame.right - text.right >= MARGIN && byId('notes').offsetParent !== null,
      cursor: this.middle(view.state.selection.main.head) - origin,
      notes,
    };
  }

  /** The middle of the line that is seen at a place, as the window counts. */
  private middle(at: number): number {
    const { view } = this;
    const isDrawn = at >= view.viewport.from && at <= view.viewport.to;
    const seen = isDrawn ? view.coordsAtPos(at, 1) : null;
    return seen ? (seen.top + seen.bottom) / 2 : view.documentTop + view.lineBlockAt(at).top + 14;
  }

  private place(measured: Measured): void {
    const { left, hasMargin, notes, cursor } = measured;
    this.list.style.left = `${left}px`;
    this.list.hidden = !hasMargin;
    if (this.view.state.field(shown).inText === hasMargin) {
      queueMicrotask(() => this.view.dispatch({ effects: setInText.of(!hasMargin) }));
    }
    const isTyping = this.isTyping();
    if (hasMargin && !isTyping && this.isTight !== isCrowded(notes.map(({ at }) => at), notes.map(({ length }) => length))) {
      this.isTight = !this.isTight;
      this.list.classList.toggle('tight', this.isTight);
      this.measure();
      return;
    }
    const wanted = notes.map(({ note, at, height }): Placed => ({
      at: at - (note.isOpen ? OPEN : CLOSED), height, isOpen: note.isOpen,
      kept: isTyping && note.top >= 0 && at < cursor ? note.top : null,
    }));
    apart(wanted, this.isTight).forEach((top, index) => {
      const { note, at } = notes[index]!;
      const push = Math.round(top - (at - (note.isOpen ? OPEN : CLOSED)));
      note.top = top;
      note.item.style.transform = `translateY(${Math.round(top)}px)`;
      note.item.style.setProperty('--push', `${Math.abs(push)}px`);
      note.item.className = push > 2 ? 'pushed' : push < -2 ? 'raised' : '';
      if (note.isOpen && hasMargin) this.reveal(top, notes[index]!.height);
    });
  }

  private reveal(top: number, height: number): void {
    const { write } = this;
    const under = top + height + SPACE - write.scrollTop - write.clientHeight;
    if (this.isNew && under > 0) write.scrollTop += Math.min(under, top - SPACE - write.scrollTop);
    this.isNew = false;
  }
}
