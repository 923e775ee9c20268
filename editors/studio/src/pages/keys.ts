// The keys of a page, and the list of them: the same Commands as the desk has.
import { Commands, type Command } from '../commands';
import { openKeys } from '../keys-sheet';

/** A page's commands, which its keys run wherever nobody types; with the list of them. */
export function keysOf(...commands: Command[]): Commands {
  const all = new Commands();
  all.add(...commands, {
    id: 'keys', label: 'The list of keys', key: 'F1 ?', place: 'everywhere', group: 'On this page',
    run: () => openKeys(all, 520),
  });
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || document.querySelector('dialog[open]')) return;
    if (isTyping(event.target) && event.key.length === 1) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const command = all.at(event, 'everywhere');
    if (command && command.isOffered?.() !== false && command.run() !== false) event.preventDefault();
  });
  document.addEventListener('click', (event) => {
    const button = (event.target as Element).closest<HTMLElement>('[data-command]');
    if (button) all.find(button.dataset['command'] ?? '')?.run();
  });
  return all;
}

/** A command of a page. */
export function command(id: string, label: string, key: string, run: Command['run']): Command {
  return { id, label, key, place: 'everywhere', group: 'On this page', run };
}

export function go(to: string): () => void {
  return () => location.assign(to);
}

export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement
    && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}
