// The correction of an issue that was sent: what it says, who gets it, and what is still wanted.
import { el } from '../../elements';
import { button } from '../../acts/asking';
import { foot, openSheet } from '../../sheet';
import type { Acts } from './acts';

export function openCorrection(acts: Acts): void {
  const { standing } = acts;
  const run = standing?.run;
  if (!standing || !run) return;
  const isWritten = standing.next.act === 'correct';
  const isGiven = !isWritten || standing.approvals.isGiven;
  const many = run.accepted.toLocaleString('en');
  const command = el('code', { class: 'command' }, `newsletter send ${run.issue} --correction`);
  const approve = button('Approve the correction…', 'fill', () => {
    sheet.close();
    void acts.approving.open();
  });
  const sheet = openSheet('A correction goes to those who have the first version, and to nobody else.',
    el('p', {}, `${many} have it. Whoever has left since, or was suppressed, gets nothing more.`),
    el('ul', { class: 'must' },
      must(isWritten, 'The issue says what is corrected', 'correction: An earlier version said …'),
      must(isWritten && isGiven, 'The correction is approved', isWritten ? standing.approvals.reason : ''),
    ),
    isWritten ? el('p', {}, 'It has no slot, and is sent by hand, once, from a terminal: ', command)
      : el('p', { class: 'softer' }, 'Mend the text, and write the line into its front matter.'),
    foot('', button('Not now', '', () => sheet.close(), 'Esc'), isWritten && !isGiven ? approve : ''));
}

function must(isSo: boolean, said: string, beside: string): HTMLElement {
  return el('li', { class: isSo ? 'ok' : 'bad' }, el('span', {}, said), el('small', {}, isSo ? '' : beside));
}
