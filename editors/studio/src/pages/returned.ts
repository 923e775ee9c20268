// What came back: its rows are walked over by arrows.
import { command, go, keysOf } from './keys';
import { step } from './rows';

const ROWS = '.returned-table th a';

export function startReturned(): void {
  const back = document.querySelector<HTMLAnchorElement>('header .back');
  keysOf(
    command('next', 'Next', 'ArrowDown', () => step(1, ROWS)),
    command('before', 'The one before', 'ArrowUp', () => step(-1, ROWS)),
    command('back', 'Back', 'Escape', () => back?.click()),
    command('issues', 'All issues', 'B', go('/')),
  );
}
