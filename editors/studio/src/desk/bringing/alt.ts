// Pictures of the publication seen in the text, in the place of their lines; one without words asks
// for them right there, for as long as the check does.
import { StateEffect, StateField, type EditorState, type Extension, type Text } from '@codemirror/state';
import { Decoration, EditorView, WidgetType, type DecorationSet } from '@codemirror/view';
import { el } from '../../elements';
import type { Desk } from '../desk';
import { dropNote, putNote } from './beside';

interface Shown { from: number; to: number; alt: string; source: string }

const PICTURE = /^ {0,3}!\[([^\]\n]*)\]\(\s*([^\s()]+)(?:\s+"[^"\n]*")?\s*\)\s*$/;
const NOT_IN_ALT: Record<string, string> = { '[': '(', ']': ')', '\\': '', '`': '’', '<': '', '>': '', '{': '(', '}': ')' };

/** The sources that are to be asked about. */
const asked = StateEffect.define<ReadonlySet<string>>();
const asking = StateField.define<ReadonlySet<string>>({
  create: () => new Set(),
  update: (value, tr) => tr.effects.reduce((now, effect) => (effect.is(asked) ? effect.value : now), value),
});

/** Those that came while this page is open, and have not been answered. */
const fresh = new Set<string>();

export function showing(desk: Desk): Extension {
  const drawn = StateField.define<DecorationSet>({
    create: (state) => draw(desk, state),
    update: (value, tr) => (tr.docChanged || tr.selection || tr.effects.length > 0 ? draw(desk, tr.state) : value),
    provide: (field) => EditorView.decorations.from(field),
  });
  desk.on('look', (look) => {
    const { state } = desk.view;
    const lines = look.findings.filter((each) => each.slug === 'image-alt' && each.from <= state.doc.length)
      .map((each) => pictureOn(state.doc, each.from)?.source);
    // A look may be of a text from before a picture came: what was asked once stays asked.
    const known = [...fresh].filter((source) => find(state.doc, source)?.alt === '');
    ask(desk, new Set([...lines.filter((each): each is string => each !== undefined), ...known]));
  });
  return [asking, drawn];
}

/** A picture that has just come asks for its words, with the focus; what it is stands beside it. */
export function askForAlt(desk: Desk, source: string, name: string, said: readonly string[]): void {
  const { view } = desk;
  fresh.add(source);
  ask(desk, new Set([...view.state.field(asking), source]));
  const at = find(view.state.doc, source);
  if (!at) return;
  putNote(view, 'picture', at.from, el('div', { class: 'note of-picture' },
    el('b', {}, name), ...said.map((each) => `${each} `),
    el('button', { class: 'a', type: 'button', onclick: () => remove(desk, source) }, 'Remove')));
  // Of several pictures the first is asked about first.
  if (!document.activeElement?.closest('.alt-question')) requestAnimationFrame(() => fieldOf(desk, source)?.focus());
}

function fieldOf(desk: Desk, source: string): HTMLInputElement | null {
  return desk.view.dom.querySelector<HTMLInputElement>(`[data-alt-of="${CSS.escape(source)}"]`);
}

/** To the next picture that has just come, else back to the text. */
function goOn(desk: Desk): void {
  const next = [...fresh].map((source) => fieldOf(desk, source)).find((field) => field !== null);
  if (next) next.focus();
  else desk.view.focus();
}

function ask(desk: Desk, sources: ReadonlySet<string>): void {
  const before = desk.view.state.field(asking);
  if (before.size === sources.size && [...sources].every((each) => before.has(each))) return;
  desk.view.dispatch({ effects: asked.of(sources) });
}

function pictureOn(doc: Text, place: number): Shown | null {
  const line = doc.lineAt(place);
  const match = PICTURE.exec(line.text);
  return match ? { from: line.from, to: line.to, alt: match[1] ?? '', source: match[2] ?? '' } : null;
}

function* picturesIn(doc: Text): Iterable<Shown> {
  for (let number = 1; number <= doc.lines; number++) {
    const line = doc.line(number);
    if (!line.text.includes('![')) continue;
    const shown = pictureOn(doc, line.from);
    if (shown) yield shown;
  }
}

function find(doc: Text, source: string): Shown | undefined {
  const all = [...picturesIn(doc)].filter((each) => each.source === source);
  return all.find((each) => !each.alt) ?? all[0];
}

function draw(desk: Desk, state: EditorState): DecorationSet {
  const ranges = [...picturesIn(state.doc)].flatMap(({ from, to, alt, source }) => {
    const isOurs = source.startsWith('images/');
    const asks = !alt.trim() && state.field(asking).has(source);
    if (!isOurs && !asks) return [];
    const widget = new Picture(desk, source, alt, asks);
    const isWrittenIn = state.selection.ranges.some((range) => range.from <= to && range.to >= from);
    const drawn = isWrittenIn
      ? Decoration.widget({ widget, block: true, side: 1 }).range(to)
      : Decoration.replace({ widget, block: true }).range(from, to);
    return [drawn];
  });
  return Decoration.set(ranges, true);
}

/** What was typed and not kept yet, by source, in case the widget is made anew. */
const drafts = new Map<string, string>();

class Picture extends WidgetType {
  constructor(
    private readonly desk: Desk, private readonly source: string, private readonly alt: string,
    private readonly asks: boolean,
  ) { super(); }

  override eq(other: Picture): boolean {
    return other.source === this.source && other.alt === this.alt && other.asks === this.asks;
  }

  override toDOM(view: EditorView): HTMLElement {
    const isOurs = this.source.startsWith('images/');
    const image = isOurs && el('img', {
      src: `/api/pictures?source=${encodeURIComponent(this.source)}`, alt: this.alt || 'A picture without words',
      onload: () => { view.requestMeasure(); requestAnimationFrame(() => view.dom.querySelector('.alt-question :focus')?.scrollIntoView({ block: 'nearest' })); }, onclick: () => this.goIn(view),
    });
    if (image) {
      image.addEventListener('error', () => {
        image.replaceWith(el('p', { class: 'soft' }, `${this.source} cannot be shown.`));
        view.requestMeasure();
      });
    }
    return el('div', { class: 'pictured' }, image, this.asks && this.question());
  }

  override ignoreEvent(): boolean { return true; }

  private goIn(view: EditorView): void {
    const at = find(view.state.doc, this.source);
    if (!at) return;
    view.dispatch({ selection: { anchor: at.from + 2 } });
    view.focus();
  }

  private question(): HTMLElement {
    const id = `alt-${this.source.replace(/\W/g, '-')}`;
    const count = el('span', {});
    const field = el('input', {
      class: 'field', id, type: 'text', 'data-alt-of': this.source, 'aria-describedby': `${id}-hint`,
      autocomplete: 'off', spellcheck: 'true', value: drafts.get(this.source) ?? '',
    });
    const tell = (): void => {
      drafts.set(this.source, field.value);
      const length = [...field.value.trim()].length;
      count.textContent = length ? ` ${length} ${length === 1 ? 'character' : 'characters'}.` : '';
    };
    field.addEventListener('input', tell);
    tell();
    const form = el('form', { class: 'alt-question' },
      el('label', { for: id }, 'What does it show, for someone who cannot see it?'), field,
      el('div', {},
        el('span', { class: 'softer', id: `${id}-hint` }, 'Shown where images are off.', count),
        el('button', { class: 'b small', type: 'button', onclick: () => decorate(this.desk, this.source) }, 'It only decorates'),
        el('button', { class: 'b line small', type: 'submit' }, 'Keep ', el('kbd', {}, '⏎'))));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      if (field.value.trim()) keep(this.desk, this.source, field.value);
    });
    form.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      event.stopPropagation();
      this.desk.view.focus();
    });
    return form;
  }
}

