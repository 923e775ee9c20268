// The acts of the desk: how far the issue is, what brings it further, and what may be done besides.
// What may be done says the studio; here it is shown, and asked for after the text was saved.
import { Prec } from '@codemirror/state';
import { keymap } from '@codemirror/view';
import { get } from '../../api';
import { byId } from '../../elements';
import type { Run, Standing } from '../../acts/standing';
import { openCancel, openPause } from '../../acts/running';
import { openKeys } from '../../keys-sheet';
import type { Desk, Part } from '../desk';
import { Approving } from './approving';
import { Bar } from './bar';
import { openCorrection } from './correcting';
import { openSchedule, openSlot } from './scheduling';
import { Testing } from './testing';
import { Voiding } from './voiding';

const AGAIN = 15_000;
/** Milliseconds between two looks at a run that goes on. */

const SETTLED = 700;
/** Milliseconds without a key press before what was saved is asked about. */

export class Acts {
  standing: Standing | null = null;
  readonly approving = new Approving(this);
  readonly testing: Testing;
  private readonly bar: Bar;
  private timer = 0;

  constructor(readonly desk: Desk) {
    this.testing = new Testing(this);
    this.bar = new Bar(this);
    new Voiding(this);
    desk.on('look', () => this.show());
    desk.on('held', () => this.show());
    desk.on('opened', () => void this.refresh());
    desk.on('acted', () => void this.refresh());
    desk.on('saved', () => this.later());
    desk.on('typed', () => { if (this.timer) this.later(); });
    desk.on('away', (since) => { if (since === null) this.later(0); });
  }

  /** Asks anew how it stands; false where that is not known. */
  async refresh(): Promise<boolean> {
    window.clearTimeout(this.timer);
    this.timer = 0;
    const answer = await get<Standing>(`${this.desk.path}/standing`);
    if (answer.ok) {
      this.standing = answer.value;
      this.desk.tell('standing', answer.value);
      const state = answer.value.run?.state;
      if (state === 'running' || state === 'freezing') this.later(AGAIN);
    } else {
      this.standing = null;
      this.bar.unknown(answer.said);
    }
    this.show();
    return answer.ok;
  }

  /** Saved first: an act is on exactly what is in the file. */
  async saved(): Promise<boolean> {
    return !this.desk.held && await this.desk.save() && await this.refresh();
  }

  /** What brings the issue further, whatever that is by now. */
  async forward(): Promise<void> {
    if (this.approving.isOpen) {
      byId('yes').querySelector<HTMLElement>('.say .b.fill')?.click();
      return;
    }
    if (this.bar.next?.isWork) {
      this.bar.next.run();
      return;
    }
    // What is open to it was asked after the last save; only errors that are gone by now change that.
    const isKnown = this.standing && this.standing.next.act !== 'mend';
    if (!await (isKnown ? this.desk.save() : this.saved()) || !this.standing) return;
    const { act } = this.standing.next;
    const acts: Partial<Record<typeof act, () => void>> = {
      approve: () => void this.approving.open(),
      schedule: () => openSchedule(this),
      rest: () => openSlot(this),
      correct: () => openCorrection(this),
      report: () => this.report(),
    };
    acts[act]?.();
  }

  report(): void {
    location.assign(`/issues/${encodeURIComponent(this.desk.name)}/report`);
  }

  offers(offer: Standing['offers'][number]): boolean {
    return !!this.standing?.offers.includes(offer) && !this.desk.held;
  }

  /** Something was done: it is said where the text is said to be saved, and all look again. */
  done(said: string): void {
    this.desk.tell('said', { text: said });
    this.desk.tell('acted', null);
  }

  private show(): void {
    this.bar.show();
  }

  private later(pause = SETTLED): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.refresh(), pause);
  }
}

export const acts: Part = {
  // The editor would put a line there instead.
  extensions: (desk) => Prec.highest(keymap.of([{
    key: 'Mod-Enter', run: () => desk.commands.find('next-act')?.run() !== false,
  }])),
  start(desk) {
    const all = new Acts(desk);
    const withRun = (open: (path: string, run: Run, done: () => void) => void) => () => {
      const run = all.standing?.run;
      if (run) open(desk.path, run, () => desk.tell('acted', null));
    };
    const saved = (then: () => void) => () => void all.saved().then((ok) => { if (ok) then(); });
    desk.commands.add(
      { id: 'keys', label: 'This list; outside the text also ?', key: 'F1 ?', place: 'everywhere', group: 'The desk', run: () => openKeys(desk.commands) },
      { id: 'next-act', label: 'The next act', key: 'Ctrl-Enter', place: 'everywhere', group: 'Acts', run: () => void all.forward() },
      { id: 'test', label: 'Send me a test', key: 'F9', place: 'everywhere', group: 'Acts', run: () => void all.testing.send() },
      { id: 'test-to', label: 'Send a test to somebody else…', key: '', place: 'everywhere', group: 'Acts', run: () => all.testing.ask() },
      { id: 'approve', label: 'Approve…', key: '', place: 'everywhere', group: 'Acts', isOffered: () => all.offers('approve'), run: saved(() => void all.approving.open()) },
      { id: 'withdraw', label: 'Take your approval back…', key: '', place: 'everywhere', group: 'Acts', isOffered: () => all.offers('withdraw'), run: saved(() => void all.approving.open()) },
      { id: 'schedule', label: 'Schedule…', key: '', place: 'everywhere', group: 'Acts', isOffered: () => all.offers('schedule'), run: saved(() => openSchedule(all)) },
      { id: 'unschedule', label: 'Take it out of its slot…', key: '', place: 'everywhere', group: 'Acts', isOffered: () => all.offers('unschedule'), run: () => openSlot(all) },
      { id: 'pause', label: 'Pause the sending…', key: '', place: 'everywhere', group: 'Acts', isOffered: () => all.offers('pause'), run: withRun(openPause) },
      { id: 'resume', label: 'Go on with the sending…', key: '', place: 'everywhere', group: 'Acts', isOffered: () => all.offers('resume'), run: withRun(openPause) },
      { id: 'cancel', label: 'End the sending for good…', key: '', place: 'everywhere', group: 'Acts', isOffered: () => all.offers('cancel'), run: withRun(openCancel) },
      { id: 'correct', label: 'Correct what was sent…', key: '', place: 'everywhere', group: 'Acts', isOffered: () => all.offers('correct'), run: saved(() => openCorrection(all)) },
      { id: 'report', label: 'The report', key: '', place: 'everywhere', group: 'Acts', isOffered: () => all.offers('report'), run: () => all.report() },
      { id: 'back', label: 'Back, close, leave', key: 'Escape', place: 'everywhere', group: 'The desk', isOffered: () => all.approving.isOpen, run: () => all.approving.close() },
      { id: 'issues', label: 'All issues', key: '', place: 'everywhere', group: 'The desk', run: () => location.assign('/') },
    );
    document.getElementById('status-keys')?.addEventListener('click', () => openKeys(desk.commands));
  },
};
