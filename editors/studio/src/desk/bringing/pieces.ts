// Pieces of Markdown to the change that puts them into a text: merged with the words of the line
// where they go in, or blocks of their own between blank lines.
import type { ChangeSpec, Text } from '@codemirror/state';

export type PieceKind = 'story' | 'heading' | 'paragraph' | 'quote' | 'list' | 'picture';

export interface Piece { kind: PieceKind; text: string }

export interface Placed {
  changes: ChangeSpec;
  from: number;
  /** Where the last piece ends, in the new text. */
  to: number;
  /** Where each piece ends, in the new text. */
  ends: number[];
}

const HEADING = /^ {0,3}#{1,6}\s+(?:\d{1,3}[.)]\s+)?/;
const ITEM = /^(\s*)([-*+]|\d{1,3}[.)])\s+/;
const QUOTE = /^\s*>\s?/;
const BLANKS = new Set(['…', '...']);

/** How pieces go in between two places of a text. */
export function place(doc: Text, from: number, to: number, pieces: readonly Piece[]): Placed {
  const line = doc.lineAt(from);
  const heading = HEADING.exec(line.text);
  if (heading && from >= line.from + heading[0].length) return inHeading(doc, from, to, pieces, heading[0]);
  const [only] = pieces;
  if (pieces.length === 1 && only?.kind === 'paragraph') return joined(from, to, [only.text], '', '', '');
  const quote = QUOTE.exec(line.text);
  if (quote) return inQuote(from, to, pieces, line.text.slice(0, from - line.from));
  const item = ITEM.exec(line.text);
  if (item) return inList(from, to, pieces, `${item[1] ?? ''}${item[2] ?? '-'} `, line.text.slice(0, from - line.from));
  return between(doc, from, to, pieces);
}

/** Blocks, with a blank line before and after. In the midst of a paragraph words join words; at its
 * beginning and its end they are paragraphs of their own. */
function between(doc: Text, from: number, to: number, pieces: readonly Piece[]): Placed {
  const above = doc.lineAt(from);
  const below = doc.lineAt(to);
  const before = doc.sliceString(above.from, from);
  const after = doc.sliceString(to, below.to);
  const isWithin = before.trim() !== '' && (after.trim() !== '' || before.endsWith(' '));
  const joins = (piece: Piece | undefined): boolean => isWithin && piece?.kind === 'paragraph';
  let lead = '';
  if (before.trim()) lead = joins(pieces[0]) ? '' : '\n\n';
  else if (above.number > 1 && doc.line(above.number - 1).text.trim()) lead = '\n';
  let tail = '';
  if (after.trim()) tail = joins(pieces.at(-1)) ? '' : '\n\n';
  else if (below.number < doc.lines && doc.line(below.number + 1).text.trim()) tail = '\n';
  return joined(from, to, pieces.map((piece) => piece.text), '\n\n', lead, tail);
}

/** The first words go into the heading, in the place of a slot if it is one; the rest below it. */
function inHeading(doc: Text, from: number, to: number, pieces: readonly Piece[], marks: string): Placed {
  const line = doc.lineAt(from);
  const words = line.text.slice(marks.length);
  const isSlot = BLANKS.has(words.trim());
  const start = isSlot ? line.from + marks.length : from;
  const end = isSlot ? line.to : to;
  const [first, ...rest] = pieces.map((piece, at) => (at ? piece.text : bare(piece.text)));
  if (!rest.length) return joined(start, end, [first ?? ''], '', '', '');
  const kept = doc.sliceString(end, line.to);
  const hasMore = line.number < doc.lines && doc.line(line.number + 1).text.trim() !== '';
  return joined(start, Math.max(end, line.to), [`${first ?? ''}${kept}`, ...rest], '\n\n', '', hasMore ? '\n\n' : '');
}

function inQuote(from: number, to: number, pieces: readonly Piece[], before: string): Placed {
  const isBegun = before.replace(QUOTE, '').trim() !== '';
  const quoted = pieces.map((piece, at) => {
    const text = piece.kind === 'quote' ? piece.text.replace(/^> ?/gm, '') : bare(piece.text);
    const lines = text.replace(/\n/g, '\n> ');
    return at || (isBegun && piece.kind !== 'paragraph') ? `> ${lines}` : lines;
  });
  return joined(from, to, quoted, '\n>\n', isBegun && pieces[0]?.kind !== 'paragraph' ? '\n>\n' : '', '');
}

function inList(from: number, to: number, pieces: readonly Piece[], marker: string, before: string): Placed {
  const isBegun = before.replace(ITEM, '').trim() !== '';
  const indent = ' '.repeat(marker.length);
  const items = pieces.flatMap((piece) => (piece.kind === 'list'
    ? piece.text.split(/\n(?=(?:- |\d{1,3}\. ))/).map((item) => item.replace(ITEM, ''))
    : [bare(piece.text)]));
  const lines = items.map((item, at) => `${at ? marker : ''}${item.replace(/\n(?!\s)/g, `\n${indent}`)}`);
  const isNew = isBegun && pieces[0]?.kind !== 'paragraph';
  const placed = joined(from, to, lines, '\n', isNew ? `\n${marker}` : '', '');
  return { ...placed, ends: pieces.map(() => placed.to) };
}

function bare(text: string): string {
  return text.replace(HEADING, '').replace(/\\\n/g, ' ').replace(/\n/g, ' ');
}

function joined(
  from: number, to: number, texts: readonly string[], apart: string, lead: string, tail: string,
): Placed {
  const ends: number[] = [];
  let at = from + lead.length;
  for (const text of texts) {
    at += (ends.length ? apart.length : 0) + text.length;
    ends.push(at);
  }
  const insert = lead + texts.join(apart) + tail;
  return { changes: { from, to, insert }, from: from + lead.length, to: at, ends };
}

/** A whole issue in the place of one that nobody has written. */
export function replaceWhole(doc: Text, [from, to]: [number, number], pieces: readonly Piece[]): Placed {
  const lead = from > 0 && doc.sliceString(from - 1, from) !== '\n' ? '\n' : '';
  const tail = to < doc.length ? '\n\n' : '\n';
  return joined(from, to, pieces.map((piece) => piece.text), '\n\n', lead, tail);
}

/** Something that stands alone: behind a place, with a blank line between, or above all. */
export function alone(doc: Text, at: number, text: string, isAbove = false): { from: number; insert: string } {
  return isAbove ? { from: at, insert: `${text}\n\n` } : { from: at, insert: `\n\n${text}${tailOf(doc, at)}` };
}

function tailOf(doc: Text, at: number): string {
  const line = doc.lineAt(at);
  if (doc.sliceString(at, line.to).trim()) return '\n\n';
  return line.number < doc.lines && doc.line(line.number + 1).text.trim() ? '\n' : '';
}
