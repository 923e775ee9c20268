// Where the parts of the text are in the message: found by the anchors that stories have there.
import type { Part } from '../look';

/** From the top of the message, in pixels as it is drawn. */
export interface Block { top: number; bottom: number }

/** One for each part, null for what has no place of its own, as the front matter. */
export function placesOf(page: Document, parts: Part[], scale: number): (Block | null)[] {
  const anchors = [...page.querySelectorAll<HTMLElement>('a[name^="story-"]')];
  const stories = anchors.map((anchor) => boxOf(blockOf(anchor, anchors)));
  const sponsor = page.querySelector('.sponsor');
  const title = page.querySelector('h1');
  let story = 0, last = 0;
  const places = parts.map((part): Block | null => {
    const found = part.kind === 'story' ? stories[story++]
      : part.kind === 'sponsor' && sponsor ? boxOf(sponsor)
      : part.kind === 'intro' ? { top: title ? boxOf(title).top : 0, bottom: stories[0]?.top ?? 0 }
      : part.kind === 'footer' ? { top: last, bottom: page.documentElement.offsetHeight }
      : undefined;
    if (!found || found.bottom <= found.top) return null;
    if (part.kind !== 'footer') last = found.bottom;
    return found;
  });
  return places.map((place) => place && { top: place.top * scale, bottom: place.bottom * scale });
}

/** All that is one story's: the outermost element that holds its anchor, and no other's or the title. */
function blockOf(anchor: HTMLElement, anchors: HTMLElement[]): Element {
  let block: Element = anchor;
  for (let above = anchor.parentElement; above && above.tagName !== 'BODY'; above = above.parentElement) {
    const holder = above;
    if (holder.querySelector('h1') || anchors.some((other) => other !== anchor && holder.contains(other))) break;
    block = holder;
  }
  return block;
}

function boxOf(element: Element): Block {
  const { top, bottom } = element.getBoundingClientRect();
  return { top, bottom };
}

/** The part at a height, in pixels as it is drawn; -1 for none. */
export function partAt(places: (Block | null)[], y: number): number {
  return places.findIndex((place) => place && place.top <= y && y < place.bottom);
}

/** The words at a point of the page and which of their characters it is; null where there are none. */
export function wordsAt(page: Document, x: number, y: number): { text: string; at: number } | null {
  const place = page.caretPositionFromPoint?.(x, y);
  const range = place ? null : page.caretRangeFromPoint?.(x, y);
  const node = place?.offsetNode ?? range?.startContainer;
  if (!node || node.nodeType !== Node.TEXT_NODE) return null;
  return { text: node.nodeValue ?? '', at: place?.offset ?? range?.startOffset ?? 0 };
}
