// The shelf, and the three ways of one that is empty.
import { byId } from '../elements';
import { sendForms } from './forms';
import { takeTexts } from './import';
import { command, go, keysOf } from './keys';
import { watch } from './live';
import { again, filter, search, step, toggleEarlier } from './rows';

export function startShelf(): void {
  keysOf(
    command('new', 'New issue', 'N', go('/new')),
    command('import', 'Import a text', 'I', go('/import')),
    command('example', 'Look at an example', 'E', go('/example')),
    command('next', 'Next issue', 'ArrowDown', () => step(1)),
    command('back', 'Issue before', 'ArrowUp', () => step(-1)),
    command('search', 'Find an issue', '/', () => search().focus()),
    command('people', 'Subscribers', 'S', go('/people')),
  );
  sendForms(() => undefined);
  search().addEventListener('input', filter);
  search().addEventListener('keydown', typed);
  document.addEventListener('click', (event) => {
    if ((event.target as Element).id === 'earlier-open') toggleEarlier();
  });
  watch(again);
}

/** Enter opens what was found first, Escape shows all again. */
function typed(event: KeyboardEvent): void {
  if (event.key === 'Enter') {
    const rows = [...document.querySelectorAll<HTMLAnchorElement>('.row:not([hidden]) a')];
    (rows.find((each) => each.offsetParent) ?? byId('nothing').querySelector('a'))?.click();
  }
  if (event.key === 'Escape') {
    search().value = '';
    filter();
    search().blur();
  }
}

export function startEmpty(): void {
  keysOf(
    command('new', 'Begin with the house format', 'N', go('/new')),
    command('import', 'Bring a text', 'I', go('/import')),
    command('example', 'Look at an example', 'E', go('/example')),
    command('next', 'Next way', 'ArrowRight ArrowDown', () => step(1)),
    command('back', 'Way before', 'ArrowLeft ArrowUp', () => step(-1)),
  );
  takeTexts(document.querySelector<HTMLElement>('.ways') ?? document.body);
  byId('first').focus({ focusVisible: true } as FocusOptions);
  watch(() => undefined);
}
