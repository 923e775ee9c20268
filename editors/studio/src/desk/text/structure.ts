// The parts of the text as it is now: told at once, corrected by each look, and carried along in
// between, so that nothing moves while somebody types inside of a part.
import { Facet, StateEffect, StateField, type ChangeDesc, type EditorState, type Text, type Transaction } from '@codemirror/state';
import type { Look } from '../look';
import { closed, recognise, type TextPart } from './recognise';

export const cue = Facet.define<RegExp, RegExp>({ combine: (given) => given[0] ?? /^(?!)/ });

/** A look has come in; one of another text than this is left aside, for the next is on its way. */
export const looked = StateEffect.define<Look>();

interface Structure {
  /** What the lines alone say. */
  told: readonly TextPart[];
  /** The same, corrected. */
  parts: readonly TextPart[];
}

export const structure = StateField.define<Structure>({
  create(state) {
    const told = recognise(state.doc, state.facet(cue));
    return { told, parts: told };
  },
  update(value, tr) {
    const next = tr.docChanged ? follow(value, tr) : value;
    const look = tr.effects.find((effect) => effect.is(looked))?.value as Look | undefined;
    return look?.doc.eq(tr.newDoc) && look.parts.length ? { told: next.told, parts: look.parts } : next;
  },
});

/** The parts of the text, in its order. */
export function partsOf(state: EditorState): readonly TextPart[] {
  return state.field(structure).parts;
}

/** The index of the part where a place is; -1 for none. */
export function partAt(parts: readonly { from: number }[], place: number): number {
  let low = 0;
  let high = parts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((parts[middle]?.from ?? 0) <= place) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function follow(value: Structure, tr: Transaction): Structure {
  const told = recognise(tr.newDoc, tr.state.facet(cue));
  if (!isSame(value.told, told, tr.changes)) return { told, parts: remembering(told, value.parts) };
  const agrees = value.parts.length === value.told.length
    && value.parts.every((part, at) => part.from === value.told[at]?.from && part.kind === value.told[at]?.kind);
  if (agrees) {
    const parts = told.map((part, at) => ({
      ...part, words: value.parts[at]?.words ?? null, seconds: value.parts[at]?.seconds ?? null,
    }));
    return { told, parts };
  }
  return { told, parts: mapped(value.parts, tr.changes, tr.newDoc) };
}

/** Whether the lines tell the same parts as before, at the places where those have gone. */
function isSame(before: readonly TextPart[], after: readonly TextPart[], changes: ChangeDesc): boolean {
  return before.length === after.length && before.every((part, at) => {
    const now = after[at];
    return now?.kind === part.kind && now.number === part.number
      && (changes.mapPos(part.from, -1) === now.from || changes.mapPos(part.from, 1) === now.from);
  });
}

function mapped(parts: readonly TextPart[], changes: ChangeDesc, doc: Text): TextPart[] {
  const starts: TextPart[] = [];
  for (const part of parts) {
    const { from } = doc.lineAt(changes.mapPos(part.from, -1));
    if (starts.at(-1)?.from !== from) starts.push({ ...part, from });
  }
  return closed(starts, doc.length);
}

/** With the words of the part that had the same title, else of the same number. */
function remembering(told: readonly TextPart[], before: readonly TextPart[]): TextPart[] {
  return told.map((part) => {
    const known = before.find((each) => each.kind === part.kind && each.title === part.title)
      ?? before.find((each) => each.kind === part.kind && each.number === part.number);
    return { ...part, words: known?.words ?? null, seconds: known?.seconds ?? null };
  });
}
