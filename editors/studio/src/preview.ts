// The preview: the message of a file that is written elsewhere, and what the check finds in it. The
// studio is asked again and again whether the file is another; where it is not, it says so in a word.
import { get } from './api';
import { marked, sentence } from './desk/findings/card';
import { wordOf } from './desk/findings/shown';
import { drawGauge } from './desk/message/gauge';
import { MessagePane } from './desk/message/pane';
import type { Finding, Look } from './desk/look';
import { byId, el } from './elements';
import { keysOf } from './pages/keys';

interface Seen { mark: string; text?: string; look?: Look }

/** Milliseconds between two questions, and until the next one where nobody answered. */
const OFTEN = 300, AGAIN = 2_000;

const NAMES = { error: 'Error', warning: 'Warning', info: 'Note' };

export function startPreview(): void {
  const preview = new Preview(document.body.dataset['issue'] ?? '');
  document.addEventListener('visibilitychange', () => preview.wake());
  preview.wake();
}

class Preview {
  private readonly path: string;
  private readonly pane: MessagePane;
  private seen: Seen = { mark: '' };
  private timer = 0;
  private isAsking = false;

  constructor(name: string) {
    this.path = `/api/issues/${encodeURIComponent(name)}`;
    const commands = keysOf();
    this.pane = new MessagePane(byId('message'), { path: this.path, text: () => this.seen.text ?? '', commands });
    // There is nothing here but the message, so its keys work everywhere.
    for (const command of commands.all) command.place = 'everywhere';
  }

  /** Nothing is asked while nobody looks, and at once when somebody does again. */
  wake(): void {
    window.clearTimeout(this.timer);
    if (document.visibilityState === 'visible' && !this.isAsking) void this.ask();
  }

  private async ask(): Promise<void> {
    this.isAsking = true;
    const answer = await get<Seen>(`${this.path}/seen?seen=${this.seen.mark}`);
    this.isAsking = false;
    if (!answer.ok) this.say(answer.status === 404 ? 'The file is not there any more.' : answer.said, true);
    else if (answer.value.look) this.show(answer.value, answer.value.look);
    else if (byId('status-read').classList.contains('e')) this.say(this.asOf);
    this.timer = window.setTimeout(() => this.wake(), answer.ok ? OFTEN : AGAIN);
  }

  private asOf = '';

  private show(seen: Seen, look: Look): void {
    this.seen = seen;
    this.pane.show(look);
    drawGauge(look);
    byId('heading').textContent = look.number === null ? document.body.dataset['issue'] ?? '' : `No. ${look.number}`;
    byId('found-heading').textContent = summaryOf(look);
    byId('found-list').replaceChildren(...look.findings.map((each) => this.row(each, look)));
    this.asOf = `Read at ${new Date().toLocaleTimeString('en-GB')}`;
    this.say(this.asOf);
  }

  private row(finding: Finding, look: Look): HTMLElement {
    const line = (this.seen.text ?? '').slice(0, finding.from).split('\n').length;
    const part = look.parts.findLastIndex((each) => each.from <= finding.from);
    return el('li', {}, el('button', { onclick: () => this.bring(part) },
      el('b', { class: finding.severity === 'error' ? 'e' : finding.severity === 'warning' ? 'w' : '' }, wordOf(finding)),
      el('span', { class: 'soft' }, `Line ${line.toLocaleString('en-GB')}`),
      el('span', { class: 'what' }, ...marked(sentence(finding.message))),
      finding.hint ? el('span', { class: 'soft what' }, ...marked(sentence(finding.hint))) : null));
  }

  /** The part of the message that a finding is about comes into view. */
  private bring(part: number): void {
    this.pane.openView('Message');
    this.pane.message.leaf.mark(part);
    this.pane.message.leaf.reveal(part);
  }

  private say(text: string, isBad = false): void {
    const place = byId('status-read');
    place.classList.toggle('e', isBad);
    place.textContent = text;
  }
}

/** "1 error, 2 warnings"; why there is no message, where there is none. */
function summaryOf(look: Look): string {
  if (look.fault) return look.fault;
  const counts = (['error', 'warning', 'info'] as const).map((severity) => {
    const count = look.findings.filter((each) => each.severity === severity).length;
    const word = NAMES[severity].toLowerCase();
    return count ? `${count} ${word}${count > 1 ? 's' : ''}` : '';
  });
  return counts.filter(Boolean).join(', ') || 'Nothing found.';
}
