// What was pasted last, carried along with the text: where it stands, and where what was left out
// of it would stand. It is there until it is undone, put away, or followed by another paste.
import { StateEffect, StateField, type ChangeDesc, type Extension, Prec } from '@codemirror/state';
import { RectangleMarker, layer, type EditorView } from '@codemirror/view';

export interface LeftOut {
  what: string;
  /** Markdown that brings it; "" where nothing can. */
  text: string;
  isRemark: boolean;
  /** Where it would stand: behind this place, or before it. */
  at: number;
  isAbove: boolean;
  isBrought: boolean;
}

export interface Pasted {
  origin: string;
  counted: string;
  from: number;
  to: number;
  /** What stood there before, for taking the paste back later. */
  before: string;
  left: LeftOut[];
  changed: string[];
  /** Whether nothing else was typed since: then Ctrl Z takes it back. */
  isLast: boolean;
}

export const putPasted = StateEffect.define<Pasted | null>();
export const brought = StateEffect.define<number>();

export const pasted = StateField.define<Pasted | null>({
  create: () => null,
  update(value, tr) {
    for (const effect of tr.effects) if (effect.is(putPasted)) return effect.value;
    if (!value) return null;
    let next = value;
    if (tr.docChanged) {
      next = carried(value, tr.changes, tr.effects.some((effect) => effect.is(brought)));
      if (next.from >= next.to) return null;
    }
    for (const effect of tr.effects) if (effect.is(brought)) next = withBrought(next, effect.value);
    return next;
  },
});

/** What is brought in later belongs to it, too. */
function carried(value: Pasted, changes: ChangeDesc, isOurs: boolean): Pasted {
  return {
    ...value,
    from: changes.mapPos(value.from, isOurs ? -1 : 1),
    to: changes.mapPos(value.to, isOurs ? 1 : -1),
    isLast: false,
    left: value.left.map((each) => ({ ...each, at: changes.mapPos(each.at, each.isAbove ? 1 : -1) })),
  };
}

function withBrought(value: Pasted, index: number): Pasted {
  const left = value.left.map((each, at) => (at === index ? { ...each, isBrought: true } : each));
  return { ...value, left };
}

/** A blue ground below what was pasted, as wide as the words. */
export function ground(): Extension {
  return Prec.highest(layer({
    above: false,
    class: 'pasted-ground',
    update: (update) => update.docChanged || update.viewportChanged || update.geometryChanged
      || update.startState.field(pasted) !== update.state.field(pasted),
    markers: (view) => {
      const value = view.state.field(pasted);
      return value ? groundOf(view, value) : [];
    },
  }));
}

const AROUND = 6;

function groundOf(view: EditorView, { from, to }: Pasted): RectangleMarker[] {
  const [first, last] = [view.lineBlockAt(from), view.lineBlockAt(to)];
  const edge = view.contentDOM.getBoundingClientRect();
  const starts = [first.from, last.from].flatMap((place) => view.coordsAtPos(place, 1)?.left ?? []);
  const left = (starts.length ? Math.min(...starts) - edge.left : 0) - AROUND;
  const above = view.coordsAtPos(from, 1)?.top;
  const below = view.coordsAtPos(to, -1)?.bottom;
  const origin = view.documentTop - view.documentPadding.top;
  const top = above === undefined ? first.top + view.documentPadding.top : above - origin;
  const bottom = below === undefined ? last.bottom + view.documentPadding.top : below - origin;
  return [new RectangleMarker('pasted', left, top - 2, edge.width - left - 22, bottom - top + 4)];
}
