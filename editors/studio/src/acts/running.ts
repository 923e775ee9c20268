// A run that is under way: paused, gone on with, ended. Of the desk and of the report page alike.
import { el } from '../elements';
import { foot, openSheet, refused } from '../sheet';
import { act, button } from './asking';
import type { Run } from './standing';

/** What has to be known of a run to ask. */
type Asked = Pick<Run, 'issue' | 'state' | 'left'>;

/** Asks before a run is ended for good; `done` hears when it was. */
export function openCancel(path: string, run: Asked, done: () => void): void {
  const place = el('div');
  const left = run.left.toLocaleString('en');
  const end = button('End it for good', 'fill', () => void (async () => {
    const ended = await act(`${path}/cancel`, { run: run.issue }, end, place);
    if (!ended) return;
    sheet.body.replaceChildren(
      el('p', { role: 'status' }, ended.said),
      ...(ended.faults ?? []).map((fault) => refused(fault)),
      foot('', button('Close', '', () => sheet.close(), 'Esc')));
    done();
  })());
  const sheet = openSheet(`End the run of ${run.issue} for good?`,
    el('p', {}, `${left} have not been sent it, and never will be. Whoever has it keeps it.`),
    el('p', { class: 'softer' }, 'Messages under way are finished.'),
    place,
    foot('', button('Not now', '', () => sheet.close(), 'Esc'), end));
}

/** Pauses a run, or lifts the pause, and says what follows. */
export function openPause(path: string, run: Asked, done: () => void): void {
  const isPaused = run.state === 'paused';
  const word = isPaused ? 'Go on' : 'Pause it';
  const place = el('div');
  const left = run.left.toLocaleString('en');
  const press = button(word, 'fill', () => void (async () => {
    const answer = await act(`${path}/${isPaused ? 'resume' : 'pause'}`, { run: run.issue }, press, place);
    if (!answer) return;
    sheet.body.replaceChildren(
      el('p', { role: 'status' }, answer.said),
      foot('', button('Close', '', () => sheet.close(), 'Esc')));
    done();
  })());
  const sheet = openSheet(isPaused ? `Go on with ${run.issue}?` : `Pause ${run.issue}?`,
    el('p', {}, isPaused
      ? `${left} are left. Whoever keeps the schedule goes on with them; without one, it is newsletter send.`
      : `Nobody is sent anything more until it is resumed. ${left} are left; messages under way are finished.`),
    place,
    foot('', button('Not now', '', () => sheet.close(), 'Esc'), press));
}
