// The message beside the text: what is written is seen at once, and both keep step.
import { EditorView } from '@codemirror/view';
import { byId } from '../../elements';
import type { Desk, Part } from '../desk';
import { drawGauge } from './gauge';
import type { Leaf } from './leaf';
import { Lights } from './lights';
import { MessagePane } from './pane';
import { partAt, wordsAt } from './places';
import { Steps, type Walker } from './steps';

let begun: Beside | null = null;

export const message: Part = {
  extensions: () => EditorView.updateListener.of((update) => {
    if (update.selectionSet || update.docChanged) begun?.followCursor();
  }),
  start(desk) {
    begun = new Beside(desk);
  },
};

class Beside {
  private readonly pane: MessagePane;
  private readonly inText: Walker;
  private readonly inMessage: Walker;
  private readonly steps: Steps;
  private part = -1;

  constructor(private readonly desk: Desk) {
    const around = { path: desk.path, text: () => desk.text, go: (from: number, to: number) => this.go(from, to) };
    this.pane = new MessagePane(byId('message'), { ...around, commands: desk.commands });
    this.inText = { scroller: () => scrollerOf(desk.view), stops: () => this.stopsInText() };
    this.inMessage = walkerOf(this.pane.message.leaf);
    this.steps = new Steps([this.inText, this.inMessage, walkerOf(this.pane.message.phone)]);
    for (const each of this.leaves) each.onPress = (press) => this.pressed(each, press);
    this.pane.onView = () => {
      this.part = -1;
      this.followCursor();
    };
    desk.commands.add({
      id: 'to-text', label: 'To this story in the text', key: 'Enter', place: 'message', group: 'The message',
      run: () => this.toText(),
    });
    const lights = new Lights(desk.commands);
    desk.on('look', (look) => {
      this.pane.show(look);
      lights.show(look);
      drawGauge(look);
      this.followCursor();
    });
  }

  /** The story that the message shows, to be written at; false where Enter is another's. */
  private toText(): boolean {
    const { activeElement } = document;
    if (activeElement?.closest('#message') && !activeElement.matches('[role=tab][aria-selected=true], .leaf')) return false;
    const scroller = this.inMessage.scroller();
    if (!scroller) return false;
    const line = scroller.scrollTop + scroller.clientHeight / 3;
    const at = this.inMessage.stops().findLastIndex((top) => top !== null && top <= line);
    const part = this.desk.look?.parts[Math.max(at, 0)];
    if (!part) return false;
    const place = part.from + placeOf(null, this.desk.view.state.sliceDoc(part.from, part.to));
    this.go(place, place);
    return true;
  }

  /** The bar stands beside the part that is written in; a part that is come to is brought into view. */
  followCursor(): void {
    const head = this.desk.view.state.selection.main.head;
    const parts = this.desk.look?.parts ?? [];
    const part = parts.findLastIndex((each) => each.from <= head);
    for (const leaf of this.leaves) leaf.mark(part);
    if (part !== this.part) {
      this.steps.alone(this.inMessage, () => this.pane.message.leaf.reveal(part), [this.inText]);
    }
    this.part = part;
  }

  private get leaves(): Leaf[] {
    return [this.pane.message.leaf, this.pane.message.phone];
  }

  private pressed(leaf: Leaf, { x, y }: { x: number; y: number }): void {
    const page = leaf.page;
    const part = this.desk.look?.parts[partAt(leaf.stops(), y * leaf.drawnAt)];
    if (!part || !page) return;
    const source = this.desk.view.state.sliceDoc(part.from, part.to);
    const at = part.from + placeOf(wordsAt(page, x, y), source);
    this.part = this.desk.look!.parts.indexOf(part);
    this.go(at, at);
  }

  private go(from: number, to: number): void {
    const view = this.desk.view, most = view.state.doc.length;
    view.dispatch({
      selection: { anchor: Math.min(from, most), head: Math.min(to, most) },
      effects: EditorView.scrollIntoView(Math.min(from, most), { y: 'nearest', yMargin: 80 }),
    });
    view.focus();
  }

  private stopsInText(): (number | null)[] {
    const view = this.desk.view, scroller = scrollerOf(view);
    if (!scroller) return [];
    const top = view.documentTop - scroller.getBoundingClientRect().top + scroller.scrollTop;
    return (this.desk.look?.parts ?? []).map((part) =>
      (part.from <= view.state.doc.length ? top + view.lineBlockAt(part.from).top : null));
  }
}

function walkerOf(leaf: Leaf): Walker {
  return {
    scroller: () => (leaf.element.offsetParent ? leaf.element : null),
    stops: () => leaf.stops().map((place) => place?.top ?? null),
  };
}

/** What scrolls the text: the editor itself, or what it stands in. */
function scrollerOf(view: EditorView): HTMLElement | null {
  for (let each: HTMLElement | null = view.scrollDOM; each; each = each.parentElement) {
    if (each.scrollHeight > each.clientHeight && /auto|scroll/.test(getComputedStyle(each).overflowY)) return each;
  }
  return null;
}

/** Where pressed words stand in the source of their part; its own first word where they are not found. */
function placeOf(pressed: { text: string; at: number } | null, source: string): number {
  for (const length of pressed ? [24, 12, 6] : []) {
    const from = Math.max(0, pressed!.at - length), words = pressed!.text.slice(from, pressed!.at + length).trim();
    const found = words.length > 2 ? source.indexOf(words) : -1;
    if (found >= 0) return found + Math.min(words.length, pressed!.at - from);
  }
  return /^(#+\s+)?(\d+[.)]\s+)?/.exec(source)?.[0].length ?? 0;
}
