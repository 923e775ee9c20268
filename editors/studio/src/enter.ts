// The page behind a studio's link: it opens the link, and goes where that leads. The way back does
// not lead here again, for a link opens once.
import { post } from './api';
import { byId } from './elements';

export function startEnter(): void {
  if (document.readyState === 'complete') void enter();
  else addEventListener('load', () => void enter(), { once: true });
}

async function enter(): Promise<void> {
  const answer = await post<{ to: string }>(location.pathname + location.search, {});
  if (!answer.ok) {
    byId('said').textContent = answer.said;
    return;
  }
  const to = new URL(answer.value.to, location.origin);
  location.replace(to.origin === location.origin ? to : '/');
}