function keep(desk: Desk, source: string, words: string): void {
  const at = find(desk.view.state.doc, source);
  if (!at) return;
  const alt = words.replace(/\s+/g, ' ').trim().replace(/[[\]\\`<>{}]/g, (sign) => NOT_IN_ALT[sign] ?? '');
  const from = desk.view.state.doc.lineAt(at.from).text.indexOf('![') + at.from + 2;
  done(desk, source);
  desk.view.dispatch({
    changes: { from, to: from + at.alt.length, insert: alt },
    selection: { anchor: behind(desk.view.state.doc, at.to) + alt.length - at.alt.length }, userEvent: 'input.alt',
  });
  goOn(desk);
}

/** A picture that is there to be looked at says nothing, and the check is told so. */
function decorate(desk: Desk, source: string): void {
  const at = find(desk.view.state.doc, source);
  if (!at) return;
  const comment = '<!-- check: ignore image-alt because it only decorates -->\n\n';
  done(desk, source);
  desk.view.dispatch({
    changes: { from: at.from, insert: comment },
    selection: { anchor: behind(desk.view.state.doc, at.to) + comment.length }, userEvent: 'input.alt',
  });
  goOn(desk);
}

function remove(desk: Desk, source: string): void {
  const { doc } = desk.view.state;
  const at = find(doc, source);
  done(desk, source);
  if (!at) return;
  const gap = /\n+$/.exec(doc.sliceString(0, at.from))?.[0].length ?? 0;
  desk.view.dispatch({ changes: { from: at.from - gap, to: at.to }, userEvent: 'delete.picture' });
  goOn(desk);
}

function done(desk: Desk, source: string): void {
  fresh.delete(source);
  drafts.delete(source);
  dropNote(desk.view, 'picture');
  ask(desk, new Set([...desk.view.state.field(asking)].filter((each) => each !== source)));
}

/** The next line with words, where one goes on writing. */
function behind(doc: Text, place: number): number {
  for (let number = doc.lineAt(place).number + 1; number <= doc.lines; number++) {
    const line = doc.line(number);
    if (line.text.trim() || number === doc.lines) return line.from;
  }
  return doc.length;
}
