// Which findings are shown, each with its place in the text as it is now. One whose text is
// changed is gone at once; what stays moves along.
import { Annotation, ChangeDesc, StateEffect, StateField, type EditorState } from '@codemirror/state';
import type { Finding } from '../look';

export interface ShownEdit { from: number; to: number; insert: string; old: string }

/** A finding at its place of now. Its edits are null where it has none. */
export interface Shown {
  id: number;
  finding: Finding;
  from: number;
  to: number;
  edits: ShownEdit[] | null;
}

interface State {
  all: readonly Shown[];
  /** The one that is unfolded; null for none. */
  open: number | null;
  /** Where there is no margin, it unfolds in the text. */
  inText: boolean;
}

export const setShown = StateEffect.define<readonly Shown[]>();
export const setOpen = StateEffect.define<number | null>();
export const setInText = StateEffect.define<boolean>();

/** A change that mends something: what is found after it need not wait for a rest. */
export const mending = Annotation.define<boolean>();

export const shown = StateField.define<State>({
  create: () => ({ all: [], open: null, inText: false }),
  update(state, transaction) {
    let { all, open, inText } = state;
    if (transaction.docChanged) all = all.flatMap((each) => moved(each, transaction.changes) ?? []);
    for (const effect of transaction.effects) {
      if (effect.is(setShown)) all = effect.value;
      if (effect.is(setOpen)) open = effect.value;
      if (effect.is(setInText)) inText = effect.value;
    }
    if (open !== null && !all.some((each) => each.id === open)) open = null;
    const isSame = all === state.all && open === state.open && inText === state.inText;
    return isSame ? state : { all, open, inText };
  },
});

/** The finding after changes; null where they touch what it is about. */
export function moved(one: Shown, changes: ChangeDesc): Shown | null {
  if (changes.touchesRange(one.from, one.to)) return null;
  const edits = one.edits?.map((edit) => ({
    ...edit, from: changes.mapPos(edit.from, 1), to: changes.mapPos(edit.to, edit.from === edit.to ? 1 : -1),
  })) ?? null;
  const isTorn = one.edits?.some((edit) => changes.touchesRange(edit.from, edit.to));
  return {
    ...one, from: changes.mapPos(one.from, 1), to: changes.mapPos(one.to, one.from === one.to ? 1 : -1),
    edits: isTorn ? null : edits,
  };
}

export function openOf(state: EditorState): Shown | null {
  const { all, open } = state.field(shown);
  return all.find((each) => each.id === open) ?? null;
}

/** The smallest finding at a place, its two ends included. */
export function foundAt(state: EditorState, at: number): Shown | null {
  const here = state.field(shown).all.filter((each) => each.from <= at && at <= each.to);
  return here.sort((a, b) => (a.to - a.from) - (b.to - b.from))[0] ?? null;
}

/** The class of a severity: shape says it, and colour says it again. */
export function classOf(finding: Finding): 'error' | 'warn' | 'info' {
  return finding.severity === 'warning' ? 'warn' : finding.severity;
}

export function wordOf(finding: Finding): string {
  return { error: 'Error', warning: 'Warning', info: 'Note' }[finding.severity];
}

/** Blanks of a new issue are counted as work, and have no notes in the margin. */
export function isSlot(finding: Finding): boolean {
  return finding.slug === 'empty-slot';
}
