// The panes of the desk: F6 from one to the next, and the line between text and message.
import { byId, el } from '../elements';
import type { Desk, Part } from './desk';

const KEPT = 'studio.message-width';
const LEAST = 340;
const LEAST_TEXT = 420;
const STEP = 16;
const ORDER = ['text', 'message', 'outline'] as const;
type Pane = (typeof ORDER)[number];

export const panes: Part = {
  start(desk) {
    const root = byId('desk');
    root.dataset['pane'] = 'text';
    byId('message').tabIndex = -1;
    new Split(root, desk);
    root.addEventListener('focusin', (event) => {
      const pane = paneOf(event.target as HTMLElement);
      if (pane) root.dataset['pane'] = pane;
    });
    const step = (by: 1 | -1) => (): void => {
      const at = ORDER.indexOf(paneOf(document.activeElement as HTMLElement) ?? 'outline');
      focusPane(desk, ORDER[(at + by + ORDER.length) % ORDER.length] ?? 'text');
    };
    desk.commands.add(
      { id: 'next-pane', label: 'Outline, text, message, in turn', key: 'F6', place: 'everywhere', group: 'The desk', run: step(1) },
      { id: 'last-pane', label: 'The same, backwards', key: 'Shift-F6', place: 'everywhere', group: 'The desk', run: step(-1) },
    );
  },
};

function paneOf(element: HTMLElement | null): Pane | null {
  if (element?.closest('#message')) return 'message';
  if (element?.closest('#outline')) return 'outline';
  return element?.closest('#write') ? 'text' : null;
}

function focusPane(desk: Desk, pane: Pane): void {
  byId('desk').dataset['pane'] = pane;
  if (pane === 'text') desk.view.focus();
  if (pane === 'outline') byId('outline').querySelector<HTMLElement>('a[tabindex="0"]')?.focus();
  if (pane === 'message') {
    (byId('message').querySelector<HTMLElement>('[role=tab][aria-selected=true]') ?? byId('message')).focus();
  }
}

/** How wide the message is; kept for the next time, on this machine. */
class Split {
  private readonly handle = el('div', {
    id: 'split', role: 'separator', tabindex: 0, 'aria-orientation': 'vertical',
    'aria-label': 'Width of the message', 'aria-controls': 'message', title: 'Drag, or move by the arrow keys; double-click for the usual width',
  });

  constructor(private readonly root: HTMLElement, private readonly desk: Desk) {
    byId('message').prepend(this.handle);
    const kept = Number(localStorage.getItem(KEPT));
    if (kept) this.set(kept, false);
    this.tell();
    desk.commands.add({
      id: 'divide', label: 'Divide text and message: ← →', key: '', place: 'everywhere', group: 'The desk',
      run: () => this.handle.focus(), isOffered: () => this.handle.offsetParent !== null,
    });
    this.handle.addEventListener('pointerdown', (event) => this.drag(event));
    this.handle.addEventListener('keydown', (event) => this.key(event));
    this.handle.addEventListener('dblclick', () => this.reset());
    window.addEventListener('resize', () => this.tell());
  }

  private get most(): number {
    return Math.max(LEAST, this.root.clientWidth - byId('outline').offsetWidth - LEAST_TEXT);
  }

  private set(width: number, isKept = true): void {
    const fit = Math.round(Math.min(this.most, Math.max(LEAST, width)));
    this.root.style.setProperty('--message-width', `${fit}px`);
    if (isKept) localStorage.setItem(KEPT, String(fit));
    this.tell();
    this.desk.view?.requestMeasure();
  }

  private reset(): void {
    this.root.style.removeProperty('--message-width');
    localStorage.removeItem(KEPT);
    this.tell();
    this.desk.view.requestMeasure();
  }

  private tell(): void {
    const width = Math.round(byId('message').getBoundingClientRect().width);
    this.handle.setAttribute('aria-valuenow', String(width));
    this.handle.setAttribute('aria-valuemin', String(LEAST));
    this.handle.setAttribute('aria-valuemax', String(Math.max(this.most, width)));
    this.handle.setAttribute('aria-valuetext', `${width} pixels`);
  }

  private key(event: KeyboardEvent): void {
    const width = byId('message').getBoundingClientRect().width;
    const to = { ArrowLeft: width + STEP, ArrowRight: width - STEP, Home: this.most, End: LEAST }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.set(to);
  }

  private drag(down: PointerEvent): void {
    down.preventDefault();
    this.handle.focus();
    this.handle.setPointerCapture(down.pointerId);
    const width = byId('message').getBoundingClientRect().width;
    const stop = new AbortController();
    document.body.classList.add('splitting');
    this.handle.addEventListener('pointermove', (event) => this.set(width + down.clientX - event.clientX), { signal: stop.signal });
    this.handle.addEventListener('lostpointercapture', () => {
      stop.abort();
      document.body.classList.remove('splitting');
    }, { once: true });
  }
}
