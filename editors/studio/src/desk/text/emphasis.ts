// Bold and italic, put round what is selected and taken off again.
import { syntaxTree } from '@codemirror/language';
import { EditorSelection, type ChangeSpec, type EditorState, type SelectionRange } from '@codemirror/state';
import type { EditorView } from '@codemirror/view';
import type { SyntaxNode } from '@lezer/common';

export const BOLD = { mark: '**', node: 'StrongEmphasis' };
export const ITALIC = { mark: '*', node: 'Emphasis' };

export function toggleEmphasis(view: EditorView, kind: typeof BOLD): boolean {
  if (view.state.readOnly) return false;
  view.dispatch(view.state.changeByRange((range) => {
    const known = enclosing(view.state, range, kind.node);
    return known ? without(range, known) : within(view.state, range, kind.mark);
  }), { userEvent: 'input', scrollIntoView: true });
  return true;
}

function enclosing(state: EditorState, range: SelectionRange, name: string): SyntaxNode | null {
  const tree = syntaxTree(state);
  for (const side of [1, -1] as const) {
    for (let node: SyntaxNode | null = tree.resolveInner(range.from, side); node; node = node.parent) {
      if (node.name === name && node.from <= range.from && node.to >= range.to) return node;
    }
  }
  return null;
}

function without(range: SelectionRange, node: SyntaxNode): { changes: ChangeSpec[]; range: SelectionRange } {
  const marks = node.getChildren('EmphasisMark');
  const changes = marks.map((mark) => ({ from: mark.from, to: mark.to }));
  const shift = (place: number): number =>
    place - marks.reduce((sum, mark) => sum + Math.max(0, Math.min(place, mark.to) - mark.from), 0);
  return { changes, range: EditorSelection.range(shift(range.anchor), shift(range.head)) };
}

function within(
  state: EditorState, range: SelectionRange, mark: string,
): { changes: ChangeSpec[]; range: SelectionRange } {
  const word = range.empty ? state.wordAt(range.head) : null;
  const { from, to } = trimmed(state, word ?? range);
  const changes = [{ from, insert: mark }, { from: to, insert: mark }];
  const by = mark.length;
  const selected = range.empty
    ? EditorSelection.cursor(range.head + by) : EditorSelection.range(from + by, to + by);
  return { changes, range: selected };
}

/** Marks stand at words, never at a space. */
function trimmed(state: EditorState, { from, to }: SelectionRange): { from: number; to: number } {
  const words = state.sliceDoc(from, to);
  const start = words.length - words.trimStart().length;
  return words.trim() ? { from: from + start, to: from + words.trimEnd().length } : { from, to };
}
