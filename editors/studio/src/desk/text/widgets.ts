// What is drawn in place of marks, or beside them; none of it is in the text.
import { WidgetType } from '@codemirror/view';
import { el } from '../../elements';

/** Something small that is read instead of the source that it covers. */
export class Chip extends WidgetType {
  constructor(readonly words: string, readonly look: string) { super(); }

  override eq(other: Chip): boolean { return other.words === this.words && other.look === this.look; }

  toDOM(): HTMLElement { return el('span', { class: this.look }, this.words); }

  override ignoreEvent(): boolean { return false; }
}

/** The number of a story, in the margin of its card. */
export class StoryNumber extends WidgetType {
  constructor(readonly number: string) { super(); }

  override eq(other: StoryNumber): boolean { return other.number === this.number; }

  toDOM(): HTMLElement { return el('span', { class: 'n' }, this.number); }

  override ignoreEvent(): boolean { return false; }
}

/** What a story or a sponsor is dragged by. */
export class Grip extends WidgetType {
  override eq(): boolean { return true; }

  toDOM(): HTMLElement { return el('span', { class: 'grip', 'aria-hidden': 'true', title: 'Drag to move' }); }

  override ignoreEvent(): boolean { return true; }
}
