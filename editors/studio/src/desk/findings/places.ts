// Where notes lie when some would overlap: each beside its line if it can, below the one before if
// not, and the unfolded one beside its line in any case where there is room above.

export interface Placed {
  /** The top that it would like. */
  at: number;
  height: number;
  isOpen: boolean;
  /** Where it has to stay, because somebody types below it. */
  kept: number | null;
}

/** Between two notes, pixels: as a rule, and where there are too many for their lines. */
const GAP = 12;
const TIGHT_GAP = 5;
/** How far a note may be from its line before all of them are shortened to one line each. */
const FAR = 180;
const LINE = 18;
/** Characters on a line of a note. */
const WIDE = 28;

/** Whether whole notes would lie too far from their lines; `lengths` are those of their words. */
export function isCrowded(places: readonly number[], lengths: readonly number[]): boolean {
  const notes = places.map((at, index): Placed => ({
    at, height: LINE * (1 + Math.ceil((lengths[index] ?? 0) / WIDE)), isOpen: false, kept: null,
  }));
  return down(notes, 0, GAP).some((top, index) => top - (places[index] ?? 0) > FAR);
}

/** The tops, in the same order. */
export function apart(notes: readonly Placed[], isTight = false): number[] {
  const gap = isTight ? TIGHT_GAP : GAP;
  const tops = down(notes, 0, gap);
  const open = notes.findIndex((each) => each.isOpen);
  const isPushed = open >= 0 && (tops[open] ?? 0) > (notes[open]?.at ?? 0);
  if (!isPushed || notes.some((each) => each.kept !== null)) return tops;
  const above = notes.slice(0, open).reduce((sum, each) => sum + each.height + gap, 0);
  tops[open] = Math.max(notes[open]!.at, above);
  for (let at = open - 1; at >= 0; at -= 1) {
    tops[at] = Math.min(tops[at]!, tops[at + 1]! - gap - notes[at]!.height);
  }
  const below = down(notes.slice(open + 1), tops[open]! + notes[open]!.height + gap, gap);
  return [...tops.slice(0, open + 1), ...below];
}

function down(notes: readonly Placed[], from: number, gap: number): number[] {
  let free = from;
  return notes.map((each) => {
    const top = each.kept ?? Math.max(each.at, free);
    free = Math.max(free, top + each.height + gap);
    return top;
  });
}
