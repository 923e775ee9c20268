// Nothing typed is ever lost, nothing of others is ever overwritten: the part of the desk that sees
// to it. It knows who writes, whether the studio is there, and what to do when the file is another.
import { get, post, postOnLeaving } from '../../api';
import { removeStrip, showStrip, stripButton } from '../../strips';
import { el } from '../../elements';
import type { Desk, Opened, Part } from '../desk';
import { Conflict } from './conflict';
import { foundMarks, Found } from './found';
import { Keeper } from './keeper';
import { onDisk, Pulse, type Beat } from './pulse';
import { say } from './status';
import { stayKnown, TAB, TabStore } from './tab';
import { brought } from './texts';
import { shownTime } from './times';
import { keepUndo, undone } from './undo';
import { mayWrite, writing } from './writing';

export const keeping: Part = {
  extensions: (desk) => [writing, foundMarks, undone(desk)],
  start(desk) {
    desk.on('opened', (opened) => void new Keeping(desk, opened).start());
  },
};

/** A tab that was just closed counts as open for a moment. */
const DYING_MS = 2500;

class Keeping {
  private readonly store: TabStore;
  private readonly keeper: Keeper;
  private readonly conflict: Conflict;
  private readonly found: Found;
  private readonly pulse: Pulse;
  private isWriter = false;
  private awaySince = '';
  /** What the file that is lost is called now, where another program has renamed it. */
  private renamed: string | null = null;

  constructor(private readonly desk: Desk, opened: Opened) {
    this.store = new TabStore(opened.place, desk.name);
    this.keeper = new Keeper(desk, this.store, opened);
    this.conflict = new Conflict(desk, this.keeper);
    this.found = new Found(desk, this.keeper, this.conflict, this.store);
    this.pulse = new Pulse(desk, this.keeper, () => this.conflict.disk?.version ?? this.keeper.base.version,
      (beat, isFresh) => this.heard(beat, isFresh), (status) => this.missed(status));
    this.keeper.onConflict = (disk) => (disk ? this.conflict.begin(disk) : this.lost(this.renamed));
    this.keeper.onFault = () => void this.pulse.beat();
  }

  async start(): Promise<void> {
    stayKnown();
    const { desk, keeper } = this;
    desk.on('typed', (tr) => { if (!tr.annotation(brought)) keeper.typed(); });
    desk.on('save', ({ done }) => void keeper.save().then(done));
    desk.on('said', ({ text, bad }) => say(bad ? text : '', bad ? '' : text, bad));
    window.addEventListener('blur', () => void keeper.save());
    window.addEventListener('pagehide', () => this.leave());
    window.addEventListener('beforeunload', (event) => {
      if (keeper.isDirty && !this.store.holds()) event.preventDefault();
    });
    keepUndo(desk, keeper);
    keeper.tell();
    await this.pulse.beat();
    desk.commands.add({
      id: 'save', label: 'Save now', key: 'Ctrl-S', place: 'everywhere', group: 'Write',
      run: () => { void keeper.save(); },
    });
  }

  private leave(): void {
    this.keeper.leave();
    if (this.isWriter) postOnLeaving(`${this.desk.path}/leave`, { tab: TAB });
  }

  private heard(beat: Beat, isFresh: boolean): void {
    const wasAway = this.keeper.is('away') || this.keeper.is('ended');
    this.pulse.isNew = false;
    this.back();
    this.turn(beat.lease);
    if (isFresh) this.disk(beat);
    if (wasAway && this.isWriter) void this.keeper.save();
    else this.keeper.retry();
  }

  /** The studio did not answer, or to another session. */
  private missed(status: number): void {
    if (status === 403) return this.ended();
    if (status !== 0 || this.keeper.is('away')) return;
    this.awaySince ||= shownTime(new Date());
    this.keeper.wait('away');
    this.desk.tell('away', this.awaySince);
    markAge(this.awaySince);
    if (this.pulse.isNew) this.write(true);
    showStrip('away', true, [el('b', {}, 'The studio on this machine is not running.'),
      ' Go on writing: this tab keeps every word, and saves them as soon as it is back.'],
    [stripButton('Copy the issue', 'line', () => void copy(this.desk))]);
  }

  private ended(): void {
    this.keeper.wait('ended');
    showStrip('away', true, [el('b', {}, 'The studio was started anew, and does not know this tab.'),
      ' Open its new link in this browser: until then this tab keeps every word.'],
    [stripButton('Copy the issue', 'line', () => void copy(this.desk))]);
  }

  private back(): void {
    if (!this.keeper.is('away') && !this.keeper.is('ended')) return;
    this.awaySince = '';
    removeStrip('away');
    markAge('');
    this.keeper.wait('away', false);
    this.keeper.wait('ended', false);
    this.desk.tell('away', null);
  }

