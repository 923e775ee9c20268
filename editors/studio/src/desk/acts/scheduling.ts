// A slot: chosen, or left again. What must be so by then is said before anything is done.
import { get } from '../../api';
import { act, button, reasonField } from '../../acts/asking';
import { el } from '../../elements';
import { foot, openSheet, refused, type Sheet } from '../../sheet';
import type { Acts } from './acts';

interface Choice { at: string; words: string; short: string; mark: string; beside: string; note: string; until: string }

interface Slots {
  place: string;
  zone: string;
  now: string;
  time: string;
  dated: string | null;
  datedWords: string;
  slots: Choice[];
  must: { is: 'ok' | 'bad'; said: string; beside: string }[];
  consequence: string;
  reach: { words: string; strangers: string[] };
}

const OTHER = 'other';

export function openSchedule(acts: Acts): void {
  const text = acts.desk.text;
  const sheet = openSheet(`When is ${title(acts)} to go out?`, el('p', { class: 'softer' }, 'Looking for a free slot…'));
  void (async () => {
    const answer = await get<Slots>(`${acts.desk.path}/slots`);
    if (answer.ok) new Choosing(acts, sheet, answer.value, text);
    else sheet.body.replaceChildren(refused(answer.said), foot('', button('Not now', '', () => sheet.close(), 'Esc')));
  })();
}

class Choosing {
  private readonly press = button('Schedule', 'fill', () => void this.schedule());
  private readonly place = el('div');
  private readonly line = el('div');
  private readonly other: HTMLInputElement;
  private readonly segment = el('input', { class: 'field mono', name: 'segment', autocomplete: 'off', spellcheck: 'false', placeholder: 'tag:uk and city = "Leeds"' });
  private readonly reach = el('p', { class: 'then' });
  private chosen: string;

  constructor(
    private readonly acts: Acts, private readonly sheet: Sheet, private readonly told: Slots, private readonly text: string,
  ) {
    this.chosen = told.slots[0]?.at ?? OTHER;
    this.other = el('input', {
      class: 'field', type: 'datetime-local', name: 'moment', 'aria-label': 'Another moment',
      min: told.now.replace(' ', 'T'), value: `${told.dated ?? told.now.slice(0, 10)}T${told.time}`,
    });
    this.other.addEventListener('input', () => this.show());
    this.segment.addEventListener('change', () => void this.count());
    sheet.body.replaceChildren(
      this.choices(), this.line,
      el('h3', { class: 'soft' }, 'What must be so by then'),
      el('ul', { class: 'must' }, ...told.must.map((each) => el('li', { class: each.is },
        el('span', {}, el('span', { class: 'vh' }, each.is === 'ok' ? 'Yes: ' : 'Not yet: '), each.said),
        el('small', {}, each.beside)))),
      this.reach,
      el('details', { class: 'more' }, el('summary', {}, 'Not to everybody…'),
        el('label', { class: 'ask' }, el('span', {}, 'Only to this segment of the list'), this.segment)),
      this.place,
      foot('You can take it out again until it starts.', button('Not now', '', () => sheet.close(), 'Esc'), this.press));
    this.tell(told.reach);
    this.show();
    sheet.body.querySelector<HTMLInputElement>('input:checked')?.focus();
  }

  private choices(): HTMLElement {
    const { slots, place, dated, datedWords } = this.told;
    return el('fieldset', { class: 'choices' }, el('legend', { class: 'vh' }, 'Slot'),
      dated && !slots.length ? el('p', { class: 'soft' }, `The issue is dated ${datedWords}, and its slot is past or taken.`) : '',
      ...slots.map((each) => this.choice(each.at, el('span', {}, el('b', {}, each.words), ` in ${place}`, el('br'),
        el('small', {}, each.beside), each.note && el('small', { class: 'w' }, el('br'), each.note)))),
      this.choice(OTHER, el('span', {}, el('b', {}, 'Another moment…'), el('span', { class: 'moment' }, this.other,
        el('small', {}, ` by the clocks of ${place}`)))));
  }

  private choice(value: string, words: HTMLElement): HTMLElement {
    const input = el('input', { type: 'radio', name: 'slot', value, checked: value === this.chosen });
    input.addEventListener('change', () => { this.chosen = value; this.show(); });
    return el('label', {}, input, words);
  }

  private show(): void {
    const slot = this.told.slots.find((each) => each.at === this.chosen);
    this.other.parentElement!.hidden = this.chosen !== OTHER;
    this.press.textContent = slot ? `Schedule for ${slot.short}` : ['Schedule', inWords(this.at())].filter(Boolean).join(' for ');
    this.line.replaceChildren(timeLine(slot));
  }

  private at(): string {
    return this.chosen === OTHER ? this.other.value.replace('T', ' ') : this.chosen;
  }

