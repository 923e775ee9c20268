// The report of a run: live while it goes on, with words for whoever needs a person.
import { openCancel, openPause } from '../acts/running';
import type { Run } from '../acts/standing';
import { sendForms } from './forms';
import { byId } from '../elements';
import { command, go, keysOf } from './keys';
import { redraw, watch } from './live';

export function startReport(): void {
  keysOf(
    command('close', 'Close what is open, else all issues', 'Escape', () => {
      const open = document.querySelector<HTMLDetailsElement>('details[open]');
      if (!open) return location.assign('/');
      open.open = false;
      open.querySelector('summary')?.focus();
    }),
    command('save', 'Save the report', 'S', () => document.querySelector<HTMLElement>('a[download]')?.click()),
    command('issues', 'All issues', 'B', go('/')),
  );
  sendForms((form) => {
    const said = form.querySelector('.outcome')?.textContent ?? '';
    form.closest('details')?.removeAttribute('open');
    void redraw().then(() => {
      document.querySelector('.note-below')?.before(Object.assign(
        document.createElement('p'), { className: 'outcome', role: 'status', textContent: said }));
    });
  });
  watch(() => undefined);
  document.addEventListener('click', (event) => {
    const act = (event.target as Element).closest<HTMLElement>('[data-act]')?.dataset['act'];
    if (!act) return;
    const path = `/api/issues/${encodeURIComponent(document.body.dataset['issue'] ?? '')}`;
    (act === 'cancel' ? openCancel : openPause)(path, run(), () => void redraw());
  });
}

/** The run as the page was drawn of it last. */
function run(): Run {
  const { run: issue, state, left } = byId('report').dataset;
  return { issue: issue ?? '', state: state as Run['state'], left: Number(left), accepted: 0, frozen: 0, by: '', startedAt: '' };
}
