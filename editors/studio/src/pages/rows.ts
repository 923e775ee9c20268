// Rows: arrows walk over them, and on the shelf what is typed in the search leaves those that fit.
import { byId, el } from '../elements';

/** One row further, or back; from elsewhere, the first or the last. False where there is none. */
export function step(by: 1 | -1, rows = '.row a, .ways a'): boolean {
  const links = [...document.querySelectorAll<HTMLElement>(rows)]
    .filter((link) => link.offsetParent !== null);
  const at = links.indexOf(document.activeElement as HTMLElement);
  const next = at < 0 ? (by > 0 ? 0 : links.length - 1) : at + by;
  links[next]?.focus();
  return !!links[next];
}

/** Shows the rows that hold every word; where none does, a way to begin one of that name. */
export function filter(): void {
  const said = search().value.trim();
  const words = said.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  let found = 0;
  for (const section of document.querySelectorAll<HTMLElement>('#shelf section')) {
    let here = 0;
    for (const row of section.querySelectorAll<HTMLElement>('.row')) {
      const text = `${row.textContent} ${row.dataset['name']}`.toLocaleLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
      if (!row.hidden) here += 1;
    }
    section.hidden = here === 0;
    found += here;
  }
  showEarlier(words.length > 0 || isOpen);
  offer(found ? '' : said);
}

let isOpen = false;

/** The earlier issues, unfolded or folded. */
export function toggleEarlier(): void {
  isOpen = !isOpen;
  showEarlier(isOpen);
}

/** After the shelf was drawn anew, it is as it was. */
export function again(): void {
  showEarlier(isOpen);
  if (search().value) filter();
}

function showEarlier(isShown: boolean): void {
  const earlier = document.getElementById('earlier');
  if (!earlier) return;
  earlier.hidden = !isShown;
  byId('earlier-open').setAttribute('aria-expanded', String(isShown));
}

function offer(name: string): void {
  const nothing = byId('nothing');
  nothing.hidden = !name;
  nothing.replaceChildren(...(name ? [
    'No issue has these words. ',
    el('a', { href: `/new?name=${encodeURIComponent(name)}` }, `Begin “${name}”`),
  ] : []));
}

export function search(): HTMLInputElement {
  return byId<HTMLInputElement>('search');
}
