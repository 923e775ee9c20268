// A leaf: the message on paper, in one sight. The frame runs nothing and is laid out at its full
// height, so that this page measures and scrolls it, and hears where it is pressed.
import { el } from '../../elements';
import type { Part } from '../look';
import { morph } from './morph';
import { documentOf, WIDTHS, type Sight } from './sight';
import { partAt, placesOf, type Block } from './places';

export class Leaf {
  readonly element: HTMLElement;
  sight: Sight;
  /** Where a part was pressed: its place in the message, in pixels of the leaf's own content. */
  onPress: ((press: { x: number; y: number }) => void) | null = null;
  private readonly frame: HTMLIFrameElement;
  private readonly sheet: HTMLElement;
  private readonly bar = el('span', { class: 'mirror', hidden: true });
  private html: string | null = null;
  private parts: Part[] = [];
  private places: (Block | null)[] = [];
  private marked = -1;
  private scale = 1;
  private isThere = false;
  private watch: ResizeObserver | null = null;

  constructor(label: string, sight: Sight) {
    this.sight = sight;
    this.frame = el('iframe', { title: label, sandbox: 'allow-same-origin', tabindex: -1, scrolling: 'no' });
    this.sheet = el('div', { class: 'sheet-of-leaf' }, this.frame, this.bar);
    this.element = el('div', { class: 'leaf', tabindex: 0, role: 'group', 'aria-label': label }, this.sheet);
    this.frame.addEventListener('load', () => this.begin());
    this.frame.src = '/frame';
    this.sheet.addEventListener('click', (event) => {
      const box = this.sheet.getBoundingClientRect();
      this.onPress?.({ x: (event.clientX - box.left) / this.scale, y: (event.clientY - box.top) / this.scale });
    });
  }

  /** The document in the frame; null while it is being loaded. */
  get page(): Document | null {
    return this.isThere ? this.frame.contentDocument : null;
  }

  show(html: string, parts: Part[]): void {
    this.html = html;
    this.parts = parts;
    this.draw();
  }

  /** Seen in another way; what was in view stays there. */
  see(sight: Sight, room: number): number {
    const before = this.places, line = this.element.scrollTop + this.element.clientHeight / 4;
    const part = partAt(before, line), place = before[part];
    this.sight = sight;
    this.draw();
    const scale = this.fit(room), now = this.places[part];
    if (place && now) {
      const far = (line - place.top) / (place.bottom - place.top);
      this.element.scrollTop = now.top + far * (now.bottom - now.top) - this.element.clientHeight / 4;
    }
    return scale;
  }

  /** Fitted into so many pixels; what comes back is the scale. */
  fit(room: number): number {
    const width = WIDTHS[this.sight.width];
    this.scale = Math.min(1, room / width);
    this.frame.style.width = `${width}px`;
    this.frame.style.transform = this.scale < 1 ? `scale(${this.scale})` : '';
    this.element.style.width = `${Math.floor(width * this.scale)}px`;
    this.measure();
    return this.scale;
  }

  /** The scale at which it is drawn. */
  get drawnAt(): number {
    return this.scale;
  }

  /** Of each part of the text the place in the message, in pixels of what is scrolled. */
  stops(): (Block | null)[] {
    return this.places;
  }

  /** The bar beside a part, by its index; -1 for none. */
  mark(part: number): void {
    this.marked = part;
    const place = this.places[part];
    this.bar.hidden = !place;
    if (!place) return;
    this.bar.style.top = `${place.top}px`;
    this.bar.style.height = `${place.bottom - place.top}px`;
  }

  /** Brings a part into view, where it is not. */
  reveal(part: number): void {
    const place = this.places[part], { scrollTop, clientHeight } = this.element;
    if (!place) return;
    const isSeen = place.top >= scrollTop && place.top < scrollTop + clientHeight * 0.6;
    const isAround = place.top < scrollTop && place.bottom > scrollTop + clientHeight * 0.6;
    if (!isSeen && !isAround) this.element.scrollTop = place.top - Math.min(150, clientHeight / 4);
  }

  /** The frame was loaded anew: everything is drawn on it again. */
  private begin(): void {
    this.isThere = true;
    this.watch?.disconnect();
    this.draw();
    const root = this.page?.documentElement;
    if (!root) return;
    this.watch = new ResizeObserver(() => this.measure());
    this.watch.observe(root);
  }

  private draw(): void {
    const page = this.page;
    this.element.classList.toggle('dark', this.sight.colours === 'Dark' && this.sight.condition !== 'Outlook');
    this.element.classList.toggle('forced', this.sight.colours === 'Forced' && this.sight.condition !== 'Outlook');
    if (!page || this.html === null) return;
    morph(page.documentElement, documentOf(this.html, this.sight).documentElement);
    this.measure();
  }

  private measure(): void {
    const page = this.page;
    if (!page || this.html === null) return;
    const height = page.documentElement.offsetHeight;
    this.frame.style.height = `${height}px`;
    this.sheet.style.height = `${Math.ceil(height * this.scale)}px`;
    this.places = placesOf(page, this.parts, this.scale);
    this.mark(this.marked);
  }
}
