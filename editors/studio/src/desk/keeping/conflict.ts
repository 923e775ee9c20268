// Changed here and on the disk: saving has stopped, and somebody has to choose.
import { post } from '../../api';
import { el } from '../../elements';
import { removeStrip, showStrip, stripButton } from '../../strips';
import type { Desk } from '../desk';
import type { Keeper, OnDisk } from './keeper';
import type { Versions } from './pieces';
import { say } from './status';
import { bringText, brought } from './texts';
import { shownTime } from './times';
import { VersionsPage, type About } from './versions';

/** Nobody is led away in the middle of a word. */
const PAUSE_MS = 1500;

export class Conflict {
  /** How the file is, where it is not what the text began from. */
  disk: OnDisk | null = null;
  private page: VersionsPage | null = null;
  private timer = 0;

  constructor(private readonly desk: Desk, private readonly keeper: Keeper) {
    desk.on('typed', (tr) => { if (this.timer && !tr.annotation(brought)) this.soon(); });
    const isOffered = (): boolean => !!this.page?.isOpen;
    const own = { place: 'versions', group: 'The desk', isOffered } as const;
    desk.commands.add(
      { ...own, id: 'next-choice', label: 'Next to choose', key: 'N', run: () => this.page?.goNext() },
      { ...own, id: 'both', label: 'Take both', key: 'B', run: () => this.page?.both() },
      { ...own, id: 'use-this', label: 'Use what is chosen', key: 'U', run: () => this.page?.finish() },
    );
  }

  begin(disk: OnDisk): void {
    const isNew = !this.disk;
    const isAnother = this.disk?.version !== disk.version;
    this.disk = disk;
    this.keeper.wait('conflict');
    const at = disk.at ? ` at ${shownTime(disk.at)}` : '';
    showStrip('conflict', true, [el('b', {}, `This was changed elsewhere${at}, while you wrote here.`),
      ' Both versions are safe; nothing is saved until you have chosen.'],
    [stripButton('Compare', 'line', () => void this.open())]);
    // What was chosen stays while the file stays as it was.
    if (this.page?.isOpen) { if (isAnother) void this.open(); } else if (isNew) this.soon();
  }

  end(): void {
    window.clearTimeout(this.timer);
    this.timer = 0;
    this.disk = null;
    this.page?.close();
    removeStrip('conflict');
    this.keeper.wait('conflict', false);
  }

  /** Both versions side by side. */
  async open(): Promise<void> {
    const disk = this.disk;
    if (!disk) return;
    window.clearTimeout(this.timer);
    this.timer = 0;
    const at = disk.at ? shownTime(disk.at) : 'the same time';
    await this.compare(disk, {
      what: `was changed elsewhere at ${at}, while you wrote here`,
      yours: ['Yours, in this tab', `written ${shownTime(this.keeper.since)} to ${shownTime(new Date())}, and safe`],
      disk: ['On disk', `saved ${at} by another program`],
    }, () => undefined);
  }

  /** Shows two versions; what is chosen becomes the text, and is saved. */
  async compare(disk: OnDisk, about: About, chosen: () => void): Promise<void> {
    const yours = this.desk.text;
    const asked = { base: this.keeper.base.text, yours, disk: disk.text };
    const answer = await post<Versions>(`${this.desk.path}/compare`, asked);
    if (!answer.ok) return say('Not compared:', answer.said, true);
    this.page?.close();
    this.page = new VersionsPage(this.desk, answer.value, about, (text) => {
      this.keeper.wait('conflict'); // until what is chosen is the text
      chosen();
      void this.use(text, yours, disk);
    }, () => this.desk.view.focus());
    this.page.show();
  }

  private async use(text: string, yours: string, disk: OnDisk): Promise<void> {
    const kept = await post<{ paths: string[] }>(`${this.desk.path}/both`, { yours, disk: disk.text });
    if (!kept.ok) return say('Not saved:', kept.said || 'the studio does not answer', true);
    this.keeper.base = disk;
    bringText(this.desk.view, text);
    this.end();
    await this.keeper.save();
    const [first, second] = kept.value.paths;
    showStrip('versions', false, ['Both versions are kept: ', el('span', { class: 'mono' }, first ?? ''), ' and ',
      el('span', { class: 'mono' }, second ?? ''), '.'],
    [stripButton('Close', '', () => removeStrip('versions'))]);
  }

  private soon(): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.open(), PAUSE_MS);
  }
}
