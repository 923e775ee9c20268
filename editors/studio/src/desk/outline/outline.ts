// The outline: every part with what it weighs, and the way to it.
import { byId, el } from '../../elements';
import type { Desk, Part } from '../desk';
import { drag, type Spot } from '../text/dragging';
import { movePart } from '../text/mover';
import { isMovable } from '../text/moving';
import { slotsOf } from '../text/slots';
import { partAt, partsOf } from '../text/structure';
import { startOf } from '../text/text';
import { shortOf, smallOf, sumOf, tallied, titleOf, wholeOf, type Known } from './words';
import { Weights } from './weights';

export const outline: Part = {
  start(desk) {
    const rail = new Rail(desk);
    desk.on('typed', () => rail.wish());
    desk.on('look', () => rail.wish());
    desk.on('part', () => rail.wish());
    rail.wish();
  },
};

class Rail {
  private readonly list = el('ol');
  private readonly sum = el('p', { class: 'sum' });
  private readonly weights: Weights;
  private isWished = false;
  /** The entry that Tab comes to. */
  private focused = -1;

  constructor(private readonly desk: Desk) {
    this.weights = new Weights(desk, () => this.wish());
    const nav = byId('outline');
    nav.append(this.list, this.sum);
    this.list.addEventListener('click', (event) => {
      const at = this.entryOf(event);
      if (at < 0) return;
      event.preventDefault();
      this.go(at);
    });
    this.list.addEventListener('keydown', (event) => this.key(event));
    this.list.addEventListener('pointerdown', (event) => this.press(event));
    this.list.addEventListener('dragstart', (event) => event.preventDefault());
    this.list.addEventListener('focusin', (event) => { this.focused = this.entryOf(event); this.tabs(); });
    nav.addEventListener('focusout', () => { this.focused = -1; this.tabs(); });
  }

  /** Drawn once for all that has happened. */
  wish(): void {
    if (this.isWished) return;
    this.isWished = true;
    requestAnimationFrame(() => {
      this.isWished = false;
      this.draw();
    });
  }

  private draw(): void {
    const { state } = this.desk.view;
    const parts = partsOf(state);
    const known: Known = {
      parts, house: this.desk.house, look: this.desk.look, slots: slotsOf(state),
      here: partAt(parts, state.selection.main.head), bytes: this.weights.bytes,
      tallies: tallied(parts, this.desk.look?.findings ?? []),
    };
    while (this.list.children.length > parts.length) this.list.lastElementChild?.remove();
    parts.forEach((_, at) => this.drawEntry(known, at));
    this.sum.replaceChildren(...sumOf(known).flatMap((line, at) => (at ? [el('br'), line] : [line])));
    this.tabs();
  }

  private drawEntry(known: Known, at: number): void {
    const part = known.parts[at]!;
    const smalls = smallOf(known, at);
    const words = [titleOf(part), shortOf(part), ...smalls.map((each) => `${each.look ?? ''}:${each.text}`)].join('|');
    const entry = this.list.children[at] ?? this.list.appendChild(el('li'));
    const link = (entry.firstElementChild ?? entry.appendChild(el('a', { href: '#text' }))) as HTMLElement;
    link.classList.toggle('movable', isMovable(part));
    if (at === known.here) link.setAttribute('aria-current', 'true');
    else link.removeAttribute('aria-current');
    link.title = wholeOf(known, at);
    if (link.dataset['words'] === words) return;
    link.dataset['words'] = words;
    const short = shortOf(part);
    link.replaceChildren(
      el('span', {}, part.number === null ? el('i', {}, short) : short),
      el('span', {}, titleOf(part), ...lines(smalls)),
    );
  }

  private entryOf(event: Event): number {
    const entry = (event.target as HTMLElement).closest('li');
    return entry ? [...this.list.children].indexOf(entry) : -1;
  }

  private go(at: number): void {
    const part = partsOf(this.desk.view.state)[at];
    if (part) this.desk.goTo(startOf(this.desk, part.from));
  }

  private key(event: KeyboardEvent): void {
    const at = this.entryOf(event);
    const last = this.list.children.length - 1;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && event.altKey && event.shiftKey) this.move(at, at + step);
    else if (step) this.focus(Math.max(0, Math.min(last, at + step)));
    else if (event.key === 'Home') this.focus(0);
    else if (event.key === 'End') this.focus(last);
    else return;
    event.preventDefault();
  }

  private move(at: number, to: number): void {
    const parts = partsOf(this.desk.view.state);
    if (!isMovable(parts[at]) || !isMovable(parts[to])) return;
    movePart(this.desk, at, to);
    this.draw();
    this.focus(to);
  }

  private focus(at: number): void {
    (this.list.children[at]?.firstElementChild as HTMLElement | undefined)?.focus();
  }

  /** One entry is in the order of Tab: the one with the focus, or the one where the cursor is. */
  private tabs(): void {
    const links = [...this.list.querySelectorAll('a')];
    const current = links.findIndex((link) => link.hasAttribute('aria-current'));
    const chosen = this.focused >= 0 ? this.focused : Math.max(current, 0);
    links.forEach((link, at) => { link.tabIndex = at === chosen ? 0 : -1; });
  }

  private press(event: PointerEvent): void {
    const at = this.entryOf(event);
    if (event.button !== 0 || !isMovable(partsOf(this.desk.view.state)[at])) return;
    drag(this.desk, event, at, { inside: byId('outline'), scroller: byId('outline'), spots: () => this.spots() });
  }

  private spots(): Spot[] {
    const parts = partsOf(this.desk.view.state);
    return [...this.list.children].flatMap((entry, index) => {
      const { top, bottom } = entry.getBoundingClientRect();
      return isMovable(parts[index]) ? [{ index, top, bottom }] : [];
    });
  }
}

/** Small lines; pieces of one line are apart by a comma. */
function lines(smalls: readonly { text: string; look?: string; row: number }[]): HTMLElement[] {
  const rows = [...new Set(smalls.map((each) => each.row))];
  return rows.map((row) => {
    const pieces = smalls.filter((each) => each.row === row);
    return el('small', {}, ...pieces.flatMap((each, at) => [
      at ? ', ' : null, each.look ? el('span', { class: each.look }, each.text) : each.text,
    ]));
  });
}
