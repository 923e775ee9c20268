// Approving: a state of the desk. What has changed since the last yes is on the left, the message
// stays on the right, and the yes is for exactly that message.
import { get } from '../../api';
import { act, button, reasonField, type Done } from '../../acts/asking';
import { byId, el } from '../../elements';
import type { Acts } from './acts';

interface Piece { kind: 'same' | 'gone' | 'new'; text: string }

interface Approval {
  said: string;
  title: string;
  lead: string;
  changes: { part: string; pieces: Piece[] }[];
  more: number;
  parts: { part: string; headline: string; text: string }[];
  rows: { part: string; lines: string[] }[];
  digest: string;
  short: string;
  person: string;
  isOwn: boolean;
  mayApprove: boolean;
  afterwards: string;
}

export class Approving {
  private page: HTMLElement | null = null;
  private back: HTMLElement | null = null;

  constructor(private readonly acts: Acts) {}

  get isOpen(): boolean {
    return this.page !== null;
  }

  async open(): Promise<void> {
    const text = this.acts.desk.text;
    const answer = await get<Approval>(`${this.acts.desk.path}/approval`);
    if (this.page) this.close();
    const place = el('div', { class: 'place' });
    const main = el('main', { class: 'write', id: 'yes', tabindex: -1, 'aria-label': 'What changed' });
    if (answer.ok) main.append(changes(answer.value), this.say(answer.value, text, place));
    else main.append(el('div', { class: 'lead' }, el('h2', {}, 'It cannot be approved yet.'), el('p', {}, answer.said)));
    this.put(main);
  }

  close(): void {
    byId('desk').classList.remove('yes');
    this.page?.remove();
    this.back?.remove();
    this.page = this.back = null;
    for (const id of ['write', 'outline']) byId(id).hidden = false;
    byId('acts').hidden = false;
    this.acts.desk.covered = false;
    this.acts.desk.view.requestMeasure();
    this.acts.desk.view.focus();
  }

  private put(main: HTMLElement): void {
    if (document.body.classList.contains('writing-only')) this.acts.desk.commands.find('writing-only')?.run();
    for (const id of ['write', 'outline']) byId(id).hidden = true;
    byId('acts').hidden = true;
    this.page = main;
    this.back = el('div', { class: 'acts' }, button('Back to writing', '', () => this.close(), 'Esc'));
    byId('acts').after(this.back);
    byId('desk').classList.add('yes');
    byId('message').before(main);
    this.acts.desk.covered = true;
    main.focus();
  }

  /** The foot: what a yes means, what comes then, and the yes itself. */
  private say(told: Approval, text: string, place: HTMLElement): HTMLElement {
    const words = el('p', { class: 'soft' });
    const foot = el('div', { class: 'say' }, place, el('div', {}, words));
    const row = foot.lastElementChild as HTMLElement;
    if (told.said) {
      words.append(told.said);
      return foot;
    }
    const digest = el('span', { class: 'mono', title: told.digest }, told.short);
    if (told.isOwn) {
      words.append('Your yes is for exactly this message.', el('br'), el('span', { class: 'softer' }, digest));
      row.append(button('Take it back…', 'line', () => this.withdraw(place)));
      return foot;
    }
    words.append(...(told.mayApprove ? ['Your yes is for exactly this message. One byte more, and it is asked for again.',
      el('br'), el('span', { class: 'softer' }, `${told.afterwards} `, digest)] : [el('span', { class: 'softer' }, digest)]));
    const yes = button(`Approve as ${told.person}`, 'fill', () => void this.approve(told, text, yes, place, ''));
    yes.classList.add('big');
    yes.id = 'approve';
    if (!told.mayApprove) {
      words.prepend(`${told.person} wrote it, and authors may not approve their own issue.`, el('br'));
      yes.setAttribute('aria-disabled', 'true');
      row.append(button('Override the rule…', '', () => this.override(told, text, place)));
    }
    row.append(yes);
    return foot;
  }

  private async approve(
    told: Approval, text: string, pressed: HTMLButtonElement, place: HTMLElement, reason: string, isOverride = false,
  ): Promise<void> {
    const asked = { text, digest: told.digest, reason, isOverride };
    const done = await act(`${this.acts.desk.path}/approve`, asked, pressed, place);
    if (done) this.done(done);
  }

  private override(told: Approval, text: string, place: HTMLElement): void {
    const { row, input } = reasonField('Why, for the log');
    const press = button('Override', 'line', () => void this.approve(told, text, press, said, input.value, true));
    const said = el('div');
    place.replaceChildren(el('div', { class: 'row-ask' }, row, press), said);
    input.focus();
  }

  private withdraw(place: HTMLElement): void {
    const { row, input } = reasonField('Why, for the log');
    const press = button('Take your approval back', 'line', () => void (async () => {
      const done = await act(`${this.acts.desk.path}/withdraw`, { reason: input.value }, press, said);
      if (done) this.done(done);
    })());
    const said = el('div');
    place.replaceChildren(el('div', { class: 'row-ask' }, row, press), said);
    input.focus();
  }

  private done(done: Done): void {
    this.close();
    this.acts.done(done.said);
  }
}

function changes(told: Approval): HTMLElement {
  return el('div', { class: 'changes' },
    el('div', { class: 'lead' }, el('h2', {}, told.title), el('p', {}, told.lead)),
    el('div', { class: 'diff' },
      ...(told.changes ?? []).map(({ part, pieces }) => entry(part, el('p', {
        class: part.endsWith(', link') ? 'mono' : undefined,
      }, ...pieces.map(piece)))),
      ...(told.parts ?? []).map(({ part, headline, text }) => entry(part, el('p', {},
        headline && el('b', {}, headline), headline && text && el('br'), text))),
      told.more ? entry('', el('p', { class: 'soft' }, `… and ${told.more} more`)) : '',
      ...(told.rows ?? []).map(({ part, lines }) => entry(part,
        el('p', { class: 'soft small' }, ...lines.flatMap((line, place) => place ? [el('br'), line] : [line])))),
    ));
}

function entry(part: string, content: HTMLElement): HTMLElement {
  return el('article', {}, el('h3', {}, part), content);
}

/** Struck or put in, and said so for whoever hears the page. */
function piece({ kind, text }: Piece): Node | string {
  if (kind === 'same') return text;
  return el(kind === 'gone' ? 'del' : 'ins', {}, text);
}
