// A part dragged by its grip, or by its line in the outline, to where it is to stand.
import { byId, el } from '../../elements';
import type { Desk } from '../desk';
import { movePart } from './mover';
import { isMovable } from './moving';
import { partAt, partsOf } from './structure';

/** Where a part is on the screen, top and bottom, in pixels of the window. */
export type Spot = { index: number; top: number; bottom: number };

const LEAST = 5;
const EDGE = 48;

export function startDragging(desk: Desk): void {
  desk.view.contentDOM.addEventListener('pointerdown', (event) => {
    const grip = (event.target as HTMLElement).closest('.grip');
    if (!grip || event.button !== 0) return;
    event.preventDefault();
    const at = partAt(partsOf(desk.view.state), desk.view.posAtDOM(grip));
    drag(desk, event, at, { inside: byId('text'), scroller: byId('write'), spots: () => cardSpots(desk) });
  });
  // The editor would begin to select from here.
  desk.view.contentDOM.addEventListener('mousedown', (event) => {
    if ((event.target as HTMLElement).closest('.grip')) event.stopImmediatePropagation();
  }, { capture: true });
}

function cardSpots(desk: Desk): Spot[] {
  const { view } = desk;
  return partsOf(view.state).flatMap((part, index) => (isMovable(part) ? [{
    index,
    top: view.documentTop + view.lineBlockAt(part.from).top,
    bottom: view.documentTop + view.lineBlockAt(part.to).bottom,
  }] : []));
}

export interface Ground {
  /** What the line that shows the place is drawn in. */
  inside: HTMLElement;
  scroller: HTMLElement;
  spots: () => Spot[];
}

/** Follows the pointer until it is let go; Esc puts the part back. */
export function drag(desk: Desk, from: PointerEvent, at: number, ground: Ground): void {
  const line = el('div', { class: 'drop-line', 'aria-hidden': 'true' });
  const stop = new AbortController();
  let to = at;
  let isMoving = false;
  let y = from.clientY;
  const rest = (): void => {
    if (stop.signal.aborted) return;
    if (isMoving && scrollAt(ground.scroller, y)) to = show(line, ground, at, y);
    requestAnimationFrame(rest);
  };
  const end = (): void => {
    stop.abort();
    line.remove();
    document.body.classList.remove('dragging');
  };
  const follow = (event: PointerEvent): void => {
    if (!isMoving && Math.abs(event.clientY - from.clientY) < LEAST) return;
    y = event.clientY;
    if (!isMoving) {
      ground.inside.append(line);
      requestAnimationFrame(rest);
    }
    isMoving = true;
    document.body.classList.add('dragging');
    to = show(line, ground, at, y);
  };
  const options = { signal: stop.signal };
  window.addEventListener('pointermove', follow, options);
  window.addEventListener('pointercancel', end, options);
  window.addEventListener('pointerup', () => {
    end();
    if (!isMoving) return;
    swallowClick();
    movePart(desk, at, to);
  }, options);
  window.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    end();
  }, { ...options, capture: true });
}

/** The click that ends a drag is no press of what lies there. */
function swallowClick(): void {
  const swallow = (event: Event): void => {
    event.preventDefault();
    event.stopPropagation();
  };
  window.addEventListener('click', swallow, { capture: true, once: true });
  setTimeout(() => window.removeEventListener('click', swallow, { capture: true }));
}

/** The index at which the part would stand, with a line drawn there. */
function show(line: HTMLElement, { inside, spots }: Ground, at: number, y: number): number {
  const all = spots();
  const others = all.filter((spot) => spot.index !== at);
  const above = others.filter((spot) => (spot.top + spot.bottom) / 2 < y).length;
  const first = all[0]?.index ?? at;
  const before = others[above - 1];
  const after = others[above];
  const place = before ? (after ? (before.bottom + after.top) / 2 : before.bottom + 4) : (after?.top ?? y);
  line.style.top = `${place - inside.getBoundingClientRect().top + inside.scrollTop}px`;
  return first + above;
}

/** At its edge what is dragged over moves along; false where nothing does. */
function scrollAt(scroller: HTMLElement, y: number): boolean {
  const { top, bottom } = scroller.getBoundingClientRect();
  const step = y < top + EDGE ? y - top - EDGE : Math.max(0, y - bottom + EDGE);
  scroller.scrollTop += step / 6;
  return step !== 0;
}
