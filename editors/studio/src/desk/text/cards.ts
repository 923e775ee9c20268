// Every part of the text lies on a card, drawn below the words and the selection.
import { RectangleMarker, layer, type EditorView, type LayerMarker } from '@codemirror/view';
import type { Extension } from '@codemirror/state';
import { partAt, partsOf, structure } from './structure';

/** Between two cards, pixels; the line above has it as padding (text.css). */
const GAP = 8;

export function cards(): Extension {
  return layer({
    above: false,
    class: 'cards',
    update: (update) => update.docChanged || update.viewportChanged || update.geometryChanged
      || update.selectionSet || update.startState.field(structure) !== update.state.field(structure),
    markers: (view) => [...cardsOf(view)],
  });
}

function* cardsOf(view: EditorView): Iterable<LayerMarker> {
  const parts = partsOf(view.state);
  const here = partAt(parts, view.state.selection.main.head);
  const width = view.contentDOM.offsetWidth;
  const { viewport, documentPadding } = view;
  for (const [index, part] of parts.entries()) {
    if (part.to < viewport.from || part.from > viewport.to) continue;
    const top = view.lineBlockAt(part.from).top + documentPadding.top + (index ? GAP : 0);
    const bottom = view.lineBlockAt(part.to).bottom + documentPadding.top;
    const look = `card ${part.kind.replace(' ', '-')}${index === here ? ' here' : ''}`;
    yield new RectangleMarker(look, 0, top, width, bottom - top);
  }
}
