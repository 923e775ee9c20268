// The parts of a text as they can be told at once, line by line: what the studio's look corrects
// a moment later. It is right for every text that is written as the house writes it.
import type { Text } from '@codemirror/state';
import type { PartKind } from '../look';

/** A part of the text; `to` is the end of its last line. */
export interface TextPart {
  kind: PartKind;
  number: number | null;
  title: string;
  from: number;
  to: number;
  /** Of the last look; null where there was none of this part yet. */
  words: number | null;
  seconds: number | null;
}

interface Start { kind: PartKind; number: number | null; title: string; from: number }

const FENCE = /^---\s*$/;
const HEADING = /^ {0,3}##(?:\s+(.*)|\s*)$/;
const NUMBER = /^(\d{1,3})[.)](?:\s+(.*)|\s*)$/;
const TITLE = /^ {0,3}#\s+(.*)$/;
const RULE = /^ {0,3}([-*_])(?:\s*\1){2,}\s*$/;
const MOST_FRONT_LINES = 100;

/** Always one part at least; together they are the whole text. */
export function recognise(doc: Text, sponsor: RegExp): TextPart[] {
  const end = frontMatterEnd(doc);
  const starts: Start[] = end ? [{ kind: 'front matter', number: null, title: '', from: 0 }] : [];
  const body = end + 1;
  if (body <= doc.lines) {
    starts.push({ kind: 'intro', number: null, title: titleIn(doc, body), from: doc.line(body).from });
  }
  starts.push(...headingsIn(doc, body, sponsor));
  const footer = footerIn(doc, starts.at(-1)?.from ?? 0);
  if (footer !== null) starts.push({ kind: 'footer', number: null, title: '', from: footer });
  return closed(starts, doc.length);
}

/** Each part ends where the line before the next one does. */
export function closed<T extends { from: number }>(
  starts: readonly T[], length: number,
): (T & { to: number; words: number | null; seconds: number | null })[] {
  return starts.map((start, at) => ({
    words: null, seconds: null, ...start,
    to: Math.max(start.from, (starts[at + 1]?.from ?? length + 1) - 1),
  }));
}

/** The line of the fence that closes the front matter; 0 where there is none. */
export function frontMatterEnd(doc: Text): number {
  if (!FENCE.test(doc.line(1).text)) return 0;
  for (let n = 2; n <= Math.min(doc.lines, MOST_FRONT_LINES); n++) {
    if (FENCE.test(doc.line(n).text)) return n;
  }
  return 0;
}

function titleIn(doc: Text, from: number): string {
  for (let n = from; n <= doc.lines; n++) {
    const { text } = doc.line(n);
    const title = TITLE.exec(text);
    if (title) return title[1] ?? '';
    if (text.startsWith('##')) break;
  }
  return '';
}

function headingsIn(doc: Text, from: number, sponsor: RegExp): Start[] {
  const found: Start[] = [];
  for (let n = from; n <= doc.lines; n++) {
    const line = doc.line(n);
    if (!line.text.includes('##')) continue;
    const heading = HEADING.exec(line.text);
    if (!heading) continue;
    const words = (heading[1] ?? '').replace(/\s+#+$/, '');
    const numbered = NUMBER.exec(words);
    if (numbered) {
      found.push({ kind: 'story', number: Number(numbered[1]), title: numbered[2] ?? '', from: line.from });
    } else if (sponsor.test(words)) {
      found.push({ kind: 'sponsor', number: null, title: words.replace(sponsor, ''), from: line.from });
    } else {
      found.push({ kind: 'story', number: null, title: words, from: line.from });
    }
  }
  // Beside headlines with numbers, a heading without one is of the story above it.
  const isNumbered = found.some((each) => each.number !== null);
  return isNumbered ? found.filter((each) => each.kind === 'sponsor' || each.number !== null) : found;
}

/** Where the rule above the footer begins: the last one of all, with words below it. */
function footerIn(doc: Text, after: number): number | null {
  let hasWords = false;
  for (let n = doc.lines; n >= 1; n--) {
    const line = doc.line(n);
    if (line.from <= after) return null;
    if (RULE.test(line.text)) return hasWords ? line.from : null;
    hasWords ||= line.text.trim() !== '';
  }
  return null;
}

/** The sponsor's cue for a browser: a heading that begins with it. One it cannot read finds none. */
export function sponsorCue(cue: string): RegExp {
  try {
    return new RegExp(`^(?:\\*\\*)?(?:${cue.replaceAll('\\Z', '$')})(?:\\s+(?=\\S)|\\s*$)`, 'i');
  } catch {
    return /^(?!)/;
  }
}
