// Brings what a look found into the text: what is gone goes at once, what is new waits until the
// keys have rested, so that nothing appears under a hand that types.
import { ChangeSet, type Text, type Transaction } from '@codemirror/state';
import type { EditorView } from '@codemirror/view';
import type { Finding, Look } from '../look';
import { mending, moved, setShown, shown, type Shown } from './shown';

export const REST = 400;

export class Arrivals {
  /** Changes since a look was asked for that has not come yet. */
  private readonly changes: { before: Text; changes: ChangeSet }[] = [];
  private look: Look | null = null;
  isResting = true;
  private timer = 0;
  private last = 0;

  constructor(private readonly view: EditorView, private readonly atRest: () => void) {}

  typed(transaction: Transaction): void {
    this.changes.push({ before: transaction.startState.doc, changes: transaction.changes });
    if (transaction.annotation(mending)) return;
    this.isResting = false;
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => {
      this.isResting = true;
      this.settle();
    }, REST);
  }

  arrived(look: Look): void {
    const known = this.changes.findIndex((each) => each.before === look.doc);
    if (known < 0 && look.doc !== this.view.state.doc) return;
    this.look = look;
    this.changes.splice(0, known < 0 ? this.changes.length : known);
    this.settle();
  }

  /** Show what the last look found, as far as the text is still that of the look. */
  private settle(): void {
    if (!this.look) return;
    const found = this.found(this.look);
    const before = this.view.state.field(shown).all;
    const taken = new Set<number>();
    const after: Shown[] = [];
    for (const each of found) {
      const same = before.find((one) => !taken.has(one.id) && isSame(one, each));
      if (same) taken.add(same.id);
      if (same || this.isResting) after.push({ ...each, id: same?.id ?? ++this.last });
    }
    this.view.dispatch({ effects: setShown.of(after) });
    if (this.isResting && this.isOfNow) this.atRest();
  }

  get isOfNow(): boolean {
    return this.look?.doc === this.view.state.doc;
  }

  /** What a look found, moved to where it is now. */
  private found(look: Look): Shown[] {
    const all = look.findings.map((finding) => placed(finding, look.doc));
    const since = this.changes.map((each) => each.changes);
    const now = all.flatMap((one) => {
      let here: Shown | null = one;
      for (const changes of since) here = here && moved(here, changes);
      return here ?? [];
    });
    return now.sort((a, b) => a.from - b.from || a.to - b.to);
  }
}

function placed(finding: Finding, doc: Text): Shown {
  const edits = finding.fix?.edits.map((edit) => ({ ...edit, old: doc.sliceString(edit.from, edit.to) })) ?? null;
  return { id: 0, finding, from: Math.min(finding.from, doc.length), to: Math.min(finding.to, doc.length), edits };
}

function isSame(one: Shown, other: Shown): boolean {
  return one.finding.slug === other.finding.slug && one.from === other.from
    && (one.to === other.to || one.finding.message === other.finding.message);
}
