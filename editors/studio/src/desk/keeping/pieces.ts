// Two versions as the studio compares them, and the text that becomes of what is chosen.

export interface Block { body: string; gap: string }
export type Choice = 'yours' | 'disk' | 'both';

/** A place of the text; null where a side has nothing there. */
export interface Piece {
  changed: 'same' | 'yours' | 'disk' | 'both';
  /** "Story 4, quote"; of what is the same, a sentence. */
  where: string;
  part?: string;
  base?: string;
  yours: Block | null;
  disk: Block | null;
}

export interface Versions { start: string; pieces: Piece[]; end: string }

/** What is taken of a piece before anybody chose: what one side alone has changed. */
export function preselected(piece: Piece): Choice | null {
  return piece.changed === 'both' || piece.changed === 'same' ? null : piece.changed;
}

export function chosen(piece: Piece, choice: Choice): Block | null {
  const { yours, disk } = piece;
  if (choice !== 'both') return piece[choice];
  if (!yours || !disk) return yours ?? disk;
  return { body: yours.body + yours.gap + disk.body, gap: disk.gap };
}

/** Blocks one after another; the gap of the last gives way to how the text ends. */
export function compose({ start, end }: Versions, blocks: (Block | null)[]): string {
  const full = blocks.filter((block): block is Block => !!block?.body);
  const last = full.at(-1);
  const text = start + full.map(({ body, gap }) => body + gap).join('');
  return last ? text.slice(0, text.length - last.gap.length) + end : text;
}

export function countWords(text: string): number {
  return text.split(/\s+/).filter(Boolean).length;
}

const NUMBERS = ['none', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

export function numberWord(count: number): string {
  return NUMBERS[count] ?? String(count);
}

/** "intro", "story 1 and story 3": the parts of pieces that differ. */
export function partsOf(pieces: Piece[]): string {
  const parts = [...new Set(pieces.filter((each) => each.changed !== 'same').map((each) => each.part ?? ''))];
  const last = parts.pop() ?? '';
  return parts.length ? `${parts.join(', ')} and ${last}` : last;
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
