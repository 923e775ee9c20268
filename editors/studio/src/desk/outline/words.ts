// What the outline says of each part, and at its foot.
import type { House } from '../desk';
import type { Finding, Look } from '../look';
import type { TextPart } from '../text/recognise';
import type { Slot } from '../text/slots';
import { partAt } from '../text/structure';

export interface Known {
  parts: readonly TextPart[];
  house: House;
  look: Look | null;
  slots: readonly Slot[];
  here: number;
  bytes: readonly (number | null)[];
  tallies: readonly Tally[];
}

export interface Tally { errors: number; warnings: number }

/** A piece of a small line; `look` is e for errors, w for warnings. */
export interface Small { text: string; look?: string; row: number }

const NUMBERS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'];

export function titleOf(part: TextPart): string {
  const plain = part.title.replace(/\*\*|__|[*~^]/g, '').replace(/^(?:…|\.\.\.)$/, '');
  if (part.kind === 'front matter') return 'Subject and preheader';
  if (part.kind === 'intro') return 'Title and intro';
  if (part.kind === 'footer') return 'Footer';
  if (part.kind === 'sponsor') return plain ? `Sponsor: ${plain}` : 'Sponsor';
  return plain || 'Headline';
}

/** What stands for it where there is little room. */
export function shortOf(part: TextPart): string {
  if (part.number !== null) return String(part.number);
  return { 'front matter': 'Subj', intro: 'Intro', story: '–', sponsor: 'Spon', footer: 'Foot' }[part.kind];
}

export function smallOf(known: Known, at: number): Small[] {
  const part = known.parts[at]!;
  const said: Small[] = [];
  const slots = known.slots.filter((slot) => slot.from >= part.from && slot.to <= part.to).length;
  if (slots) said.push({ text: `${slots} ${slots === 1 ? 'slot' : 'slots'}`, row: 0 });
  else if (part.kind === 'front matter') said.push({ text: lengthsOf(known), row: 0 });
  else if (part.kind === 'footer') said.push({ text: footerOf(known), row: 0 });
  else if (part.words !== null) said.push({ text: count(part.words, 'word'), row: 0 });
  const isHere = at === known.here;
  const bytes = known.bytes.length === known.parts.length ? known.bytes[at] : null;
  if (isHere && bytes && !slots) said.push({ text: `${(bytes / 1000).toFixed(1)} kB`, row: 0 });
  if (isHere && part.seconds && !slots && part.kind !== 'footer') said.push({ text: `${part.seconds} s`, row: 0 });
  return [...said, ...findingsOf(known, at, isHere && said.length > 1 ? 1 : 0)];
}

/** What is said of a part when it is pointed at: "61 words, 5.4 kB, 18 s". */
export function wholeOf(known: Known, at: number): string {
  const part = known.parts[at]!;
  if (part.kind !== 'story' && part.kind !== 'sponsor') return titleOf(part);
  const measures = smallOf({ ...known, here: at }, at).filter((each) => !each.look).map((each) => each.text);
  return `${titleOf(part)}\n${measures.join(', ')}`;
}

function findingsOf({ tallies }: Known, at: number, row: number): Small[] {
  const { errors, warnings } = tallies[at] ?? { errors: 0, warnings: 0 };
  return [
    ...(errors ? [{ text: count(errors, 'error'), look: 'e', row }] : []),
    ...(warnings ? [{ text: count(warnings, 'warning'), look: 'w', row }] : []),
  ];
}

/** Errors and warnings of each part; an empty slot has been counted as what it is. */
export function tallied(parts: readonly TextPart[], findings: readonly Finding[]): Tally[] {
  const tallies = parts.map(() => ({ errors: 0, warnings: 0 }));
  for (const each of findings) {
    const tally = each.slug === 'empty-slot' ? undefined : tallies[partAt(parts, each.from)];
    if (tally && each.severity === 'error') tally.errors += 1;
    if (tally && each.severity === 'warning') tally.warnings += 1;
  }
  return tallies;
}

function lengthsOf({ look }: Known): string {
  if (!look) return '';
  return `${[...look.subject].length} and ${[...look.preheader].length} characters`;
}

function footerOf({ look }: Known): string {
  return look?.findings.some((each) => each.slug === 'footer-wording') ? 'other words than the house has' : 'as the house has it';
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

/** "five of five stories", "319 words, 1½ minutes". */
export function sumOf({ parts, house }: Known): string[] {
  const stories = parts.filter((part) => part.kind === 'story').length;
  const [least, most] = house.stories;
  const wanted = stories > most ? most : least;
  const words = parts.filter((part) => part.kind !== 'footer').reduce((sum, part) => sum + (part.words ?? 0), 0);
  const seconds = parts.filter((part) => part.kind !== 'footer').reduce((sum, part) => sum + (part.seconds ?? 0), 0);
  const told = stories >= least && stories <= most && least !== most
    ? `${spelt(stories)} stories` : `${spelt(stories)} of ${spelt(wanted)} ${wanted === 1 ? 'story' : 'stories'}`;
  const minutes = minutesOf(seconds);
  return [told, minutes ? `${count(words, 'word')}, ${minutes}` : count(words, 'word')];
}

export function spelt(n: number): string {
  return NUMBERS[n] ?? String(n);
}

/** To the half minute: "1½ minutes"; nothing below a quarter of one. */
export function minutesOf(seconds: number): string {
  const halves = Math.round(seconds / 30);
  if (seconds < 15) return '';
  if (halves <= 1) return '½ minute';
  const whole = Math.floor(halves / 2);
  const half = halves % 2 ? '½' : '';
  return `${whole}${half} ${whole === 1 && !half ? 'minute' : 'minutes'}`;
}
