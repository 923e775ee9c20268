// What came back: its rows are walked over by arrows.
import { command, go, keysOf } from './keys';

export function startReturned(): void {
  const back = document.querySelector<HTMLAnchorElement>('header .back');
  keysOf(
    command('next', 'Next', 'ArrowDown', () => step(1)),
    command('before', 'The one before', 'ArrowUp', () => step(-1)),
    command('back', 'Back', 'Escape', () => back?.click()),
    command('issues', 'All issues', 'B', go('/')),
  );
}

/** One row further, or back; false where there is none, so that the page scrolls. */
function step(by: 1 | -1): boolean {
  const links = [...document.querySelectorAll<HTMLElement>('.returned-table th a')];
  const at = links.indexOf(document.activeElement as HTMLElement);
  const next = links[at < 0 && by < 0 ? links.length - 1 : at + by];
  next?.focus();
  return !!next;
}
