// The note of a paste, and of one that was refused: what came, what did not, what may be done.
import { undo } from '@codemirror/commands';
import { el } from '../../elements';
import type { Desk } from '../desk';
import { dropNote, putNote } from './beside';
import { brought, putPasted, type LeftOut, type Pasted } from './pasted';
import { forget, putPlain } from './pasting';
import { alone } from './pieces';

/** The note of the last paste, as it is by now. */
export function noteOfPaste(desk: Desk, value: Pasted): void {
  const left = value.left.map((each, index) => item(desk, each, index));
  const dom = el('div', { class: 'note open paste brought', role: 'status' },
    el('p', {}, el('b', {}, `Pasted from ${value.origin}`), value.counted ? `${value.counted}.` : ''),
    left.length > 0 && el('p', { class: 'soft' }, 'Left out:'),
    left.length > 0 && el('ul', { class: 'soft' }, ...left),
    ...value.changed.map((each) => el('p', { class: 'soft' }, `${each.charAt(0).toUpperCase()}${each.slice(1)}.`)),
    el('div', { class: 'do' },
      el('button', { class: 'b line small', type: 'button', onclick: () => takeBack(desk, value) },
        'Undo paste', value.isLast && el('kbd', {}, 'Ctrl Z')),
      el('button', { class: 'b small', type: 'button', onclick: () => { forget(desk); desk.view.focus(); } }, 'Close')));
  putNote(desk.view, 'paste', value.from, dom, value.to);
}

function item(desk: Desk, each: LeftOut, index: number): HTMLElement {
  if (!each.text) return el('li', {}, each.what);
  if (each.isBrought) {
    return el('li', {}, el('s', {}, each.what), ' ', each.isRemark ? 'It stands as a remark.' : 'It is a list now.');
  }
  return el('li', {}, each.what, ' ',
    el('button', { class: 'a', type: 'button', onclick: () => bring(desk, each, index) },
      each.isRemark ? 'Keep as a remark' : 'Bring in as a list'));
}

function bring(desk: Desk, each: LeftOut, index: number): void {
  const { view } = desk;
  view.dispatch({
    changes: alone(view.state.doc, each.at, each.text, each.isAbove),
    effects: brought.of(index), userEvent: 'input.paste', scrollIntoView: false,
  });
  view.focus();
}

/** By the history where nothing came after it; else what stood there before comes back. */
function takeBack(desk: Desk, value: Pasted): void {
  const { view } = desk;
  if (value.isLast) undo(view);
  else {
    view.dispatch({
      changes: { from: value.from, to: value.to, insert: value.before },
      effects: putPasted.of(null), userEvent: 'delete.paste',
    });
  }
  forget(desk);
  view.focus();
}

/** Why something was not brought in, where it would have stood. It stays until it is put away. */
export function noteOfRefusal(desk: Desk, at: number, said: string, words = ''): void {
  const close = (): void => { dropNote(desk.view, 'refused'); desk.view.focus(); };
  const plain = (): void => {
    close();
    const { from, to } = desk.view.state.selection.main;
    putPlain(desk, from, to, words);
  };
  putNote(desk.view, 'refused', at, el('div', { class: 'note open error brought', role: 'alert' },
    el('p', {}, el('b', {}, 'Not brought in'), said),
    el('div', { class: 'do' },
      words.trim() !== '' && el('button', { class: 'b line small', type: 'button', onclick: plain }, 'Paste the words alone'),
      el('button', { class: 'b small', type: 'button', onclick: close }, 'Close'))));
}
