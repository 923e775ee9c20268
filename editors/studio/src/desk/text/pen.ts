// What lines and marks are drawn with: the decorations of what is in sight, gathered.
import { Decoration, type DecorationSet, type WidgetType } from '@codemirror/view';
import type { EditorState, Range, SelectionRange } from '@codemirror/state';
import type { Edit, Finding } from '../look';
import { partsOf } from './structure';
import type { TextPart } from './recognise';

export type Place = Pick<Edit, 'from' | 'to'>;

const HIDDEN = Decoration.replace({});
const lineClasses = new Map<string, Decoration>();
const markClasses = new Map<string, Decoration>();

export class Pen {
  readonly parts: readonly TextPart[];
  private readonly ranges: Range<Decoration>[] = [];
  private readonly covered: Range<Decoration>[] = [];

  /** `selection` is where the source shows; `findings` are never folded away. */
  constructor(
    readonly state: EditorState,
    private readonly selection: readonly SelectionRange[],
    private readonly findings: readonly Pick<Finding, 'from' | 'to'>[],
  ) {
    this.parts = partsOf(state);
  }

  /** Whether the cursor is in a place, or at its edge. */
  isIn(from: number, to: number): boolean {
    return this.selection.some((range) => range.from <= to && range.to >= from);
  }

  hasFinding(from: number, to: number): boolean {
    return this.findings.some((each) => each.from < to && each.to > from);
  }

  line(from: number, look: string, attributes?: Record<string, string>): void {
    if (attributes) {
      this.ranges.push(Decoration.line({ class: look, attributes }).range(from));
      return;
    }
    let known = lineClasses.get(look);
    if (!known) lineClasses.set(look, known = Decoration.line({ class: look }));
    this.ranges.push(known.range(from));
  }

  mark(from: number, to: number, look: string): void {
    if (from >= to) return;
    let known = markClasses.get(look);
    if (!known) markClasses.set(look, known = Decoration.mark({ class: look }));
    this.ranges.push(known.range(from, to));
  }

  /** Covers what stands on one line, with a widget or with nothing; the cursor jumps over it. */
  cover(from: number, to: number, widget?: WidgetType): void {
    if (from >= to || this.state.doc.lineAt(from).to < to) return;
    const decoration = widget ? Decoration.replace({ widget }) : HIDDEN;
    this.ranges.push(decoration.range(from, to));
    this.covered.push(decoration.range(from, to));
  }

  widget(at: number, widget: WidgetType): void {
    this.ranges.push(Decoration.widget({ widget, side: -1 }).range(at));
  }

  done(): { drawn: DecorationSet; covered: DecorationSet } {
    return { drawn: Decoration.set(this.ranges, true), covered: Decoration.set(this.covered, true) };
  }
}
