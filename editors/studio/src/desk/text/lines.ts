// How each line stands in its card: headline, quote, gap between paragraphs, row of the front matter.
import type { Line } from '@codemirror/state';
import type { House } from '../desk';
import { fieldsIn } from './fields';
import type { Pen } from './pen';
import type { TextPart } from './recognise';
import { slotOn, type Slot } from './slots';
import { Chip, Grip, StoryNumber } from './widgets';

const KINDS: Record<TextPart['kind'], string> = {
  'front matter': 'in-front', intro: 'in-intro', story: 'in-story', sponsor: 'in-sponsor', footer: 'in-footer',
};
const HEADING = /^ {0,3}(#{1,2})(?:\s+(?:(\d{1,3})[.)](?:\s+|$))?|$)/;
const ENTRY = /^([A-Za-z_][\w-]*)(:[ \t]*)(.*)$/;
const RULE = /^ {0,3}([-*_])(?:\s*\1){2,}\s*$/;

export interface Sight {
  pen: Pen;
  house: House;
  /** The part where the cursor is, and its paragraph there. */
  here: number;
  now: { from: number; to: number };
}

/** Draws one line; what covers the whole of it leaves nothing for marks. */
export function drawLine(sight: Sight, line: Line, index: number): void {
  const { pen } = sight;
  const part = pen.parts[index];
  if (!part) return;
  const isFirst = line.from <= part.from;
  const isLast = line.to >= part.to;
  const looks = [KINDS[part.kind]];
  if (isFirst) looks.push(index ? 'first' : 'first top');
  if (isLast) looks.push('last');
  if (index === sight.here) looks.push('here');
  if (pen.isIn(line.from, line.to)) looks.push('at');
  if (line.from >= sight.now.from && line.to <= sight.now.to) looks.push('now');
  const slot = slotOn(pen.state, line, part);
  if (line.text.trim() === '') looks.push(...blankLooks(sight, line, part, isFirst, isLast));
  const attributes = part.kind === 'front matter'
    ? drawEntry(sight, line, looks, slot) : drawHeading(sight, line, part, looks);
  if (part.kind === 'footer' && isFirst && RULE.test(line.text)) {
    looks.push('rule');
    if (!pen.isIn(line.from, line.to)) pen.cover(line.from, line.to, new Chip('Footer', 'part-name'));
  }
  pen.line(line.from, looks.join(' '), attributes);
  if (slot) pen.cover(slot.from, slot.to, new Chip(slot.hint, 'hint'));
  else drawFields(pen, line);
}

/** A blank line between paragraphs is the gap between them, and no higher than that. */
function blankLooks(
  { pen }: Sight, line: Line, part: TextPart, isFirst: boolean, isLast: boolean,
): string[] {
  const above = isFirst ? null : pen.state.doc.line(line.number - 1).text;
  const below = isLast ? null : pen.state.doc.line(line.number + 1).text;
  if (above !== null && above.trim() === '') {
    const isWrittenIn = pen.isIn(line.from, line.to);
    if (isWrittenIn || (below !== null && below.trim() === '')) return [];
  }
  if (isFirst && part.from !== part.to) return ['gap lead'];
  return above !== null && /^ {0,3}#{1,2}(\s|$)/.test(above) ? ['gap below-heading'] : ['gap'];
}

function drawEntry(
  { pen, house }: Sight, line: Line, looks: string[], slot: Slot | null,
): Record<string, string> | undefined {
  const entry = ENTRY.exec(line.text);
  if (!entry) {
    looks.push(/^---\s*$/.test(line.text) ? 'fence' : 'entry-more');
    return undefined;
  }
  const [, key = '', colon = '', value = ''] = entry;
  looks.push('entry');
  pen.mark(line.from, line.from + key.length, 'key');
  pen.mark(line.from + key.length, line.from + key.length + colon.length, 'colon');
  if (key !== 'subject' && key !== 'preheader') return undefined;
  return { 'data-count': countOf(slot ? '' : withMore(pen, line, value), house[key]) };
}

/** A value goes on in the lines below that are indented. */
function withMore(pen: Pen, line: Line, value: string): string {
  const lines = [value.trim()];
  for (let n = line.number + 1; n <= pen.state.doc.lines; n++) {
    const { text } = pen.state.doc.line(n);
    if (!/^[ \t]+\S/.test(text)) break;
    lines.push(text.trim());
  }
  return lines.filter((each) => each && each !== '>' && each !== '|').join(' ');
}

/** "61, good to 60": characters as the check counts them, and what would be good. */
export function countOf(value: string, [least, most]: [number, number]): string {
  const count = [...value].length;
  if (count < least) return `${count}, good from ${least}`;
  return count > most ? `${count}, good to ${most}` : `${count}, good`;
}

function drawHeading({ pen }: Sight, line: Line, part: TextPart, looks: string[]): undefined {
  const isIntro = part.kind === 'intro';
  const heading = HEADING.exec(line.text) ?? pasted(line, part);
  const isTitle = heading?.[1] === '#' || (isIntro && part.title !== '' && heading?.[0] === '');
  if (!heading || (isTitle ? !isIntro : line.from !== part.from)) return undefined;
  looks.push(isTitle ? 'title' : 'headline');
  const end = line.from + heading[0].length;
  if (part.kind !== 'intro') pen.widget(line.from, new Grip());
  if (pen.isIn(line.from, line.to)) pen.mark(line.from, end, 'marks');
  else pen.cover(line.from, end, heading[2] ? new StoryNumber(heading[2]) : undefined);
  return undefined;
}

/** A headline or a title without marks, as it is pasted: the look has told it by its words. */
function pasted(line: Line, part: TextPart): RegExpExecArray | null {
  if (part.kind === 'intro') return part.title && line.text.trim() === part.title ? /^/.exec(line.text) : null;
  const isHeadline = part.kind === 'story' && line.from === part.from;
  return isHeadline ? /^\s*(\*\*)?(?:(\d{1,3})[.):]\s+)?/.exec(line.text) : null;
}

function drawFields(pen: Pen, line: Line): void {
  for (const field of fieldsIn(line.text)) {
    const from = line.from + field.from;
    const to = line.from + field.to;
    if (pen.isIn(from, to)) pen.mark(from, to, 'field-source');
    else pen.cover(from, to, new Chip(field.label, 'slot'));
  }
}
