// The message itself: a leaf, and above it what is seen, on what, and in which colours.
import { el } from '../../elements';
import type { Look } from '../look';
import { Leaf } from './leaf';
import { COLOURS, CONDITIONS, likeness, WIDTHS, type Colours, type Condition, type Sight, type Width } from './sight';
import type { View } from './views';

/** Room beside a leaf that has to be scaled, both sides together. */
const MARGIN = 40;
/** Between two leaves; from this room on a phone stands beside the desktop. */
const GAP = 24;
const ROOM_FOR_TWO = WIDTHS.Phone + WIDTHS.Desktop + MARGIN + GAP;

export class MessageView implements View {
  readonly name = 'Message';
  readonly leaf: Leaf;
  /** A phone, beside the desktop where there is room for both. */
  readonly phone: Leaf;
  readonly element: HTMLElement;
  private readonly subject = el('b');
  private readonly preheader = el('span');
  private readonly scaled = el('small', { class: 'softer' });
  private readonly like = el('p', { class: 'likeness', hidden: true });
  private readonly blank = el('div', { class: 'leaf empty', hidden: true });
  private readonly stale = el('p', { class: 'stale', role: 'status', hidden: true });
  private isThere = false;
  private look: Look | null = null;
  private readonly line: HTMLElement;
  private readonly table: HTMLElement;
  private readonly pick: HTMLSelectElement;
  private readonly radios = new Map<string, HTMLInputElement>();
  private sight: Sight;

  constructor() {
    this.sight = { width: window.innerWidth >= 1800 ? 'Desktop' : 'Phone', colours: 'Light', condition: 'As it is' };
    this.leaf = new Leaf('The message', this.sight);
    this.phone = new Leaf('The message on a phone', { ...this.sight, width: 'Phone' });
    this.table = el('div', { class: 'table', hidden: true }, this.leaf.element);
    this.line = el('div', { class: 'inboxline', hidden: true }, el('div', {}, this.subject, this.scaled), this.preheader);
    this.pick = el('select', { class: 'pick', 'aria-label': 'Seen under these conditions', onchange: () => this.picked() },
      ...CONDITIONS.map((name) => el('option', {}, name)));
    const widths = this.group('Width', 'width', Object.keys(WIDTHS), (name) => this.see({ width: name as Width }));
    const colours = this.group('Colours', 'colours', [...COLOURS], (name) => this.see({ colours: name as Colours }));
    this.element = el('div', { class: 'view' }, el('div', { class: 'seen' }, widths, colours, this.pick),
      this.like, this.stale, this.line, this.table, this.blank);
    const narrow = window.matchMedia('(max-width: 1239px)');
    narrow.addEventListener('change', () => this.offerWide(narrow.matches));
    this.offerWide(narrow.matches);
    new ResizeObserver(() => this.fit()).observe(this.element);
    this.draw();
  }

  /** Seen in another way; what is not said stays. */
  see(change: Partial<Sight>): void {
    this.sight = { ...this.sight, ...change };
    if (this.isDouble && this.sight.width === 'Phone') this.sight.width = 'Desktop';
    // Outlook has no phones: its messages are as wide as they are, so they are shown on a desktop.
    if (change.condition === 'Outlook' && this.sight.width === 'Phone') this.sight.width = 'Desktop';
    this.draw();
    this.phone.see({ ...this.sight, width: 'Phone' }, WIDTHS.Phone);
    this.said(this.leaf.see(this.sight, this.room()));
  }

  /** A text that cannot become a message for a moment leaves the last one there, and says why. */
  show(look: Look): void {
    this.look = look;
    const { message } = look, fault = look.fault ?? 'There is no message yet.';
    const isFirst = !this.isThere && !!message;
    this.isThere ||= isFirst;
    this.line.hidden = this.table.hidden = !this.isThere;
    this.blank.hidden = this.isThere;
    if (isFirst) this.fit();
    this.stale.hidden = !this.isThere || !!message;
    this.table.classList.toggle('stale', !message);
    if (message) {
      this.subject.textContent = message.subject;
      this.preheader.textContent = message.preheader;
      this.leaf.show(message.html, look.parts);
      if (this.isDouble) this.phone.show(message.html, look.parts);
    } else {
      this.blank.textContent = `No message yet. ${fault}`;
      this.stale.textContent = `This is the message before the last change. ${fault}`;
    }
  }

  private group(legend: string, name: string, values: string[], choose: (value: string) => void): HTMLElement {
    return el('fieldset', { class: 'seg' }, el('legend', { class: 'vh' }, legend), ...values.map((value) => {
      const radio = el('input', { type: 'radio', name: `seen-${name}`, value, onchange: () => choose(value) });
      this.radios.set(value, radio);
      return el('label', { class: value === 'Wide' ? 'w2' : '' }, radio, value);
    }));
  }

  /** On a small screen Wide has no room among the widths, and stands in the menu. */
  private offerWide(isNarrow: boolean): void {
    this.pick.querySelector('[value=Wide]')?.remove();
    if (isNarrow) this.pick.append(el('option', { value: 'Wide' }, 'Wide'));
  }

  private picked(): void {
    const value = this.pick.value;
    this.see(value === 'Wide' ? { width: 'Wide' } : { condition: value as Condition });
  }

  private draw(): void {
    for (const value of [this.sight.width, this.sight.colours]) this.radios.get(value)!.checked = true;
    this.pick.value = this.sight.condition;
    const like = likeness(this.sight);
    this.like.hidden = !like;
    this.like.textContent = like;
  }

  private get isDouble(): boolean {
    return this.phone.element.isConnected;
  }

  private fit(): void {
    const room = this.element.clientWidth;
    if (!room) return;
    if (room >= ROOM_FOR_TWO !== this.isDouble) this.double(!this.isDouble);
    this.said(this.leaf.fit(this.room()));
  }

  private double(isDouble: boolean): void {
    if (isDouble) this.table.prepend(this.phone.element);
    else this.phone.element.remove();
    this.phone.fit(WIDTHS.Phone);
    this.radios.get('Phone')!.disabled = isDouble;
    if (isDouble && this.sight.width === 'Phone') this.see({ width: 'Desktop' });
    if (this.look) this.show(this.look);
  }

  /** Pixels for the leaf: with a margin, unless it only just goes in whole. */
  private room(): number {
    const room = this.element.clientWidth - (this.isDouble ? WIDTHS.Phone + GAP : 0), width = WIDTHS[this.sight.width];
    return room - 8 >= width ? width : Math.max(room - MARGIN, 120);
  }

  private said(scale: number): void {
    const width = this.leaf.element.offsetWidth + (this.isDouble ? WIDTHS.Phone + GAP : 0);
    this.line.style.width = `${width}px`;
    const name = this.sight.width === 'Wide' && this.pick.querySelector('[value=Wide]') ? 'Wide, ' : '';
    this.scaled.textContent = scale < 1 ? `${name}at ${Math.round(scale * 100)} %` : '';
  }
}
