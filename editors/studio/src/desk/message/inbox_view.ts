// The inbox: subject and preheader as lists of messages show them, before anybody opens anything.
import { el } from '../../elements';
import type { InboxRow, Look } from '../look';
import type { View } from './views';

export class InboxView implements View {
  readonly name = 'Inbox';
  readonly element = el('div', { class: 'inbox', tabindex: 0 });
  private drawn = '';

  show(look: Look): void {
    const inbox = look.message?.inbox;
    const key = JSON.stringify(inbox ?? null);
    if (key === this.drawn) return;
    this.drawn = key;
    if (!inbox) {
      this.element.replaceChildren(el('p', { class: 'soft' }, 'No message yet, so no inbox has it.'));
      return;
    }
    this.element.replaceChildren(
      ...inbox.rows.flatMap((row) => [el('h2', {}, row.program, el('span', {}, row.said)), rowOf(row, look.message!.sender)]),
      el('p', { class: 'soft foot' }, seenByAll(look.message!.subject, inbox.all_show)),
      el('p', { class: 'softer foot' }, 'Cut as in lists of the usual width; a reader’s own letters and window change it.'));
  }
}

function rowOf(row: InboxRow, sender: string): HTMLElement {
  const subject = el(row.bold ? 'b' : 'span', {}, row.subject.shown);
  const rest = row.subject.rest && el('u', {}, row.subject.rest);
  const preheader = row.preheader.shown.trimEnd() + (row.preheader.rest && row.preheader.shown ? '…' : '');
  if (row.one_line) {
    return el('div', { class: 'mailrow' }, el('div', {}, el('b', {}, sender), '\u2003', subject,
      row.subject.rest && '…', preheader && ` – ${preheader}`));
  }
  return el('div', { class: 'mailrow' }, el('div', { class: 'one' }, el('b', {}, sender)),
    el('div', { class: 'one' }, subject, rest || false), preheader && el('div', {}, preheader));
}

/** `The first 38 characters are all that everybody sees. Yours end at “shelves that count”.` */
function seenByAll(subject: string, shown: string | null): string {
  if (shown === null) return 'Everybody sees the whole subject.';
  const words = shown.trimEnd().replace(/[,;:.–-]+$/, '').split(' ').slice(-3).join(' ');
  return subject ? `The first ${shown.trimEnd().length} characters are all that everybody sees. Yours end at “${words}”.` : '';
}