  /** How many a segment reaches now; one that cannot be understood says where. */
  private async count(): Promise<void> {
    const asked = encodeURIComponent(this.segment.value);
    const answer = await get<Slots>(`${this.acts.desk.path}/slots?segment=${asked}`);
    this.place.replaceChildren();
    if (answer.ok) this.tell(answer.value.reach);
    else this.place.replaceChildren(refused(answer.said));
  }

  private tell(reach: Slots['reach']): void {
    this.reach.replaceChildren(`${this.told.consequence} ${reach.words}`,
      ...reach.strangers.flatMap((each) => [el('br'), el('span', { class: 'w' }, each)]));
  }

  private async schedule(): Promise<void> {
    const asked = { text: this.text, at: this.at(), segment: this.segment.value };
    const done = await act(`${this.acts.desk.path}/schedule`, asked, this.press, this.place);
    if (!done) {
      this.place.scrollIntoView({ block: 'nearest' });
      return;
    }
    this.sheet.close();
    this.acts.done(done.said);
  }
}

/** `Friday 4 December, 07:00` of `2026-12-04 07:00`, as the clocks there have it; '' of no moment. */
function inWords(at: string): string {
  const day = new Date(`${at.slice(0, 10)}T00:00Z`);
  if (Number.isNaN(day.getTime())) return '';
  const words = new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long', timeZone: 'UTC' }).format(day);
  return `${words.replace(',', '')}, ${at.slice(11, 16)}`;
}

/** From now to the slot, and how long after it the issue may still start. */
function timeLine(slot: Choice | undefined): Node {
  if (!slot) return document.createTextNode('');
  const { until } = slot;
  const made = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const grace = until ? `, and until ${until} it may still start` : '';
  made.setAttribute('class', 'chart');
  made.setAttribute('viewBox', '0 0 536 62');
  made.setAttribute('role', 'img');
  made.setAttribute('aria-label', `From now: the slot on ${slot.words}${grace}`);
  const draw = (name: string, attributes: Record<string, string | number>, text = ''): void => {
    const drawn = document.createElementNS('http://www.w3.org/2000/svg', name);
    for (const [key, value] of Object.entries(attributes)) drawn.setAttribute(key, String(value));
    drawn.textContent = text;
    made.append(drawn);
  };
  draw('path', { class: 'grid', d: 'M4 24H532', 'stroke-width': 2 });
  draw('path', { d: 'M4 24H420', stroke: 'var(--ink)', 'stroke-width': 2 });
  if (until) draw('path', { d: 'M420 24H476', stroke: 'var(--ochre)', 'stroke-width': 2, 'stroke-dasharray': '4 3' });
  draw('circle', { cx: 4, cy: 24, r: 4, fill: 'var(--ink)' });
  draw('circle', { cx: 420, cy: 24, r: 6, fill: 'var(--blue-fill)' });
  draw('text', { x: 0, y: 46 }, 'now');
  draw('text', { x: 420, y: 46, 'text-anchor': 'middle', class: 'here' }, slot.mark);
  if (until) draw('text', { x: 476, y: 10, 'text-anchor': 'middle' }, `may start until ${until}`);
  return made;
}

/** The slot that it has: when, by whom, what is missing, and the way out of it. */
export function openSlot(acts: Acts): void {
  const { standing } = acts;
  if (!standing?.slot) return;
  const { slot, approvals } = standing;
  const place = el('div');
  const { row, input } = reasonField('Why, for the log; it may stay empty');
  const sheet = openSheet(`${title(acts)} goes out ${slot.day}, ${slot.time} in ${slot.place}.`);
  const isOut = slot.state === 'scheduled';
  const press = button('Take it out', 'line', () => void (async () => {
    const done = await act(`${acts.desk.path}/unschedule`, { reason: input.value }, press, place);
    if (!done) return;
    sheet.close();
    acts.done(done.said);
  })());
  sheet.body.replaceChildren(
    el('p', {}, `${slot.by} put it there.${slot.segment ? ` It is for the segment ${slot.segment}.` : ''}`),
    el('ul', { class: 'must' }, ...(standing.fault ? [el('li', { class: 'bad' }, el('span', {}, standing.fault), el('small'))] : []),
      ...approvals.given.map((each) => el('li', { class: 'ok' }, el('span', {}, `${each.by} approved these bytes`), el('small', {}, each.at))),
      approvals.isGiven ? '' : el('li', { class: 'bad' }, el('span', {}, approvals.reason), el('small'))),
    el('p', { class: 'softer' }, 'Nothing need be done: whoever keeps the schedule sends it. To send it now instead, it is newsletter send.'),
    isOut ? row : '',
    place,
    foot(isOut ? 'Nothing was sent, and nothing is lost.' : '', button('Leave it there', '', () => sheet.close(), 'Esc'), isOut ? press : ''));
}

function title({ standing }: Acts): string {
  return standing?.number ? `No. ${standing.number}` : standing?.name ?? 'it';
}
