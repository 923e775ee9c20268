// A finding passed over: why is asked in its place, and the studio makes the comment that says so.
import { post } from '../../api';
import { el } from '../../elements';
import type { Desk } from '../desk';
import type { Edit } from '../look';
import { put } from './mending';
import { shown } from './shown';

/** Put the question into the card; Esc and Back take it out again. */
export function openWhy(desk: Desk, card: HTMLElement, id: number): void {
  const ways = card.querySelector<HTMLElement>('.do');
  if (!ways || card.querySelector('.why')) return;
  const field = el('input', { class: 'field', maxlength: 300, autocomplete: 'off', 'aria-required': 'true' });
  const told = el('p', { class: 'told', role: 'status' });
  const back = () => {
    form.remove();
    ways.hidden = false;
    ways.querySelector<HTMLElement>('button:last-child')?.focus();
  };
  const form = el('form', { class: 'why', onsubmit: (event) => {
    event.preventDefault();
    if (field.value.trim()) void passOver(desk, id, field.value, (words) => { told.textContent = words; });
    else told.textContent = 'A few words will do. They stay in the text, where no reader sees them.';
  } },
    el('label', {}, el('span', {}, 'Why may it stand?'), field),
    el('div', { class: 'do' },
      el('button', { class: 'b line small' }, 'Let it stand'),
      el('button', { class: 'b small', type: 'button', onclick: back }, 'Back')),
    told);
  form.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    back();
  });
  ways.hidden = true;
  ways.after(form);
  field.focus();
  form.scrollIntoView({ block: 'nearest' });
}

async function passOver(desk: Desk, id: number, reason: string, said: (words: string) => void): Promise<void> {
  const { doc, readOnly } = desk.view.state;
  const one = desk.view.state.field(shown).all.find((each) => each.id === id);
  if (!one || readOnly) return;
  const answer = await post<Edit>(`${desk.path}/pass-over`, {
    text: doc.toString(), slug: one.finding.slug, line: doc.lineAt(one.from).number, reason,
  });
  if (!answer.ok) return said(answer.said);
  if (desk.view.state.doc !== doc) return passOver(desk, id, reason, said);
  put(desk, answer.value);
}
