// The text on its way into the file: kept in the tab at every key press, in the journal a moment
// later, saved when nothing was typed for a second. Never over another's: the studio compares first.
import { post, postOnLeaving, type Answer } from '../../api';
import type { Desk } from '../desk';
import { say } from './status';
import { TAB, type TabStore } from './tab';
import { bringText } from './texts';
import { shownTime } from './times';

/** A text of the file, and its version; `at` is null where there is no file. */
export interface OnDisk { text: string; version: string; at: string | null }

/** Why saving waits; the first of them that holds is said. */
export const WAITS = {
  ended: 'This tab’s session has ended',
  reader: 'Another tab writes this issue',
  conflict: 'Choose between the two versions first',
  found: 'Choose what to keep first',
  lost: 'The file is not there',
  unreadable: 'The file cannot be read',
  away: 'The studio is not running',
} as const;
export type Wait = keyof typeof WAITS;

const KEEP_MS = 120;
const SAVE_MS = 1000;
const SAVING_SHOWS_MS = 400;
const RETRY_MS = 3000;

interface Saved { version: string; at: string }

export class Keeper {
  /** What the text began from, as the file was then. */
  base: OnDisk;
  /** When the first word was typed that the file does not have. */
  since = new Date();
  /** How often the file was written from here: what was asked before is no news after. */
  epoch = 0;
  /** A changed file met a changed text. */
  onConflict: (disk: OnDisk | null) => void = () => undefined;
  /** The studio did not answer, or not to us. */
  onFault: (status: number) => void = () => undefined;
  private readonly waits = new Set<Wait>();
  /** What is being saved, and may be in the file before we hear of it. */
  private underWay: { underWay?: string } = {};
  private wasDirty = false;
  /** When the studio last could not write it, for a reason that may pass; 0 where it could. */
  private refusedAt = 0;
  private number = 0;
  /** Whether the journal has something. */
  private isKept = false;
  private queue: Promise<unknown> = Promise.resolve();
  private keepTimer = 0;
  private saveTimer = 0;
  private saving: Promise<boolean> | null = null;

  constructor(private readonly desk: Desk, private readonly store: TabStore, opened: OnDisk) {
    this.base = opened;
  }

  get isDirty(): boolean {
    return this.desk.text !== this.base.text;
  }

  /** The text of a save that nobody answered: the file may have it all the same. */
  private sent: string | null = null;

  /** The file has what was sent from here, though nobody said so: it is what the text goes on from. */
  adopt(disk: OnDisk): boolean {
    if (disk.text !== this.sent) return false;
    this.sent = null;
    this.base = disk;
    this.typed();
    return true;
  }

  get isSaving(): boolean {
    return this.saving !== null;
  }

  is(wait: Wait): boolean {
    return this.waits.has(wait);
  }

  /** Saving and acts wait for a reason, or no more for it. */
  wait(why: Wait, does = true): void {
    if (does === this.waits.has(why)) return;
    if (does) this.waits.add(why);
    else this.waits.delete(why);
    const first = (Object.keys(WAITS) as Wait[]).find((each) => this.waits.has(each));
    this.desk.hold(first ? WAITS[first] : null);
    if (!first && this.isDirty) this.saveSoon();
    else this.tell();
  }

  /** A studio that could not write it, as on a full disk, may be able to by now. */
  retry(): void {
    if (this.refusedAt && Date.now() - this.refusedAt >= RETRY_MS) void this.save();
  }

  private saveSoon(): void {
    window.clearTimeout(this.saveTimer);
    this.saveTimer = window.setTimeout(() => void this.save(), SAVE_MS);
  }

  typed(): void {
    if (!this.isDirty) {
      if (this.isKept) this.keep();
      return this.settled();
    }
    if (!this.wasDirty) this.since = new Date();
    this.wasDirty = true;
    const { text: baseText, version: base } = this.base;
    const at = new Date().toISOString();
    if (!this.store.write({ text: this.desk.text, base, baseText, at })) {
      say('Not kept in this tab:', 'the browser has no room', true);
    }
    this.keepTimer ||= window.setTimeout(() => this.keep(), KEEP_MS);
    this.saveSoon();
    if (this.waits.size) this.tell();
  }

