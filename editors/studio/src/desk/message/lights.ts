// The light table: the message only, in several sights at once, which scroll together.
import type { Commands } from '../../commands';
import { byId, el } from '../../elements';
import type { Look } from '../look';
import { Leaf } from './leaf';
import { WIDTHS, type Colours, type Condition, type Sight, type Width } from './sight';
import { Steps } from './steps';

/** Pixels between two leaves, and at both ends. */
const GAP = 24;
/** Below this scale nobody reads; from there on the table is scrolled sideways. */
const LEAST_SCALE = 0.6;
const KEPT = 'studio-lights';

const ALL: readonly Sight[] = [
  sight('Phone', 'Light'), sight('Phone', 'Dark'), sight('Phone', 'Forced'), sight('Desktop', 'Light'),
  sight('Desktop', 'Dark'), sight('Phone', 'Light', 'Images off'), sight('Phone', 'Light', 'No styles'),
  sight('Desktop', 'Light', 'Outlook'), sight('Phone', 'Light', 'Text at 200 %'),
];
const AT_FIRST = ALL.slice(0, 4).map(nameOf);

export class Lights {
  private readonly dialog = el('dialog', { class: 'lights', 'aria-label': 'The message as readers will see it' });
  private readonly table = el('div', { class: 'row4', role: 'group', 'aria-label': 'The message, in several sights' });
  private readonly heading = el('h2');
  private leaves: { leaf: Leaf; said: HTMLElement }[] = [];
  private steps: Steps | null = null;
  private shown = kept();
  private look: Look | null = null;

  constructor(private readonly commands: Commands) {
    commands.add({
      id: 'lights', label: 'The message only, in all sights', key: 'F4', place: 'everywhere', group: 'The message',
      run: () => { if (this.dialog.open) this.dialog.close(); else this.open(); },
    });
    this.dialog.addEventListener('close', () => this.clear());
    this.dialog.addEventListener('keydown', (event) => {
      if (event.key !== 'F4') return;
      event.preventDefault();
      this.dialog.close();
    });
    window.addEventListener('resize', () => this.fit());
  }

  show(look: Look): void {
    this.look = look;
    if (this.dialog.open) this.draw();
  }

  private open(): void {
    const test = this.commands.find('test');
    this.dialog.replaceChildren(
      el('div', { class: 'bar' },
        el('button', { class: 'back', onclick: () => this.dialog.close() }, el('span', { 'aria-hidden': 'true' }, '‹'), ' Desk'),
        this.heading,
        el('div', { class: 'acts' }, el('span', { class: 'softer together' }, 'They scroll together'), this.choice(),
          test && el('button', { class: 'b', onclick: () => { this.dialog.close(); test.run(); } }, test.label))),
      this.table);
    byId('sheets').append(this.dialog);
    this.dialog.showModal();
    this.lay();
    this.leaves[0]?.leaf.element.focus();
  }

  private clear(): void {
    this.steps?.end();
    this.table.replaceChildren();
    this.leaves = [];
    this.dialog.remove();
  }

  /** The leaves of what is chosen, each in its place. */
  private lay(): void {
    this.steps?.end();
    this.leaves = ALL.filter((each) => this.shown.includes(nameOf(each))).map((each) => {
      const leaf = new Leaf(`The message: ${nameOf(each).toLowerCase()}`, each);
      return { leaf, said: el('figcaption') };
    });
    this.table.replaceChildren(...this.leaves.map(({ leaf, said }) => el('figure', {}, said, leaf.element)));
    this.steps = new Steps(this.leaves.map(({ leaf }) => ({
      scroller: () => leaf.element, stops: () => leaf.stops().map((place) => place?.top ?? null),
    })));
    this.draw();
    this.fit();
  }

  private draw(): void {
    const { look } = this;
    this.heading.replaceChildren(look?.number ? `No. ${look.number} ` : '', el('span', {}, 'as readers will see it'));
    if (look?.message) for (const { leaf } of this.leaves) leaf.show(look.message.html, look.parts);
  }

  /** All at one scale, so that letters can be compared. */
  private fit(): void {
    if (!this.leaves.length) return;
    const room = this.table.clientWidth - GAP * (this.leaves.length + 1);
    const all = this.leaves.reduce((sum, { leaf }) => sum + WIDTHS[leaf.sight.width], 0);
    const scale = Math.min(1, Math.max(LEAST_SCALE, room / all));
    for (const { leaf, said } of this.leaves) {
      const at = leaf.fit(WIDTHS[leaf.sight.width] * scale);
      said.replaceChildren(el('b', {}, leaf.sight.width), ` ${wordsOf(leaf.sight)}${at < 1 ? `, at ${Math.round(at * 100)} %` : ''}`);
    }
  }

  private choice(): HTMLElement {
    const boxes = ALL.map((each) => {
      const name = nameOf(each);
      const box = el('input', { type: 'checkbox', checked: this.shown.includes(name) });
      box.addEventListener('change', () => this.choose(name, box.checked));
      return el('label', {}, box, ` ${name}`);
    });
    return el('details', { class: 'choose' }, el('summary', { class: 'b line' }, 'Choose what is shown'), el('div', {}, ...boxes));
  }

  private choose(name: string, isShown: boolean): void {
    this.shown = ALL.map(nameOf).filter((each) => (each === name ? isShown : this.shown.includes(each)));
    try {
      localStorage.setItem(KEPT, JSON.stringify(this.shown));
    } catch {
      // A browser that keeps nothing shows the usual four next time.
    }
    this.lay();
  }
}

function sight(width: Width, colours: Colours, condition: Condition = 'As it is'): Sight {
  return { width, colours, condition };
}

/** `Phone forced dark`: also what is kept of a choice. */
function nameOf(each: Sight): string {
  return `${each.width} ${wordsOf(each)}`;
}

function wordsOf(each: Sight): string {
  if (each.condition !== 'As it is') return each.condition === 'Outlook' ? 'Outlook' : each.condition.toLowerCase();
  return each.colours === 'Forced' ? 'forced dark' : each.colours.toLowerCase();
}

function kept(): string[] {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(KEPT) ?? 'null');
    if (Array.isArray(found)) return found.map(String);
  } catch {
    // What cannot be read was not chosen.
  }
  return AT_FIRST;
}
