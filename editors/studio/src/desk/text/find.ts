// Find and replace: a line above the text, with how many there are.
import {
  SearchQuery, closeSearchPanel, findNext, findPrevious, getSearchQuery, openSearchPanel, replaceAll,
  replaceNext, search, setSearchQuery,
} from '@codemirror/search';
import type { Extension } from '@codemirror/state';
import { EditorView, type Panel, type ViewUpdate } from '@codemirror/view';
import { el } from '../../elements';

const MOST = 1000;

export function finding(): Extension {
  return search({
    top: true,
    createPanel: (view) => new FindPanel(view),
    scrollToMatch: (range) => EditorView.scrollIntoView(range, { y: 'center' }),
  });
}

/** Opens the line, with the replacement too where it is asked for. */
export function openFind(view: EditorView, isReplacing: boolean): boolean {
  openSearchPanel(view);
  const panel = view.dom.querySelector<HTMLElement>('.find-panel');
  if (!panel) return false;
  if (isReplacing) panel.classList.add('replacing');
  panel.querySelector<HTMLInputElement>('[name=search]')?.select();
  return true;
}

class FindPanel implements Panel {
  readonly top = true;
  readonly dom: HTMLElement;
  private readonly wanted: HTMLInputElement;
  private readonly instead: HTMLInputElement;
  private readonly exactly: HTMLInputElement;
  private readonly said = el('span', { class: 'find-count', role: 'status' });
  private query: SearchQuery;

  constructor(private readonly view: EditorView) {
    this.query = getSearchQuery(view.state);
    const change = (): void => this.commit();
    this.wanted = el('input', {
      class: 'find-field', name: 'search', 'aria-label': 'Find', placeholder: 'Find',
      'main-field': 'true', oninput: change, autocomplete: 'off',
    });
    this.instead = el('input', {
      class: 'find-field', name: 'replace', 'aria-label': 'Replace with', placeholder: 'Replace with',
      oninput: change, autocomplete: 'off',
    });
    this.exactly = el('input', { type: 'checkbox', onchange: change });
    this.wanted.value = this.query.search;
    this.instead.value = this.query.replace;
    this.exactly.checked = this.query.caseSensitive;
    this.dom = el('div', { class: 'find-panel', role: 'search', 'aria-label': 'Find and replace', onkeydown: ((event: KeyboardEvent) => this.key(event)) as EventListener },
      el('div', {}, this.wanted, this.said,
        this.button('Back', () => findPrevious(view), 'Go to the one before'),
        this.button('Next', () => findNext(view), 'Go to the next one'),
        el('label', {}, this.exactly, 'Match case'),
        this.button('Replace…', () => this.dom.classList.add('replacing'), 'Replace…', 'to-replace'),
        this.button('Close', () => closeSearchPanel(view), 'Close')),
      el('div', { class: 'find-instead' }, this.instead,
        this.button('Replace', () => replaceNext(view)),
        this.button('Replace all', () => this.replaceAll())));
    this.count();
  }

  mount(): void {
    this.wanted.select();
  }

  update(update: ViewUpdate): void {
    const query = getSearchQuery(update.state);
    const isOther = !query.eq(this.query);
    if (isOther) {
      this.query = query;
      if (this.wanted.value !== query.search) this.wanted.value = query.search;
      if (this.instead.value !== query.replace) this.instead.value = query.replace;
    }
    if (isOther || update.docChanged || update.selectionSet) this.count();
  }

  private button(words: string, act: () => unknown, name = words, look = ''): HTMLElement {
    return el('button', { type: 'button', class: `b small ${look}`, 'aria-label': name, onclick: () => { act(); } }, words);
  }

  private commit(): void {
    const query = new SearchQuery({
      search: this.wanted.value, replace: this.instead.value,
      caseSensitive: this.exactly.checked, literal: true,
    });
    if (!query.eq(getSearchQuery(this.view.state))) this.view.dispatch({ effects: setSearchQuery.of(query) });
  }

  private key(event: KeyboardEvent): void {
    const isIn = (field: HTMLElement): boolean => event.target === field;
    if (event.key === 'Escape') closeSearchPanel(this.view);
    else if (event.key === 'Enter' && isIn(this.wanted)) (event.shiftKey ? findPrevious : findNext)(this.view);
    else if (event.key === 'Enter' && isIn(this.instead)) replaceNext(this.view);
    else return;
    event.preventDefault();
    if (event.key === 'Escape') this.view.focus();
  }

  /** "2 of 7", where the cursor is on one of them. */
  private count(): void {
    const { state } = this.view;
    const query = getSearchQuery(state);
    if (!query.valid) {
      this.said.textContent = '';
      return;
    }
    const { from, to } = state.selection.main;
    let all = 0;
    let here = 0;
    const cursor = query.getCursor(state);
    for (let next = cursor.next(); !next.done && all < MOST; next = cursor.next()) {
      all += 1;
      if (next.value.from === from && next.value.to === to) here = all;
    }
    const sum = all === MOST ? `${MOST} or more` : String(all);
    this.said.textContent = all ? (here ? `${here} of ${sum}` : `${sum} found`) : 'Not found';
  }

  private replaceAll(): void {
    const { state } = this.view;
    const cursor = getSearchQuery(state).getCursor(state);
    let all = 0;
    while (!cursor.next().done) all += 1;
    replaceAll(this.view);
    this.said.textContent = all ? `${all} replaced` : 'Not found';
  }
}