  /** Whose turn it is to write. */
  private turn(lease: Beat['lease']): void {
    if (lease === 'asked for') return void this.handOver();
    if (lease === 'yours' && !this.isWriter) {
      this.pulse.wants = false;
      this.write(true);
      removeStrip('reader');
      void this.begin();
    } else if (lease === 'another\'s' && (this.isWriter || !this.keeper.is('reader'))) {
      this.write(false);
      this.readOnly();
    }
  }

  private write(may: boolean): void {
    this.isWriter = this.pulse.wrote = may;
    this.keeper.wait('reader', !may);
    mayWrite(this.desk.view, may);
  }

  /** This page writes from now on: what was typed once and is not in the file comes first. */
  private async begin(): Promise<void> {
    if (this.conflict.disk || this.keeper.isDirty) return void this.keeper.save();
    await this.look();
    window.setTimeout(() => void this.look(), DYING_MS);
  }

  private async look(): Promise<void> {
    if (!this.isWriter) return;
    const { epoch } = this.keeper;
    const isTyped = (): boolean => this.keeper.isDirty || this.keeper.isSaving || epoch !== this.keeper.epoch;
    const now = isTyped() ? null : await get<Opened>(`${this.desk.path}/open`);
    if (now && !now.ok) return;
    if (!now || isTyped() || !await this.found.offer(now.value)) window.setTimeout(() => void this.look(), DYING_MS);
  }

  private async handOver(): Promise<void> {
    await this.keeper.save();
    this.write(false);
    this.readOnly();
    await post(`${this.desk.path}/leave`, { tab: TAB });
  }

  private readOnly(): void {
    const unsaved = this.keeper.isDirty ? ' What you typed here is not in the file yet; this tab keeps it.' : '';
    showStrip('reader', true, [el('b', {}, 'This issue is being written in another tab.'),
      unsaved || ' Here it can be read; what is saved there appears here.'],
    [stripButton('Take over', 'line', () => { this.pulse.wants = true; void this.pulse.beat(); })]);
  }

  private disk(beat: Beat): void {
    if (beat.gone) return this.lost(beat.renamed ?? null);
    if (!this.keeper.is('found')) this.there();
    this.readable(beat.said);
    const disk = onDisk(beat);
    if (beat.said || !disk) return;
    if (this.keeper.is('found')) this.found.changed(disk);
    else if (disk.version === this.keeper.base.version || this.keeper.adopt(disk)) {
      this.conflict.end();
      void this.keeper.save();
    }
    else if (!this.keeper.isDirty || disk.text === this.desk.text) {
      this.keeper.take(disk);
      this.conflict.end();
    }
    else if (this.isWriter) this.conflict.begin(disk);
  }

  private readable(said: string | undefined): void {
    this.keeper.wait('unreadable', said !== undefined);
    if (said === undefined) return removeStrip('unreadable');
    showStrip('unreadable', true, [el('b', {}, 'Another program has made something else of the file.'), ` ${sentence(said)}`],
      [stripButton('Copy the issue', 'line', () => void copy(this.desk))]);
  }

  private there(): void {
    this.renamed = null;
    this.keeper.wait('lost', false);
    removeStrip('lost');
  }

  /** The file is deleted or has another name: nothing is written before somebody says so. */
  private lost(renamed: string | null): void {
    if (this.keeper.is('found') || this.keeper.base.at === null) return;
    if (this.keeper.is('lost') && renamed === this.renamed) return;
    this.renamed = renamed;
    this.keeper.wait('lost');
    const acts = [
      stripButton('Copy the issue', '', () => void copy(this.desk)),
      stripButton('Write it again', 'line', () => this.again()),
    ];
    if (renamed) acts.push(stripButton(`Open ${renamed}`, 'fill', () => { location.href = `/issues/${encodeURIComponent(renamed)}`; }));
    showStrip('lost', true, [el('b', {}, `The file of ${this.desk.name} is not there any more.`),
      renamed ? ` Another program has renamed it to ${renamed}.` : ' Another program has deleted or moved it; this tab keeps every word.'], acts);
  }

  private again(): void {
    this.there();
    this.keeper.base = { ...this.keeper.base, at: null };
    void this.keeper.save();
  }
}

/** `This is a link.`, of what stands in other places behind the name of a file. */
function sentence(words: string): string {
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}.`;
}

/** What the status line knows is of that moment, and says so. */
function markAge(since: string): void {
  for (const id of ['status-findings', 'status-slot']) {
    const place = document.getElementById(id);
    if (since) place?.setAttribute('data-as-of', `as of ${since}`);
    else place?.removeAttribute('data-as-of');
  }
}

async function copy(desk: Desk): Promise<void> {
  await navigator.clipboard.writeText(desk.text);
}
