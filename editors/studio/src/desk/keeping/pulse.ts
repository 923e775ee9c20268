// About once a second: is the studio there, is it this page's turn to write, is the file as it was?
import { post, renewToken } from '../../api';
import type { Desk } from '../desk';
import type { Keeper, OnDisk } from './keeper';
import { TAB } from './tab';

/** What the studio says; `text` is the file's where it is another version than asked about. */
export interface Beat {
  lease: 'yours' | 'asked for' | 'another\'s';
  version?: string;
  text?: string;
  at?: string;
  gone?: true;
  renamed?: string | null;
  said?: string;
}

const SEEN_MS = 1000;
const HIDDEN_MS = 15_000; // Browsers make it a minute by and by; the studio knows.

export class Pulse {
  isNew = true;
  wrote = false;
  wants = false;
  private timer = 0;
  private isAsking = false;
  private hasLeft = false;

  constructor(
    private readonly desk: Desk,
    private readonly keeper: Keeper,
    private readonly version: () => string,
    private readonly heard: (beat: Beat, isFresh: boolean) => void,
    private readonly missed: (status: number) => void,
  ) {
    document.addEventListener('visibilitychange', () => { if (!document.hidden) void this.beat(); });
    window.addEventListener('pagehide', () => { this.hasLeft = true; });
    window.addEventListener('pageshow', (event) => { if (event.persisted) this.again(); });
  }

  /** The browser has brought back a page that had left. */
  private again(): void {
    this.hasLeft = false;
    this.isNew = true;
    void this.beat();
  }

  /** Now, and from now on. */
  async beat(): Promise<void> {
    if (this.isAsking || this.hasLeft) return;
    this.isAsking = true;
    window.clearTimeout(this.timer);
    const epoch = this.keeper.epoch;
    const answer = await post<Beat>(`${this.desk.path}/pulse`, {
      tab: TAB, version: this.version(), is_new: this.isNew, wrote: this.wrote, wants: this.wants,
      is_hidden: document.hidden,
    });
    const isFresh = epoch === this.keeper.epoch && !this.keeper.isSaving;
    if (answer.ok) this.heard(answer.value, isFresh);
    else if (answer.status !== 403 || !await renewToken()) this.missed(answer.status);
    this.isAsking = false;
    this.timer = window.setTimeout(() => void this.beat(), document.hidden ? HIDDEN_MS : SEEN_MS);
  }
}

export function onDisk(beat: Beat): OnDisk | null {
  const { text, version, at } = beat;
  return text === undefined || version === undefined ? null : { text, version, at: at ?? null };
}
