// What was typed once and the file does not have: it stands in the text, on ochre, until somebody
// has said that it is to stay.
import { presentableDiff } from '@codemirror/merge';
import { StateEffect, StateField } from '@codemirror/state';
import { Decoration, EditorView, type DecorationSet } from '@codemirror/view';
import { post } from '../../api';
import { el } from '../../elements';
import { removeStrip, showStrip, stripButton } from '../../strips';
import type { Desk, Opened } from '../desk';
import type { Conflict } from './conflict';
import type { Keeper, OnDisk } from './keeper';
import { countWords, partsOf, type Versions } from './pieces';
import type { Kept, TabStore } from './tab';
import { bringText } from './texts';
import { shownTime } from './times';

const mark = StateEffect.define<DecorationSet>();

export const foundMarks = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(set, tr) {
    for (const effect of tr.effects) if (effect.is(mark)) return effect.value;
    return set.map(tr.changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});

export class Found {
  /** The file as it is, while nobody has said what stays. */
  private disk: OnDisk | null = null;
  private kept: Kept | null = null;

  constructor(
    private readonly desk: Desk,
    private readonly keeper: Keeper,
    private readonly conflict: Conflict,
    private readonly store: TabStore,
  ) {}

  /** The newest of what was found, if anything was; false where somebody has typed meanwhile. */
  async offer(now: Opened): Promise<boolean> {
    const left = await this.store.left();
    if (this.keeper.isDirty || this.keeper.isSaving) return false;
    for (const each of left) if (each.text === now.text) this.store.forget(each.tab);
    const found = [...now.found, ...left].filter((each) => each.text !== now.text);
    const newest = found.sort((a, b) => Date.parse(b.at) - Date.parse(a.at))[0];
    if (now.at !== null) this.keeper.take({ text: now.text, version: now.version, at: now.at });
    if (newest) await this.show(newest, now);
    return true;
  }

  /** The file was changed while nobody had chosen yet. */
  changed(disk: OnDisk): void {
    if (disk.version === this.disk?.version) return;
    this.done();
    this.conflict.begin(disk);
  }

  private async show(kept: Kept, now: Opened): Promise<void> {
    this.kept = kept;
    this.disk = { text: now.text, version: now.version, at: now.at };
    const isMoved = now.at !== null && kept.base !== now.version;
    if (!isMoved) this.keeper.wait('found');
    this.keeper.base = { text: kept.baseText, version: kept.base, at: now.at };
    bringText(this.desk.view, kept.text);
    await this.keeper.keepInstead(kept.tab);
    if (isMoved) return this.conflict.begin(this.disk);
    this.paint();
    this.strip(now, kept, '');
    await this.count(now, kept);
  }

  private paint(): void {
    const marks = presentableDiff(this.disk?.text ?? '', this.desk.text)
      .filter(({ fromB, toB }) => fromB < toB)
      .map(({ fromB, toB }) => Decoration.mark({ class: 'found-again' }).range(fromB, toB));
    const first = marks[0]?.from;
    this.desk.view.dispatch({
      effects: [
        mark.of(Decoration.set(marks)),
        ...(first === undefined ? [] : [EditorView.scrollIntoView(first, { y: 'center' })]),
      ],
    });
  }

  private strip(now: Opened, kept: Kept, how: string): void {
    const who = kept.by === now.studio || !kept.by ? 'This issue was closed' : 'The studio stopped';
    const isGone = now.at === null;
    showStrip('found', true, [
      el('b', {}, isGone ? `The file of ${this.desk.name} is not there any more.` : `${who} at ${shownTime(kept.at)}.`),
      ` All you had typed was found${how && !isGone ? `: ${how}` : ''}.`,
    ], [
      ...(isGone ? [] : [stripButton('Compare', '', () => void this.compare())]),
      stripButton(isGone ? 'Write it again' : 'Keep them', 'fill', () => void this.keep()),
    ]);
  }

  /** How much it is, and where. */
  private async count(now: Opened, kept: Kept): Promise<void> {
    const asked = { base: kept.baseText, yours: kept.text, disk: now.text };
    const answer = await post<Versions>(`${this.desk.path}/compare`, asked);
    if (!answer.ok || !this.disk) return;
    const more = countWords(kept.text) - countWords(now.text);
    const words = Math.abs(more) === 1 ? 'word' : 'words';
    const how = more ? `${Math.abs(more)} ${words} ${more > 0 ? 'more' : 'fewer'} than the file` : 'some words differ from the file';
    this.strip(now, kept, `${how}, in ${partsOf(answer.value.pieces)}`);
  }

  private async keep(): Promise<void> {
    this.done();
    await this.keeper.save();
  }

  private async compare(): Promise<void> {
    if (!this.disk || !this.kept) return;
    const disk = this.disk;
    const at = shownTime(this.kept.at);
    await this.conflict.compare(disk, {
      what: `was found again as it was at ${at}`,
      yours: ['Found again', `typed until ${at}, and safe`],
      disk: ['On disk', disk.at ? `saved ${shownTime(disk.at)}` : 'not there'],
    }, () => this.done());
  }

  private done(): void {
    this.disk = this.kept = null;
    removeStrip('found');
    this.desk.view.dispatch({ effects: mark.of(Decoration.none) });
    this.keeper.wait('found', false);
  }
}
