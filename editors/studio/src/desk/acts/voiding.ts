// The first key press after an approval says which approvals it would void, once. Undo gives them
// back, for bytes are bytes.
import { byId, el } from '../../elements';
import { button } from '../../acts/asking';
import type { Acts } from './acts';

export class Voiding {
  private approved: string | null = null;
  private whose = '';
  private isSaid = false;
  private strip: HTMLElement | null = null;

  constructor(private readonly acts: Acts) {
    acts.desk.on('standing', () => this.learn());
    acts.desk.on('typed', () => this.look());
  }

  /** The text that is approved is the one that is there while the approvals hold. */
  private learn(): void {
    const given = this.acts.standing?.run ? [] : this.acts.standing?.approvals.given ?? [];
    if (!given.length || this.strip) return;
    const whose = given.map((each) => `${each.by} (${each.at})`).join(' and ');
    if (whose !== this.whose) this.isSaid = false;
    this.whose = whose;
    this.approved = this.acts.desk.text;
  }

  private look(): void {
    if (this.approved === null) return;
    if (this.acts.desk.text === this.approved) this.put();
    else if (!this.isSaid) this.say();
  }

  private say(): void {
    this.isSaid = true;
    const slot = this.acts.standing?.slot;
    const goes = slot?.state === 'scheduled' ? ` It is not sent ${slot.words} unless it is approved anew.` : '';
    this.put(el('div', { class: 'strip', role: 'status' },
      el('p', {}, el('b', {}, `This voids the approval by ${this.whose}.`), `${goes} Undo gives it back.`),
      button('Close', '', () => { this.put(); this.acts.desk.view.focus(); })));
  }

  private put(strip: HTMLElement | null = null): void {
    this.strip?.remove();
    this.strip = strip;
    if (strip) byId('strips').append(strip);
  }
}