  /** Into the file, if nothing waits; true where the file has the text. */
  async save(): Promise<boolean> {
    if (this.saving) await this.saving;
    if (!this.isDirty && this.base.at !== null) return true;
    if (this.waits.size) return false;
    window.clearTimeout(this.saveTimer);
    const shows = window.setTimeout(() => say('', 'Saving…'), SAVING_SHOWS_MS);
    this.saving = this.inTurn(() => this.write());
    const done = await this.saving;
    window.clearTimeout(shows);
    this.saving = null;
    return done && (!this.isDirty || this.save());
  }

  /** The file is so by now, and so is the text. */
  take(disk: OnDisk): void {
    this.base = disk;
    bringText(this.desk.view, disk.text);
    this.settled();
  }

  /** The page is closed, or hidden for a while: nobody waits for an answer. */
  leave(): void {
    if (!this.isDirty || this.is('away')) return;
    const body = this.body();
    postOnLeaving(`${this.desk.path}/keep`, { ...body, baseText: '' });
    if (!this.waits.size) postOnLeaving(`${this.desk.path}/save`, { ...body, ...this.underWay });
  }

  /** What the status line says now. */
  tell(): void {
    const at = this.base.at ? shownTime(this.base.at) : '';
    if (this.is('found')) say('Not yet saved:', 'your choice above', true);
    else if (this.is('conflict')) say('Not saved:', 'changed elsewhere', true);
    else if (this.is('lost')) say('Not saved:', 'the file is not there', true);
    else if (this.is('unreadable')) say('Not saved:', 'the file cannot be read', true);
    else if (this.isDirty && this.waits.size) say('Kept in this tab', shownTime(new Date()));
    else if (this.is('reader')) say('', 'To read only');
    else if (at) say('', `Saved ${at}`);
  }

  private async write(): Promise<boolean> {
    const body = { ...this.body(), again: this.base.at === null };
    this.epoch += 1;
    this.underWay = { underWay: body.text };
    this.sent = body.text;
    const answer = await post<Saved>(`${this.desk.path}/save`, body);
    this.underWay = {};
    if (answer.ok || answer.status !== 0) this.sent = null;
    this.epoch += 1;
    return answer.ok ? this.written(body.text, answer.value) : this.refused(answer);
  }

  private written(text: string, saved: Saved): true {
    this.base = { text, ...saved };
    this.isKept = false;
    this.refusedAt = 0;
    if (!this.isDirty) this.settled();
    else this.typed();
    this.desk.tell('saved', { at: saved.at });
    this.tell();
    return true;
  }

  private refused(answer: Answer<Saved> & { ok: false }): false {
    if (answer.status === 409) this.onConflict(answer.value['theirs'] as OnDisk | null);
    else if (answer.status === 0 || answer.status === 403) this.onFault(answer.status);
    else if (answer.status === 423) this.wait('reader');
    else {
      this.refusedAt = Date.now();
      say('Not saved:', answer.said || 'the studio cannot take it', true);
    }
    this.keep();
    return false;
  }

  /** In the journal beside the file, until it is saved. */
  private keep(): void {
    window.clearTimeout(this.keepTimer);
    this.keepTimer = 0;
    void this.inTurn(async () => {
      if ((!this.isDirty && !this.isKept) || this.is('away')) return;
      this.isKept = this.isDirty;
      const answer = await post(`${this.desk.path}/keep`, { ...this.body(), baseText: this.base.text });
      if (!answer.ok && (answer.status === 0 || answer.status === 403)) this.onFault(answer.status);
    });
  }

  /** What another page has kept is the text here now, and kept by this one in its stead. */
  async keepInstead(tab: string): Promise<void> {
    this.typed();
    this.isKept = true;
    await this.inTurn(async () => {
      const body = { ...this.body(), baseText: this.base.text, instead: tab };
      const answer = await post(`${this.desk.path}/keep`, body);
      if (answer.ok) this.store.forget(tab);
    });
  }

  /** The file has it all: nothing else need keep it. */
  private settled(): void {
    window.clearTimeout(this.saveTimer);
    this.wasDirty = false;
    this.refusedAt = 0;
    this.store.forget();
    this.tell();
  }

  private body(): { text: string; base: string; tab: string; number: number } {
    this.number += 1;
    return { text: this.desk.text, base: this.base.version, tab: TAB, number: this.number };
  }

  /** One request after another: what is kept late never comes behind what is saved. */
  private inTurn<T>(act: () => Promise<T>): Promise<T> {
    const next = this.queue.then(act, act);
    this.queue = next;
    return next;
  }
}
