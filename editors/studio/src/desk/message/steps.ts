// Scrolls that keep step: where one part is in view in one of them, it is in all others.

/** Something that scrolls. `stops` are heights of the same things in each, in its own pixels. */
export interface Walker {
  scroller(): HTMLElement | null;
  stops(): (number | null)[];
}

/** How far down its window the line is on which all keep step. */
const LINE = 0.25;

export class Steps {
  /** What was scrolled by us, and where to: the event that comes of it leads nobody. */
  private readonly led = new Map<Walker, number>();
  private readonly ending = new AbortController();

  constructor(private readonly walkers: Walker[]) {
    document.addEventListener('scroll', (event) => this.heard(event),
      { capture: true, passive: true, signal: this.ending.signal });
  }

  end(): void {
    this.ending.abort();
  }

  /** Scrolls one of them, and all others but some, which stay where they are. */
  alone(walker: Walker, act: () => void, staying: Walker[]): void {
    const before = walker.scroller()?.scrollTop;
    act();
    const scroller = walker.scroller();
    if (!scroller || scroller.scrollTop === before) return;
    this.led.set(walker, scroller.scrollTop);
    this.lead(walker, staying);
  }

  /** Brings all others to where this one is. */
  lead(leader: Walker, staying: Walker[] = []): void {
    const from = leader.scroller();
    if (!from) return;
    for (const walker of this.walkers) {
      const to = walker === leader || staying.includes(walker) ? null : walker.scroller();
      if (!to) continue;
      const stops = shared(leader.stops(), walker.stops(), from.scrollHeight, to.scrollHeight);
      const line = between(stops, from.scrollTop + LINE * from.clientHeight);
      const isAtEnd = from.scrollTop + from.clientHeight >= from.scrollHeight - 1;
      const top = from.scrollTop <= 0 ? 0 : isAtEnd ? to.scrollHeight : line - LINE * to.clientHeight;
      to.scrollTop = top;
      this.led.set(walker, to.scrollTop);
    }
  }

  private heard(event: Event): void {
    const leader = this.walkers.find((walker) => walker.scroller() === event.target);
    if (!leader) return;
    const led = this.led.get(leader);
    this.led.delete(leader);
    if (led !== undefined && Math.abs((event.target as HTMLElement).scrollTop - led) < 2) return;
    this.lead(leader);
  }
}

type Stop = [from: number, to: number];

/** The stops that both have, ascending on both sides, between both ends. */
function shared(froms: (number | null)[], tos: (number | null)[], endFrom: number, endTo: number): Stop[] {
  const stops: Stop[] = [[0, 0]];
  froms.forEach((from, index) => {
    const to = tos[index], last = stops[stops.length - 1]!;
    if (from !== null && to !== null && to !== undefined && from > last[0] && to > last[1]) stops.push([from, to]);
  });
  stops.push([Math.max(endFrom, stops[stops.length - 1]![0] + 1), Math.max(endTo, stops[stops.length - 1]![1])]);
  return stops;
}

function between(stops: Stop[], at: number): number {
  const next = Math.max(1, stops.findIndex(([from], index) => index > 0 && at <= from));
  const [[fromA, toA], [fromB, toB]] = [stops[next - 1]!, stops[next]!];
  return toA + ((toB - toA) * (at - fromA)) / (fromB - fromA);
}
