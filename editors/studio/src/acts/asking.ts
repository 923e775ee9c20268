// What the sheets of acts have in common: a button that does something, and says what came of it.
import { post, type Answer } from '../api';
import { el } from '../elements';
import { refused } from '../sheet';

/** What an act says when it is done. */
export interface Done { said: string; words?: string; faults?: string[] }

/** A button of words, with the key that is the same. */
export function button(
  label: string, kind: '' | 'line' | 'fill', run: () => void, key = '',
): HTMLButtonElement {
  return el('button', { class: `b ${kind}`.trim(), type: 'button', onclick: run }, label,
    key && el('kbd', {}, key));
}

/** Asks for an act once, however often the button is pressed; a refusal stands in `place`. */
export async function act(
  path: string, body: unknown, pressed: HTMLButtonElement, place: HTMLElement,
): Promise<Done | null> {
  if (pressed.getAttribute('aria-disabled') === 'true') return null;
  pressed.setAttribute('aria-disabled', 'true');
  const answer: Answer<Done> = await post<Done>(path, body);
  pressed.removeAttribute('aria-disabled');
  if (answer.ok) {
    place.replaceChildren();
    return answer.value;
  }
  const faults = Array.isArray(answer.value['faults']) ? answer.value['faults'].map(String) : [];
  place.replaceChildren(refused(answer.said, faults));
  return null;
}

/** A line to say why, for the log. */
export function reasonField(label: string): { row: HTMLElement; input: HTMLInputElement } {
  const input = el('input', { class: 'field', name: 'reason', autocomplete: 'off', maxlength: 300 });
  return { row: el('label', { class: 'ask' }, el('span', {}, label), input), input };
}
