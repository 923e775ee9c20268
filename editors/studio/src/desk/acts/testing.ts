// Send me a test: one button, which says what became of it and goes on saying so.
import { post } from '../../api';
import { el } from '../../elements';
import { button } from '../../acts/asking';
import { refused } from '../../sheet';
import type { Acts } from './acts';

interface Tested {
  tests: { to: string; isAccepted: boolean; said: string }[];
  at: string;
}

const REMEMBERED = 'tests-to';

export class Testing {
  readonly element = el('div', { class: 'test' });
  private readonly press = button('Send me a test', '', () => void this.send());
  private readonly below = el('div', { class: 'below', hidden: true });
  private isSending = false;

  constructor(private readonly acts: Acts) {
    this.press.id = 'send-test';
    this.press.title = 'F9';
    this.press.setAttribute('aria-live', 'polite');
    this.element.append(this.press, this.below);
    this.below.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      this.put();
      this.press.focus();
    });
  }

  /** Grey while acts wait; the reason stands beside. */
  show(): void {
    const isOff = !this.acts.offers('test') || this.isSending;
    if (isOff) this.press.setAttribute('aria-disabled', 'true');
    else this.press.removeAttribute('aria-disabled');
  }

  /** To the people of the settings, else to whoever was named in this session. */
  async send(): Promise<void> {
    if (this.isSending) return;
    // While the studio was away nobody knows how it stands; what keeps it from being known stands in the bar.
    if (!this.acts.standing) await this.acts.refresh();
    if (!this.acts.standing) return;
    const to = this.acts.standing.tests.length ? '' : sessionStorage.getItem(REMEMBERED) ?? '';
    if (!to && !this.acts.standing.tests.length) this.ask();
    else await this.sendTo(to);
  }

  /** Asks once, in place, to whom. */
  ask(): void {
    const input = el('input', {
      class: 'field', name: 'to', type: 'email', multiple: true, autocomplete: 'email', required: true,
      value: sessionStorage.getItem(REMEMBERED) ?? '',
    });
    const form = el('form', {
      onsubmit: (event: Event) => {
        event.preventDefault();
        sessionStorage.setItem(REMEMBERED, input.value);
        void this.sendTo(input.value);
      },
    },
    el('label', { class: 'ask' }, el('span', {}, 'To which address?'), input),
    el('p', { class: 'softer' }, 'Kept until this tab is closed; [test] in newsletter.toml keeps it for good.'),
    el('div', { class: 'do' }, el('button', { class: 'b line small', type: 'submit' }, 'Send it'),
      button('Not now', '', () => { this.put(); this.press.focus(); }, 'Esc')));
    this.put(form);
    input.focus();
  }

  private async sendTo(to: string): Promise<void> {
    this.isSending = true;
    this.put();
    this.press.textContent = 'Sending…';
    this.show();
    const answer = await this.acts.desk.save()
      ? await post<Tested>(`${this.acts.desk.path}/test`, { text: this.acts.desk.text, to })
      : null;
    this.isSending = false;
    this.press.textContent = 'Send me a test';
    if (answer?.ok) this.tell(answer.value);
    else if (answer) {
      sessionStorage.removeItem(REMEMBERED);
      this.refuse(answer.said, faultsOf(answer.value));
    }
    this.show();
  }

  private tell({ tests, at }: Tested): void {
    const accepted = tests.filter((each) => each.isAccepted);
    const whom = accepted.length === 1 ? 'you' : `${accepted.length} people`;
    if (accepted.length) this.press.textContent = `Sent to ${whom} ${at}`;
    this.press.title = accepted.map((each) => `${each.to}: ${each.said}`).join('\n');
    const others = tests.filter((each) => !each.isAccepted);
    if (others.length) this.refuse('', others.map((each) => `${each.to}: ${each.said}`));
  }

  private refuse(said: string, faults: string[]): void {
    const close = button('Close', '', () => { this.put(); this.press.focus(); }, 'Esc');
    this.put(refused(said || 'The relay did not take it:', faults), el('div', { class: 'do' }, close));
  }

  private put(...content: HTMLElement[]): void {
    this.below.replaceChildren(...content);
    this.below.hidden = !content.length;
  }
}

function faultsOf(value: Record<string, unknown>): string[] {
  return Array.isArray(value['faults']) ? value['faults'].map(String) : [];
}
