// The list of keys, which is also the command line: type what you want, and press Enter.
import { button } from './acts/asking';
import type { Command, Commands } from './commands';
import { el } from './elements';
import { foot, openSheetWith } from './sheet';

const ORDER: Command['group'][] = ['On this page', 'Acts', 'The desk', 'Findings', 'Write', 'The message'];

const NAMES: Record<string, string> = {
  Enter: '⏎', ArrowUp: '↑', ArrowDown: '↓', ArrowLeft: '←', ArrowRight: '→', PageUp: 'PgUp', PageDown: 'PgDn', Escape: 'Esc', ' ': 'Space',
};

let isOpen = false;

/** `width` is for as many columns as there are commands to fill them. */
export function openKeys(commands: Commands, width = 1096): void {
  if (isOpen) return;
  isOpen = true;
  let run: Command | null = null;
  const find = el('input', {
    class: 'find', type: 'text', placeholder: 'What do you want to do?', 'aria-label': 'What do you want to do?',
    autocomplete: 'off', role: 'combobox', 'aria-expanded': 'true', 'aria-controls': 'keys', 'aria-autocomplete': 'list',
  });
  const list = el('div', { class: 'keys', id: 'keys', role: 'listbox', 'aria-label': 'Keys' });
  const sheet = openSheetWith({ width, closed: () => { isOpen = false; run?.run(); } }, 'Keys', find, list,
    foot('Type and press ⏎: every act has a name here, with a key or without. On a Mac, Ctrl is ⌘.',
      button('Close', '', () => sheet.close(), 'Esc')));
  const keys = new Keys(commands, list, find, (command) => {
    run = command;
    sheet.close();
  });
  find.addEventListener('input', () => keys.show(find.value));
  find.addEventListener('keydown', (event) => keys.press(event));
  keys.show('');
  find.focus();
}

class Keys {
  private shown: { command: Command; row: HTMLElement }[] = [];
  private here = -1;

  constructor(
    private readonly commands: Commands, private readonly list: HTMLElement, private readonly find: HTMLInputElement,
    private readonly choose: (command: Command) => void,
  ) {}

  /** What has all the words, in its name, its group or its key; the first of them is where Enter goes. */
  show(asked: string): void {
    const words = asked.toLowerCase().split(/\s+/).filter(Boolean);
    const has = (each: Command): boolean => {
      const text = `${each.label} ${each.group} ${keyWords(each.key)}`.toLowerCase();
      return isListed(each) && words.every((word) => text.includes(word));
    };
    this.shown = [];
    const groups = ORDER.map((group) => this.group(group, this.commands.all.filter((each) => each.group === group && has(each))));
    this.list.replaceChildren(...groups.filter((each) => each !== null));
    if (!this.shown.length) this.list.append(el('p', { class: 'soft' }, 'Nothing of that name.'));
    this.move(words.length && this.shown.length ? 0 : -1);
  }

  press(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && this.shown.length) {
      event.preventDefault();
      this.move((this.here + step + this.shown.length) % this.shown.length);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      const found = this.shown[this.here];
      if (found && isOffered(found.command)) this.choose(found.command);
    }
  }

  private group(name: string, commands: Command[]): HTMLElement | null {
    if (!commands.length) return null;
    const id = `keys-${name.toLowerCase().replace(/\W+/g, '-')}`;
    return el('section', { role: 'group', 'aria-labelledby': id }, el('div', { id, class: 'group', role: 'presentation' }, name), ...commands.map((each) => this.row(each)));
  }

  private row(command: Command): HTMLElement {
    const row = el('div', {
      role: 'option', id: `key-${command.id}`, class: 'key', 'aria-selected': 'false', 'data-place': command.place,
      'data-keys': command.key, 'data-name': command.id, 'data-when': command.isOffered ? 'sometimes' : 'always',
      'aria-disabled': isOffered(command) ? undefined : 'true',
      onclick: () => { if (isOffered(command)) this.choose(command); },
    }, el('span', {}, command.label), command.key ? el('kbd', {}, keyWords(command.key)) : '');
    this.shown.push({ command, row });
    return row;
  }

  private move(to: number): void {
    this.shown[this.here]?.row.setAttribute('aria-selected', 'false');
    this.here = to;
    const row = this.shown[to]?.row;
    row?.setAttribute('aria-selected', 'true');
    row?.scrollIntoView({ block: 'nearest' });
    if (row) this.find.setAttribute('aria-activedescendant', row.id);
    else this.find.removeAttribute('aria-activedescendant');
  }
}

/** What has a key is always listed; but of all that Esc puts away, only what is there to be. */
function isListed(command: Command): boolean {
  const isKey = command.key && (command.key !== 'Escape' || command.id === 'back');
  return !!isKey || isOffered(command);
}

function isOffered(command: Command): boolean {
  return command.isOffered?.() !== false;
}

/** `Ctrl ⏎`, as people read keys; several of them stand behind one another. */
export function keyWords(key: string): string {
  return key.split(' ').filter(Boolean).map((each) => words(each)).join(', ');
}

function words(key: string): string {
  const parts = key.endsWith('--') ? [...key.slice(0, -2).split('-'), '-'] : key.split('-');
  return parts.map((part) => NAMES[part] ?? part).join(' ');
}
