// Writing only: one paragraph in ink, the rest grey, and the line stays in the middle.
import { EditorState, type Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { byId, el } from '../../elements';
import type { Desk } from '../desk';
import { partAt, partsOf } from './structure';

const isOn = (): boolean => document.body.classList.contains('writing-only');

/** Every step of the cursor brings its line to the middle. */
export function middle(): Extension {
  return EditorState.transactionExtender.of((tr) => {
    if (!isOn() || !(tr.selection || tr.docChanged) || tr.isUserEvent('select.pointer')) return null;
    const { head } = tr.newSelection.main;
    return { effects: EditorView.scrollIntoView(head, { y: 'center' }) };
  });
}

export function startFocus(desk: Desk): void {
  const where = el('p', { class: 'corner l' });
  const state = el('p', { class: 'corner r' });
  const heading = el('h1', { class: 'vh' });
  const corners = el('aside', { id: 'corners', 'aria-label': 'Where you are', hidden: true }, heading, where, state);
  byId('desk').append(corners);
  const tell = (): void => {
    if (!isOn()) return;
    heading.textContent = `${byId('heading').textContent}, writing only`;
    where.textContent = placeOf(desk);
    state.replaceChildren(standing(desk), el('kbd', {}, 'Esc'), ' for the desk');
  };
  const turn = (on: boolean): void => {
    document.body.classList.toggle('writing-only', on);
    corners.hidden = !on;
    tell();
    desk.view.requestMeasure();
    desk.view.focus();
    const { head } = desk.view.state.selection.main;
    requestAnimationFrame(() => desk.view.dispatch({
      effects: EditorView.scrollIntoView(head, on ? { y: 'center' } : { y: 'nearest', yMargin: 96 }),
    }));
  };
  desk.on('typed', tell);
  desk.on('look', tell);
  desk.on('part', tell);
  desk.on('said', tell);
  desk.commands.add({
    id: 'writing-only', label: 'Writing only', key: 'F2', place: 'everywhere', group: 'Write',
    run: () => turn(!isOn()),
  }, {
    id: 'desk-again', label: 'Back to the desk', key: 'Escape', place: 'text', group: 'Write',
    isOffered: isOn, run: () => turn(false),
  });
}

/** "Story 1 of 5, 61 words". */
function placeOf(desk: Desk): string {
  const parts = partsOf(desk.view.state);
  const part = parts[partAt(parts, desk.view.state.selection.main.head)];
  if (!part) return '';
  const stories = parts.filter((each) => each.kind === 'story');
  const place = stories.indexOf(part) + 1;
  const names = { 'front matter': 'Subject and preheader', intro: 'Title and intro', story: `Story ${place} of ${stories.length}`, sponsor: 'Sponsor', footer: 'Footer' };
  return part.words ? `${names[part.kind]}, ${part.words} words` : names[part.kind];
}

function standing(desk: Desk): string {
  const saved = byId('status-saved').textContent?.trim() ?? '';
  const count = desk.look?.findings.length ?? 0;
  const waiting = count === 0 ? '' : count === 1 ? '1 finding is waiting. ' : `${count} findings are waiting. `;
  return `${saved ? `${saved}. ` : ''}${waiting}`;
}
