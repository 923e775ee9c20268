// Keys that work everywhere on the desk: the editor has its own first. Where a sheet is open they
// rest, and letters alone are typed wherever something is written.
import { nameOf, type Place } from '../commands';
import type { Part } from './desk';

const WRITTEN_IN = 'input, textarea, select, [contenteditable=true]';

/** What still works where something else stands in the place of the text. */
const BESIDE: readonly string[] = ['Acts', 'The desk', 'The message'];

export const keys: Part = {
  start(desk) {
    document.addEventListener('keydown', (event) => {
      if (event.defaultPrevented || document.querySelector('dialog[open]')) return;
      const target = event.target as HTMLElement;
      if (nameOf(event).length === 1 && target.closest(WRITTEN_IN)) return;
      const place = placeOf(target);
      const command = desk.commands.at(event, place);
      if (!command || (desk.covered && !BESIDE.includes(command.group))) return;
      if (command.run() !== false) event.preventDefault();
    });
  },
};

/** A field in the text, such as the one of find, is not the text. */
function placeOf(target: HTMLElement): Place {
  if (target.closest('#message')) return 'message';
  return target.closest('#text') && !/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) ? 'text' : 'everywhere';
}
