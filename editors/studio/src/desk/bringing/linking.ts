// Ctrl K: a small question at the text for the address of a link. Over words it links them; in a
// link it changes or removes it; anywhere else the page is asked for its title, which may come after
// one has gone on writing.
import { byId, el } from '../../elements';
import type { Desk, Part } from '../desk';
import {
  escaped, hostOf, isAddress, linkAt, putLink, rewrite, titleOf, whyNoLink, wholeAddress, written, type LinkAt, type Title,
} from './links';
import { Spot } from './spot';

export const linking: Part = {
  start(desk) {
    const open = (): boolean => {
      const { main } = desk.view.state.selection;
      if (desk.view.state.readOnly || desk.view.state.sliceDoc(main.from, main.to).includes('\n')) return false;
      void new Question(desk).open();
      return true;
    };
    desk.commands.add({
      id: 'link', label: 'Link, with the page’s title', key: 'Ctrl-K', place: 'text', group: 'Write', run: open,
    });
  },
};

class Question {
  private readonly spot: Spot;
  private readonly known: LinkAt | null;
  private readonly words: string;
  private readonly field = el('input', {
    class: 'field', type: 'text', inputmode: 'url', spellcheck: 'false', autocomplete: 'off',
    'aria-label': 'Address of the link', placeholder: 'https://',
  });
  private readonly told = el('p', { class: 'told', role: 'status' });
  private readonly box: HTMLElement;
  private readonly titles = new Map<string, Promise<Title>>();
  private waiting = 0;
  private readonly away = (event: Event): void => {
    if (!this.box.contains(event.target as Node)) this.close(false);
  };

  constructor(private readonly desk: Desk) {
    const { main } = desk.view.state.selection;
    this.known = linkAt(desk.view.state, main.head);
    const range = this.known ?? main;
    this.words = this.known ? this.known.words : desk.view.state.sliceDoc(main.from, main.to);
    this.spot = new Spot(desk, { from: range.from, to: range.to });
    this.field.value = this.known?.address ?? '';
    this.box = this.made();
  }

  private made(): HTMLElement {
    const keep = el('button', { class: 'b line small', type: 'submit' }, this.known ? 'Change' : 'Link', el('kbd', {}, '⏎'));
    const gone = el('button', { class: 'b small', type: 'button', onclick: () => this.remove() }, 'Remove the link');
    const form = el('form', { class: 'link-question', 'aria-label': 'Link' },
      this.field, el('div', { class: 'do' }, this.told, this.known && gone, keep));
    form.addEventListener('submit', (event) => { event.preventDefault(); this.keep(); });
    form.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      event.stopPropagation();
      this.close(true);
    });
    this.field.addEventListener('input', () => this.typed());
    return form;
  }

  async open(): Promise<void> {
    this.place();
    byId('write').append(this.box);
    document.addEventListener('mousedown', this.away);
    this.field.focus();
    this.field.select();
    this.say();
    const copied = this.known ? '' : await clipboardAddress();
    if (copied && !this.field.value && this.box.isConnected) {
      this.field.value = copied;
      this.field.select();
      this.typed();
    }
  }

  /** Below the words, in the width of the text. */
  private place(): void {
    const { view } = this.desk;
    const at = view.coordsAtPos(this.spot.from) ?? view.contentDOM.getBoundingClientRect();
    const around = byId('write').getBoundingClientRect();
    const text = view.contentDOM.getBoundingClientRect();
    const most = Math.max(text.right - around.left - 420 - 16, 8);
    this.box.style.left = `${Math.round(Math.min(Math.max(at.left - around.left - 12, 8), most))}px`;
    this.box.style.top = `${Math.round(at.bottom - around.top + byId('write').scrollTop + 8)}px`;
  }

  private typed(): void {
    this.field.removeAttribute('aria-invalid');
    this.say();
    window.clearTimeout(this.waiting);
    const address = wholeAddress(this.field.value);
    if (this.words || !isAddress(address)) return;
    this.waiting = window.setTimeout(() => void this.ask(address).then(() => this.say()), 300);
    this.told.textContent = 'Asking the page for its title…';
  }

  private say(): void {
    const address = wholeAddress(this.field.value);
    if (this.words || !address) {
      this.told.textContent = this.words ? '' : 'The page’s title becomes the words.';
      return;
    }
    void this.titles.get(address)?.then((page) => {
      if (wholeAddress(this.field.value) !== address) return;
      this.told.textContent = page.title || `${hostOf(address)}: ${page.why}`;
    });
  }

  private ask(address: string): Promise<Title> {
    const known = this.titles.get(address);
    if (known) return known;
    const asked = titleOf(address);
    this.titles.set(address, asked);
    return asked;
  }

  private keep(): void {
    const address = wholeAddress(this.field.value);
    if (!address) {
      if (this.known) this.remove();
      else this.close(true);
      return;
    }
    const why = address === this.known?.address ? '' : whyNoLink(this.field.value);
    if (why) return this.refuse(why);
    const { from, to } = this.close(true);
    if (this.known && address === this.known.address) return;
    if (this.words) putLink(this.desk, from, to, this.words, address);
    else void this.putTitled(from, to, address);
  }

  private refuse(why: string): void {
    this.told.textContent = why;
    this.field.setAttribute('aria-invalid', 'true');
    this.field.select();
  }

  /** The host at once, and the title in its place when it comes, chosen so that typing replaces it. */
  private async putTitled(from: number, to: number, address: string): Promise<void> {
    const { desk } = this;
    const first = hostOf(address);
    const insert = written(escaped(first), address);
    desk.view.dispatch({
      changes: { from, to, insert }, selection: { anchor: from + insert.length },
      userEvent: 'input.link', scrollIntoView: true,
    });
    const spot = new Spot(desk, { from, to: from + insert.length });
    if (!isAddress(address)) { spot.done(); return; }
    const page = await this.ask(address);
    const now = spot.done();
    const words = escaped(page.title || page.host || first);
    const isStill = desk.view.state.selection.main.head === now.to && desk.view.hasFocus;
    if (!rewrite(desk, now, insert, written(words, page.address)) && page.title) return;
    if (isStill) desk.view.dispatch({ selection: { anchor: now.from + 1, head: now.from + 1 + words.length } });
  }

  private remove(): void {
    const { from, to } = this.close(true);
    this.desk.view.dispatch({
      changes: { from, to, insert: this.words }, selection: { anchor: from + this.words.length },
      userEvent: 'delete.link',
    });
  }

  private close(backToText: boolean): { from: number; to: number } {
    window.clearTimeout(this.waiting);
    document.removeEventListener('mousedown', this.away);
    this.box.remove();
    if (backToText) this.desk.view.focus();
    return this.spot.done();
  }
}

/** The address that was copied, where the browser lets us look without asking anybody. */
async function clipboardAddress(): Promise<string> {
  try {
    const { state } = await navigator.permissions.query({ name: 'clipboard-read' as PermissionName });
    const text = state === 'granted' ? await navigator.clipboard.readText() : '';
    return isAddress(text) ? text.trim() : '';
  } catch {
    return '';
  }
}
