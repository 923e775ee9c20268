// Strips above the text: what has happened, and what may be done about it. They stay until it is.
import { byId, el, type Child } from './elements';

/** Shows a strip, in the place of the one that has its id; `bad` is ochre: a person is needed. */
export function showStrip(id: string, bad: boolean, about: Child[], acts: HTMLElement[] = []): void {
  const made = el('div', { class: bad ? 'strip bad' : 'strip', role: 'status', id: `strip-${id}` },
    el('p', {}, ...about), ...acts);
  const before = document.getElementById(made.id);
  if (before) before.replaceWith(made);
  else byId('strips').append(made);
}

export function removeStrip(id: string): void {
  document.getElementById(`strip-${id}`)?.remove();
}

/** A button of a strip; at most one of them is filled: the way forward. */
export function stripButton(words: string, kind: '' | 'line' | 'fill', run: () => void): HTMLElement {
  return el('button', { type: 'button', class: `b ${kind} small`, onclick: run }, words);
}
