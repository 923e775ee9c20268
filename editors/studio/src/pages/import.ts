// A text from elsewhere, pasted, dropped or chosen: shown as it was understood, and made an issue of
// a day when whoever brought it says so.
import { post } from '../api';
import { byId, el } from '../elements';
import { sendFile } from '../files';
import { refused } from '../sheet';
import { command, go, keysOf } from './keys';

interface Understood {
  text: string;
  title: string;
  counted: string;
  stories: { number: number | null; headline: string; words: number }[];
  losses: string[];
  isTorn: boolean;
  findings: { severity: string; line: number; message: string }[];
  found: string;
  day: string;
  dayWords: string;
}

export function startImport(): void {
  keysOf(command('issues', 'All issues', 'Escape', go('/')));
  const place = byId('paste');
  place.focus();
  place.addEventListener('beforeinput', (event) => event.preventDefault());
  takeTexts(place);
  const chosen = byId<HTMLInputElement>('file');
  chosen.addEventListener('change', () => {
    take(chosen.files?.[0]);
    chosen.value = '';
  });
}

/** What is pasted on this page, or dropped, is read; `place` shows that it may be let go. */
export function takeTexts(place: HTMLElement): void {
  document.addEventListener('paste', (event) => pasted(event));
  document.addEventListener('dragover', (event) => { event.preventDefault(); place.classList.add('over'); });
  document.addEventListener('dragleave', (event) => { if (!event.relatedTarget) place.classList.remove('over'); });
  document.addEventListener('drop', (event) => {
    event.preventDefault();
    place.classList.remove('over');
    take(event.dataTransfer?.files[0]);
  });
}

function pasted(event: ClipboardEvent): void {
  if (event.target instanceof HTMLInputElement) return;
  event.preventDefault();
  const data = event.clipboardData;
  const [html, words] = [data?.getData('text/html'), data?.getData('text/plain')];
  if (data?.files[0] && !html) take(data.files[0]);
  else if (html) take(new File([html], 'paste.html'));
  else if (words) take(new File([words], 'paste.txt'));
}

/** The last one that was brought is the one that is shown. */
let latest = 0;

function take(file: File | undefined): void {
  if (file) void read(file, ++latest);
}

async function read(file: File, turn: number): Promise<void> {
  const place = byId('refuse');
  place.replaceChildren(el('p', { class: 'softer reading' }, 'Reading…'));
  byId('understood').replaceChildren();
  const answer = await sendFile<Understood>('/api/import/read', file);
  if (turn !== latest) return;
  if (answer.ok) {
    place.replaceChildren();
    show(answer.value);
  } else {
    const said = answer.said || (answer.status === 413 ? 'It is larger than 20 MB.' : 'This cannot be read.');
    place.replaceChildren(refused(said));
  }
}

function show(found: Understood): void {
  const day = el('input', { class: 'field', type: 'date', name: 'day', id: 'day', value: found.day, required: true });
  const refuse = el('div', { class: 'refuse', 'aria-live': 'polite' });
  const form = el('form', { class: 'understood', 'aria-labelledby': 'understood-heading' },
    el('h2', { id: 'understood-heading' }, found.title || 'A text without a title'),
    el('p', { class: 'soft' }, `${found.counted}.`),
    el('ol', { class: 'brought-stories' }, ...found.stories.map((each) => el('li', {},
      el('span', { class: 'n' }, String(each.number ?? '')), el('span', {}, each.headline),
      el('span', { class: 'softer' }, `${each.words} ${each.words === 1 ? 'word' : 'words'}`)))),
    ...losses(found), ...findings(found),
    el('div', { class: 'fields' }, el('label', {}, 'Day', day), el('p', { class: 'softer' }, found.dayWords)),
    refuse,
    el('div', { class: 'foot' },
      el('span', { class: 'softer' }, 'A text file in issues/, for any other editor too.'),
      el('a', { class: 'b', href: '/' }, 'Not now'),
      el('button', { class: 'b fill' }, 'Make it an issue ', el('kbd', {}, '⏎'))));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void keep(found.text, day.value, refuse);
  });
  const place = byId('understood');
  place.replaceChildren(form);
  document.querySelector('.sheet-like > .foot')?.remove();
  form.querySelector<HTMLButtonElement>('button')?.focus({ preventScroll: true });
  place.scrollIntoView({ block: 'nearest' });
}

function losses(found: Understood): HTMLElement[] {
  if (!found.losses.length) return [el('p', { class: 'soft' }, 'Nothing was left out.')];
  return [
    el('h3', { class: found.isTorn ? 'w' : 'soft' }, found.isTorn ? 'Much was left behind' : 'Not as it was'),
    el('ul', { class: 'losses' }, ...found.losses.map((each) => el('li', {}, `${each.charAt(0).toUpperCase()}${each.slice(1)}`))),
  ];
}

function findings(found: Understood): HTMLElement[] {
  if (!found.found) return [];
  return [
    el('h3', { class: 'soft' }, 'To settle at the desk'),
    el('ul', { class: 'losses' }, ...found.findings.map((each) => el('li', {},
      el('span', { class: each.severity === 'error' ? 'e' : 'w' }, each.severity === 'error' ? 'Error' : 'Warning'),
      ` Line ${each.line}: ${each.message}`))),
    el('p', { class: 'softer' }, found.found),
  ];
}

async function keep(text: string, day: string, refuse: HTMLElement): Promise<void> {
  const answer = await post<{ to: string }>('/api/import/keep', { text, day });
  if (answer.ok) location.assign(answer.value.to);
  else refuse.replaceChildren(refused(answer.said || 'The studio refuses this.'));
}
