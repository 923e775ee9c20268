// Both versions side by side: only what differs, a choice each, and below how it will read.
import { presentableDiff } from '@codemirror/merge';
import { nameOf } from '../../commands';
import { byId, el } from '../../elements';
import type { Desk } from '../desk';
import { capital, chosen, compose, numberWord, preselected, type Block, type Choice, type Piece, type Versions } from './pieces';
import { ResultRow } from './result';

export interface About {
  /** Behind the name: "was changed elsewhere at 14:05, while you wrote here". */
  what: string;
  yours: [string, string];
  disk: [string, string];
}

interface Place { piece: Piece; choice: Choice | null; row: ResultRow; radios: Record<Choice, HTMLInputElement> }

export class VersionsPage {
  private readonly dialog: HTMLDialogElement;
  private readonly places: Place[] = [];
  private readonly count = el('p', { class: 'soft', role: 'status' });
  private readonly next: HTMLButtonElement;
  private readonly use: HTMLButtonElement;

  constructor(private readonly desk: Desk, private readonly versions: Versions, about: About,
    private readonly used: (text: string) => void, left: () => void) {
    this.next = button('Next to choose', 'line', () => this.goNext());
    this.next.append(el('kbd', {}, 'N'));
    this.use = button('Use this', 'fill', () => this.finish());
    const name = byId('heading').firstChild?.textContent?.trim() || desk.name;
    this.dialog = el('dialog', { class: 'versions', id: 'versions', 'aria-labelledby': 'versions-heading' },
      el('div', { class: 'bar' }, back(() => this.dialog.close()),
        el('h1', { id: 'versions-heading' }, name, ' ', el('span', {}, about.what))),
      el('div', { class: 'both', tabindex: 0, role: 'group', 'aria-label': 'Both versions' },
        el('div', { class: 'measure' }, this.sides(about), this.result())),
      el('div', { class: 'bar foot' }, this.count, el('div', { class: 'acts' },
        button('All mine', '', () => this.all('yours')), button('All from disk', '', () => this.all('disk')),
        this.next, this.use)));
    this.dialog.addEventListener('close', () => { this.dialog.remove(); left(); });
    this.dialog.addEventListener('keydown', (event) => this.key(event));
  }

  show(): void {
    byId('sheets').append(this.dialog);
    this.dialog.showModal();
    this.tell();
    const first = this.places.find(({ choice }) => !choice) ?? this.places[0];
    first?.radios[first.choice ?? 'yours'].focus();
  }

  close(): void {
    this.dialog.close();
  }

  get isOpen(): boolean {
    return this.dialog.open;
  }

  goNext(): void {
    const at = this.places.findIndex(({ radios }) => Object.values(radios).includes(document.activeElement as HTMLInputElement));
    const order = [...this.places.slice(at + 1), ...this.places.slice(0, at + 1)];
    const next = order.find(({ choice }) => !choice);
    if (!next) return this.use.focus();
    next.radios.yours.focus();
    next.radios.yours.closest('.piece')?.scrollIntoView({ block: 'center' });
  }

  both(): void {
    const here = this.places.find(({ radios }) => Object.values(radios).includes(document.activeElement as HTMLInputElement));
    if (here?.piece.yours && here.piece.disk) this.choose(here, 'both');
  }

  finish(): void {
    if (this.places.some(({ choice }) => !choice)) return this.goNext();
    const left = [...this.places];
    const blocks = this.versions.pieces.map((piece): Block | null =>
      piece.changed === 'same' ? piece.yours : left.shift()?.row.block ?? null);
    const text = compose(this.versions, blocks);
    this.dialog.close();
    this.used(text);
  }

  private sides(about: About): HTMLElement {
    const made = el('div', { class: 'two' },
      el('h2', {}, about.yours[0], el('small', {}, about.yours[1])),
      el('h2', {}, about.disk[0], el('small', {}, about.disk[1])));
    let before = '';
    for (const piece of this.versions.pieces) {
      if (piece.changed === 'same') {
        made.append(el('p', { class: 'same' }, piece.where));
        before = piece.yours?.body ?? '';
      } else {
        made.append(this.piece(piece, before));
        before = '';
      }
    }
    return made;
  }

