// A part of a page that is drawn anew where the server has something newer: `data-live` is where to
// ask, `data-stamp` of what it was drawn. Nothing is asked while nobody looks.
import { get } from '../api';

interface News { stamp: string; after: number }

const PATIENCE = 3_000;

/** Watches the live part of this page; `drawn` is called whenever it was drawn anew. */
export function watch(drawn: () => void): void {
  const ask = async (): Promise<void> => {
    const part = livePart();
    if (!part) return;
    let after = PATIENCE;
    if (document.visibilityState === 'visible' && !isBusy(part)) {
      const news = await get<News>(part.dataset['live'] ?? '');
      if (news.ok) {
        after = news.value.after;
        if (news.value.stamp !== part.dataset['stamp'] && await redraw()) drawn();
      }
    }
    setTimeout(() => void ask(), after);
  };
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') void redraw().then((isNew) => isNew && drawn());
  });
  if (livePart()) setTimeout(() => void ask(), 250);
}

/** Draws the live part as the server has it now; where the page is another by now, it is loaded. */
export async function redraw(): Promise<boolean> {
  const part = livePart();
  if (!part || isBusy(part)) return false;
  const answer = await fetch(location.href, { credentials: 'same-origin' }).catch(() => null);
  if (!answer?.ok) return false;
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const next = page.querySelector<HTMLElement>('[data-live]');
  if (!next || page.body.dataset['page'] !== document.body.dataset['page']) {
    location.reload();
    return false;
  }
  if (next.dataset['stamp'] === part.dataset['stamp']) return false;
  const focused = keyOf(document.activeElement);
  part.replaceWith(document.adoptNode(next));
  if (focused) {
    [...next.querySelectorAll<HTMLElement>('a, button')]
      .find((each) => keyOf(each) === focused)?.focus();
  }
  return true;
}

/** While somebody fills in a form in it, a part stays as it is. */
function isBusy(part: HTMLElement): boolean {
  return !!part.querySelector('details[open] form, form:focus-within, form[aria-busy=true]');
}

function livePart(): HTMLElement | null {
  return document.querySelector<HTMLElement>('[data-live]');
}

function keyOf(element: Element | null): string {
  return element?.getAttribute('href') ?? element?.id ?? '';
}
