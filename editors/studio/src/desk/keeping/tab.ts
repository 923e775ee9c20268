// What this tab keeps itself, in the browser: every key press at once, whether or not the studio is there.

/** This page as the studio knows it: another one after every load, so that two are never the same. */
export const TAB = Array.from(crypto.getRandomValues(new Uint8Array(12)),
  (octet) => octet.toString(16).padStart(2, '0')).join('');

/** A text, what it began from, and when; `by` is the process that kept it, '' for a tab. */
export interface Kept {
  tab: string;
  text: string;
  base: string;
  baseText: string;
  at: string;
  by: string;
}

/** The browser lets go of it when the page is gone, however it went: that tells the living. */
export function stayKnown(): void {
  void navigator.locks?.request(lockOf(TAB), () => new Promise(() => undefined));
}

export class TabStore {
  private readonly prefix: string;
  private hasRoom = true;

  constructor(place: string, issue: string) {
    this.prefix = `studio ${place} ${issue} `;
  }

  /** False where the browser has no room. */
  write(kept: Omit<Kept, 'tab' | 'by'>): boolean {
    try {
      localStorage.setItem(this.prefix + TAB, JSON.stringify({ ...kept, tab: TAB, by: '' }));
      return this.hasRoom = true;
    } catch {
      return this.hasRoom = false;
    }
  }

  /** Whether the last text is there. */
  holds(): boolean {
    return this.hasRoom;
  }

  forget(tab = TAB): void {
    localStorage.removeItem(this.prefix + tab);
  }

  /** What other pages kept that are no more. */
  async left(): Promise<Kept[]> {
    const held = (await navigator.locks?.query())?.held ?? [];
    const alive = new Set(held.map((lock) => lock.name));
    return Object.keys(localStorage)
      .filter((key) => key.startsWith(this.prefix))
      .map((key) => parse(localStorage.getItem(key)))
      .filter((kept): kept is Kept => !!kept && kept.tab !== TAB && !alive.has(lockOf(kept.tab)));
  }
}

function lockOf(tab: string): string {
  return `studio tab ${tab}`;
}

function parse(text: string | null): Kept | null {
  try {
    const kept = JSON.parse(text ?? '') as Kept;
    return typeof kept.text === 'string' && typeof kept.tab === 'string' ? kept : null;
  } catch {
    return null;
  }
}
