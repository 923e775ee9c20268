// A strip above the text where it cannot be looked at, and where a rule of another package failed.
import { byId, el } from '../../elements';
import type { Events } from '../desk';

const NO_ISSUE = 'This cannot be read as an issue.';
const BROKEN = 'This could not be looked at.';

export class Strips {
  private strip: HTMLElement | null = null;
  private words = '';

  /** Why nothing is found. A studio that is gone is another's to tell. */
  unseen(why: Events['unseen']): void {
    if (why?.status === 413 || why?.status === 422) this.show(NO_ISSUE, why.said || 'It is too long to be one.');
    else if (why?.status) this.show(BROKEN, why.said);
    else if (!why && [NO_ISSUE, BROKEN].some((words) => this.words.startsWith(words))) this.show('', '');
  }

  failed(faults: readonly string[]): void {
    this.show(faults.length ? 'A rule could not be run.' : '', faults.join(' '));
  }

  private show(what: string, why: string): void {
    const words = `${what} ${why}`;
    if (words === this.words) return;
    this.words = words;
    this.strip?.remove();
    this.strip = what ? el('div', { class: 'strip bad', role: 'alert' }, el('p', {}, el('b', {}, what), ' ', why)) : null;
    if (this.strip) byId('strips').append(this.strip);
  }
}