  private piece(piece: Piece, before: string): HTMLElement {
    const radio = (choice: Choice): HTMLInputElement => el('input', {
      type: 'radio', name: `version-${this.places.length}`, onchange: () => this.choose(place, choice),
    });
    const radios = { yours: radio('yours'), disk: radio('disk'), both: radio('both') };
    const place: Place = { piece, choice: null, row: new ResultRow(piece, before, () => radios.yours.focus()), radios };
    this.places.push(place);
    const made = el('fieldset', { class: 'piece' }, el('legend', { class: 'vh' }, piece.where),
      el('p', { class: 'ask w' }, 'Still to choose'),
      version(piece, 'yours', radios.yours), version(piece, 'disk', radios.disk),
      piece.yours && piece.disk && piece.changed === 'both'
        && el('label', { class: 'take-both' }, radios.both, 'Both, yours first', el('kbd', {}, 'B')));
    const first = preselected(piece);
    if (first) this.choose(place, first);
    return made;
  }

  private choose(place: Place, choice: Choice): void {
    place.choice = choice;
    place.radios[choice].checked = true;
    place.row.show(chosen(place.piece, choice));
    this.tell();
  }

  private all(side: 'yours' | 'disk'): void {
    for (const place of this.places) this.choose(place, side);
  }

  private result(): HTMLElement {
    return el('section', { class: 'result', 'aria-labelledby': 'result-heading' },
      el('h2', { id: 'result-heading' }, 'So it will read'), ...this.places.map(({ row }) => row.element));
  }

  private tell(): void {
    const total = this.places.length;
    const done = this.places.filter(({ choice }) => choice).length;
    const how = done === total ? (total === 1 ? 'Chosen.' : `All ${numberWord(total)} chosen.`)
      : `${capital(numberWord(done))} of ${numberWord(total)} chosen. Nothing is written before all are.`;
    this.count.textContent = `${how} Both versions are kept in issues/.drafts.`;
    this.next.hidden = done === total;
    this.use.setAttribute('aria-disabled', String(done < total));
  }

  /** The page has keys of its own; those of the desk below sleep. */
  private key(event: KeyboardEvent): void {
    event.stopPropagation();
    const isText = (event.target as HTMLElement).isContentEditable;
    const own = this.desk.commands.all.filter(({ place }) => place === 'versions');
    const command = own.find(({ key }) => key === nameOf(event));
    if (!command || (isText && !event.ctrlKey && !event.metaKey)) return;
    command.run();
    event.preventDefault();
  }
}

function version(piece: Piece, side: 'yours' | 'disk', radio: HTMLInputElement): HTMLElement {
  const block = piece[side];
  const words = block ? el('span', { class: 'words' }, ...marked(piece.base ?? '', block.body))
    : el('span', { class: 'soft' }, 'not there');
  return el('label', { class: 'ver' }, radio, el('small', {}, piece.where), words);
}

/** A text with what it has and the earlier one had not. */
export function marked(base: string, text: string): (string | HTMLElement)[] {
  const found: (string | HTMLElement)[] = [];
  let at = 0;
  for (const { fromB, toB } of presentableDiff(base, text)) {
    if (fromB === toB) continue;
    found.push(text.slice(at, fromB), el('ins', {}, text.slice(fromB, toB)));
    at = toB;
  }
  return [...found, text.slice(at)];
}

function back(run: () => void): HTMLElement {
  return el('button', { type: 'button', class: 'back', onclick: run }, el('span', { 'aria-hidden': 'true' }, '‹'), ' Desk');
}

function button(words: string, kind: string, run: () => void): HTMLButtonElement {
  return el('button', { type: 'button', class: `b ${kind}`.trim(), onclick: run }, words);
}
