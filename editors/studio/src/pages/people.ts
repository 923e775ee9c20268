// Subscribers: one looked for, shown in the place of the list, added or suppressed. No address ever
// stands in the address line, so that neither history nor logs keep it.
import { post } from '../api';
import { byId } from '../elements';
import { openSheet, refused, type Sheet } from '../sheet';
import { pieceOf, sendForms } from './forms';
import { command, go, keysOf } from './keys';
import { step } from './rows';

const ROWS = '.people-found .row';

let sheet: Sheet | null = null;

export function startPeople(): void {
  const text = byId<HTMLInputElement>('text');
  keysOf(
    command('find', 'Find somebody', '/', () => { showList(); text.focus(); }),
    command('add', 'Add somebody', 'A', () => open('Add somebody', 'adding')),
    command('suppress', 'Suppress an address', 'S', () => open('Suppress an address', 'stopping')),
    command('returned', 'What came back', 'W', go('/returned')),
    command('back', 'Back', 'Escape', back),
    command('next', 'Next of those found', 'ArrowDown', () => step(1, ROWS)),
    command('before', 'The one before', 'ArrowUp', () => step(-1, ROWS)),
    command('issues', 'All issues', 'B', go('/')),
  );
  sendForms((form) => { if (form.dataset['into'] === '#person') showPerson(form); });
  text.focus();
  document.addEventListener('click', (event) => {
    const pressed = event.target as Element;
    const row = pressed.closest<HTMLElement>('[data-person]');
    if (row) void openPerson(row);
    if (pressed.closest('[data-close]')) sheet?.close();
    if (pressed.closest('#back') && !byId('person').hidden) {
      event.preventDefault();
      history.back();
    }
  });
  window.addEventListener('popstate', showList);
}

function open(heading: string, template: string): void {
  const content = byId<HTMLTemplateElement>(template).content.cloneNode(true);
  sheet = openSheet(heading, content);
  sheet.body.querySelector('input')?.focus();
}

async function openPerson(row: HTMLElement): Promise<void> {
  const answer = await post<{ html: string }>('/api/people/person', { address: row.dataset['person'] });
  if (answer.ok) {
    byId('person').replaceChildren(...pieceOf(answer.value.html));
    showPerson(null);
  } else byId('found').append(refused(answer.said));
}

/** The person stands in the place of the list, with what was said of the act that led there. */
function showPerson(form: HTMLFormElement | null): void {
  const person = byId('person');
  const said = form?.querySelector('.outcome');
  if (said) person.prepend(said);
  sheet?.close();
  sheet = null;
  if (person.hidden) history.pushState({}, '');
  byId('list').hidden = true;
  person.hidden = false;
  byId('back').lastChild?.replaceWith(' Subscribers');
  person.focus({ preventScroll: true });
  scrollTo(0, 0);
}

function showList(): void {
  const person = byId('person');
  if (person.hidden) return;
  person.hidden = true;
  person.replaceChildren();
  byId('list').hidden = false;
  byId('back').lastChild?.replaceWith(' Issues');
  byId('text').focus();
}

function back(): boolean | void {
  const opened = document.querySelector<HTMLDetailsElement>('details[open]');
  if (opened) {
    opened.open = false;
    opened.querySelector('summary')?.focus();
  } else if (!byId('person').hidden) history.back();
  else location.assign('/');
}
