// A part moved among the others, whole, with what belongs to it; the numbers of stories follow.
import type { ChangeSpec, Text } from '@codemirror/state';
import type { TextPart } from './recognise';

export interface Move {
  changes: ChangeSpec[];
  /** Where the moved words begin in the new text, and where they began in the old one. */
  from: number;
  was: number;
  /** A place in the part as it was, to one in the part as it will be, both from its beginning. */
  within: (place: number) => number;
}

const IGNORE = /^\s*<!--\s*check:\s*ignore\s(?!.*ignore-file).*-->\s*$/;

/** Whether a part may move: front matter, intro and footer have their places. */
export function isMovable(part: TextPart | undefined): boolean {
  return part?.kind === 'story' || part?.kind === 'sponsor';
}

/** The part `at` moved to stand where `to` stands; null where nothing would change. */
export function move(doc: Text, parts: readonly TextPart[], at: number, to: number): Move | null {
  if (at === to || !isMovable(parts[at]) || !isMovable(parts[to])) return null;
  const spans = parts.map((part, index) => spanOf(doc, parts, part, index));
  const own = spans[at]!;
  const order = parts.map((_, index) => index);
  order.splice(to, 0, ...order.splice(at, 1));
  const numbers = renumbered(doc, parts, order);
  const body = withNumbers(doc, own.from, own.to, numbers);
  const within = (at: number): number => at + shiftOf(numbers.filter((each) => each.from >= own.from), own.from + at);
  const others = numbers.filter((each) => each.from < own.from || each.from >= own.to);
  if (to > at) {
    const gap = doc.sliceString(own.to, spans[at + 1]!.from);
    const place = spans[to]!.to;
    const cut = { from: own.from, to: spans[at + 1]!.from };
    const shift = shiftOf(others, place) - (cut.to - cut.from);
    return {
      changes: [cut, { from: place, insert: gap + body }, ...others],
      from: place + shift + gap.length, was: own.from, within,
    };
  }
  const before = spans[at - 1]!;
  const gap = doc.sliceString(before.to, own.from);
  const place = spans[to]!.from;
  return {
    changes: [{ from: place, insert: body + gap }, { from: before.to, to: own.to }, ...others],
    from: place + shiftOf(others, place), was: own.from, within,
  };
}

interface Digits { from: number; to: number; insert: string }

/** The words of a part, without the blank lines below it; an ignore comment above is its own. */
function spanOf(doc: Text, parts: readonly TextPart[], part: TextPart, at: number): { from: number; to: number } {
  const from = at > 0 ? withComments(doc, part.from, parts[at - 1]!.from) : part.from;
  const next = parts[at + 1];
  let to = next && isMovable(part) ? withComments(doc, next.from, part.from) : part.to + 1;
  to = Math.min(to, doc.length);
  const words = doc.sliceString(part.from, to).trimEnd();
  return { from, to: part.from + words.length };
}

function withComments(doc: Text, from: number, least: number): number {
  let start = from;
  for (let n = doc.lineAt(from).number - 1; n >= 1; n--) {
    const line = doc.line(n);
    if (line.from <= least) break;
    if (IGNORE.test(line.text)) start = line.from;
    else if (line.text.trim()) break;
  }
  return start;
}

/** The digits that are others in the new order; a story without a number keeps having none. */
function renumbered(doc: Text, parts: readonly TextPart[], order: readonly number[]): Digits[] {
  const found: Digits[] = [];
  let place = 0;
  for (const index of order) {
    const part = parts[index]!;
    if (part.kind !== 'story') continue;
    place += 1;
    const digits = part.number === null ? null : digitsOf(doc, part);
    if (digits && Number(digits.text) !== place) {
      found.push({ from: digits.from, to: digits.from + digits.text.length, insert: String(place) });
    }
  }
  return found;
}

/** Where the number of a headline stands, among the first characters of its line. */
function digitsOf(doc: Text, part: TextPart): { from: number; text: string } | null {
  const match = /\d+/.exec(doc.lineAt(part.from).text.slice(0, 24));
  if (!match || Number(match[0]) !== part.number) return null;
  return { from: part.from + match.index, text: match[0] };
}

function withNumbers(doc: Text, from: number, to: number, numbers: readonly Digits[]): string {
  const own = numbers.find((each) => each.from >= from && each.from < to);
  if (!own) return doc.sliceString(from, to);
  return doc.sliceString(from, own.from) + own.insert + doc.sliceString(own.to, to);
}

function shiftOf(numbers: readonly Digits[], place: number): number {
  return numbers.filter((each) => each.from < place)
    .reduce((sum, each) => sum + each.insert.length - (each.to - each.from), 0);
}
