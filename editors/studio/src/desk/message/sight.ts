// A sight: the message as some readers have it. It is made of the message's own HTML, so that what
// the reader's system prefers, and what ours does, has no part in it.

export type Width = 'Phone' | 'Desktop' | 'Wide';
export type Colours = 'Light' | 'Dark' | 'Forced';
export type Condition = 'As it is' | 'Images off' | 'No styles' | 'Outlook' | 'Text at 200 %';

export interface Sight { width: Width; colours: Colours; condition: Condition }

/** Pixels. */
export const WIDTHS: Readonly<Record<Width, number>> = { Phone: 390, Desktop: 640, Wide: 760 };
export const COLOURS: readonly Colours[] = ['Light', 'Dark', 'Forced'];
export const CONDITIONS: readonly Condition[] =
  ['As it is', 'Images off', 'No styles', 'Outlook', 'Text at 200 %'];

/** Why a sight is only like what readers have; null where it is what they have. */
export function likeness(sight: Sight): string | null {
  if (sight.condition === 'Outlook') return 'A likeness of Outlook on Windows, which sets messages with Word.';
  if (sight.colours === 'Forced') return 'A likeness: each program that turns colours does it in its own way.';
  return null;
}

/** The message as a document of its own for one sight. */
export function documentOf(html: string, sight: Sight): Document {
  const isOutlook = sight.condition === 'Outlook';
  const page = new DOMParser().parseFromString(isOutlook ? withOutlooksComments(html) : html, 'text/html');
  if (sight.condition === 'No styles') for (const style of page.querySelectorAll('style')) style.remove();
  if (sight.condition === 'Images off') withoutImages(page);
  if (isOutlook) eachStyle(page, asWord);
  if (sight.condition === 'Text at 200 %') eachStyle(page, doubled);
  colour(page, isOutlook ? 'Light' : sight.colours);
  return page;
}

function colour(page: Document, colours: Colours): void {
  const scheme = colours === 'Dark' ? 'dark' : 'light';
  for (const style of page.querySelectorAll('style')) {
    style.textContent = decided(style.textContent ?? '', scheme);
    const media = style.getAttribute('media');
    if (media) style.setAttribute('media', answered(media, scheme));
  }
  for (const source of page.querySelectorAll('source[media]')) {
    source.setAttribute('media', answered(source.getAttribute('media') ?? '', scheme));
  }
  for (const meta of page.querySelectorAll('meta[name=color-scheme]')) meta.setAttribute('content', scheme);
}

/** A style sheet in which it is decided whether the reader prefers the dark. */
function decided(css: string, scheme: 'light' | 'dark'): string {
  return answered(css, scheme).replace(/(?<=[{;\s]color-scheme\s*:)[^;}]*/g, ` ${scheme}`);
}

/** A media query that asks for colours is answered: `min-width` of nothing is true, `max-width` is not. */
function answered(query: string, scheme: 'light' | 'dark'): string {
  return query.replace(/\(\s*prefers-color-scheme\s*:\s*(dark|light)\s*\)/gi, (_all, wanted: string) =>
    wanted.toLowerCase() === scheme ? '(min-width: 0px)' : '(max-width: 0px)');
}

/** Alternative texts stand where the pictures would be. */
function withoutImages(page: Document): void {
  for (const image of page.querySelectorAll('img, source, [background]')) {
    for (const name of ['src', 'srcset', 'background']) image.removeAttribute(name);
  }
  eachStyle(page, (css) => css.replace(/url\([^)]*\)/gi, 'none'));
}

/** With the conditional comments open that Outlook opens, and those shut that it shuts. What it
 * reads of its own settings there (`<xml>`) is nothing to be seen. */
function withOutlooksComments(html: string): string {
  return html
    .replace(/<!--\[if !mso[^\]]*\]><!-->.*?<!--<!\[endif\]-->/gs, '')
    .replace(/<!--\[if [^\]]*\bmso\b[^\]]*\]>(.*?)<!\[endif\]-->/gs, (all: string, inside: string) =>
      /^<!--\[if lte mso/.test(all) || /<xml[\s>]/i.test(inside) ? '' : inside);
}

/** Without what Word does not know: media queries, and these properties. */
function asWord(css: string): string {
  return withoutMedia(css).replace(
    /(?<=^|[{;\s])(?:max-width|min-width|max-height|border-(?:[a-z]+-)*radius|box-shadow|opacity|position|float|text-wrap|background-image|overflow(?:-[a-z]+)?|display\s*:\s*inline-block)\b[^;}]*;?/gi,
    '');
}

function withoutMedia(css: string): string {
  let left = '', at = 0;
  for (let found = css.indexOf('@media', at); found >= 0; found = css.indexOf('@media', at)) {
    left += css.slice(at, found);
    at = endOfBlock(css, found);
  }
  return left + css.slice(at);
}

/** Behind the brace that closes the block which begins after `from`. */
function endOfBlock(css: string, from: number): number {
  let depth = 0;
  for (let at = css.indexOf('{', from); at >= 0 && at < css.length; at += 1) {
    if (css[at] === '{') depth += 1;
    if (css[at] === '}') depth -= 1;
    if (depth === 0) return at + 1;
  }
  return css.length;
}

/** Letters and lines of twice the size, as readers have it who enlarge text and nothing else. */
function doubled(css: string): string {
  return css.replace(/((?:font-size|line-height)\s*:\s*)(\d+(?:\.\d+)?)px/gi, (_all, name: string, size: string) =>
    `${name}${Number(size) * 2}px`);
}

/** Style sheets, and styles of elements. */
function eachStyle(page: Document, change: (css: string) => string): void {
  for (const style of page.querySelectorAll('style')) style.textContent = change(style.textContent ?? '');
  for (const one of page.querySelectorAll('[style]')) {
    one.setAttribute('style', change(one.getAttribute('style') ?? ''));
  }
}
