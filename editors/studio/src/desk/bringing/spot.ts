// A place in the text that is waited for: it goes along with what is typed in the meantime.
import type { Transaction } from '@codemirror/state';
import type { Desk } from '../desk';

const spots = new WeakMap<Desk, Set<Spot>>();

export class Spot {
  from: number;
  to: number;

  constructor(private readonly desk: Desk, range?: { from: number; to: number }) {
    const { from, to } = range ?? desk.view.state.selection.main;
    this.from = from;
    this.to = to;
    spotsOf(desk).add(this);
  }

  follow(tr: Transaction): void {
    this.from = tr.changes.mapPos(this.from, -1);
    this.to = Math.max(this.from, tr.changes.mapPos(this.to, 1));
  }

  /** Where it is by now; it is followed no longer. */
  done(): { from: number; to: number } {
    spotsOf(this.desk).delete(this);
    return { from: this.from, to: this.to };
  }
}

function spotsOf(desk: Desk): Set<Spot> {
  const known = spots.get(desk);
  if (known) return known;
  const made = new Set<Spot>();
  spots.set(desk, made);
  desk.on('typed', (tr) => { for (const spot of made) spot.follow(tr); });
  return made;
}
