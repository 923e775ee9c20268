// The bar: which issue this is, how far it is on its way, and the one next act.
import { byId, el } from '../../elements';
import { button } from '../../acts/asking';
import type { Standing } from '../../acts/standing';
import type { Look } from '../look';
import { slotsOf } from '../text/slots';
import type { Acts } from './acts';

/** What the button on the right does. `why` is what keeps it from being done. */
interface Next {
  label: string;
  kind: '' | 'line' | 'fill';
  key: string;
  why: string;
  /** Whether it is work on the text, for which nothing need be saved. */
  isWork: boolean;
  run: () => void;
}

export class Bar {
  next: Next | null = null;
  private readonly why = el('span', { class: 'why', id: 'why' });
  private readonly press = button('', 'line', () => {
    if (this.press.getAttribute('aria-disabled') !== 'true') void this.acts.forward();
  });
  private gone = '';

  constructor(private readonly acts: Acts) {
    this.press.id = 'next-act';
    this.press.hidden = true;
    byId('acts').append(this.why, acts.testing.element, this.press);
  }

  /** The studio does not know how the issue stands; it said why. */
  unknown(said: string): void {
    this.gone = said;
  }

  show(): void {
    const { standing, desk } = this.acts;
    if (standing) this.gone = '';
    const errors = errorsOf(desk.look);
    if (standing) byId('way').replaceChildren(...way(standing, errors > 0 && !standing.run));
    this.next = standing ? this.nextOf(standing, desk.look, errors) : null;
    this.act();
    byId('status-slot').textContent = standing ? slot(standing) : '';
    this.acts.testing.show();
  }

  private act(): void {
    const { next, press } = this;
    press.hidden = !next;
    this.why.textContent = next?.why ?? this.gone;
    this.why.title = this.why.textContent;
    if (!next) return;
    press.className = `b ${next.why ? 'line' : next.kind}`.trim();
    press.replaceChildren(next.label, next.key ? el('kbd', {}, next.key) : '');
    if (next.why) {
      press.setAttribute('aria-disabled', 'true');
      press.setAttribute('aria-describedby', 'why');
    } else {
      press.removeAttribute('aria-disabled');
      press.removeAttribute('aria-describedby');
    }
  }

  private nextOf(standing: Standing, look: Look | null, errors: number): Next {
    const held = this.acts.desk.held ?? '';
    if (errors && look && !standing.run) return this.work(look, errors, held);
    const { label, isForward, act } = standing.next;
    // Errors in the file that the text has no more are gone as soon as it is saved, which it is first.
    const isMended = act === 'mend' && look !== null;
    return {
      label: isMended ? 'Approve…' : label,
      kind: isForward || isMended ? 'fill' : 'line',
      key: '',
      why: held || standing.fault,
      isWork: false,
      run: () => void this.acts.forward(),
    };
  }

  /** Blanks are filled, errors settled: the key leads to the first of them. */
  private work(look: Look, errors: number, held: string): Next {
    const blanks = slotsOf(this.acts.desk.view.state).length;
    const isBlank = blanks > 0 && look.findings.some((each) => each.slug === 'empty-slot');
    const count = isBlank ? blanks : errors;
    const noun = isBlank ? 'slot' : 'error';
    return {
      label: `${isBlank ? 'Fill' : 'Settle'} ${count} ${noun}${count === 1 ? '' : 's'}`,
      kind: 'line',
      key: 'F8',
      why: held,
      isWork: true,
      run: () => this.toTheFirst(look),
    };
  }

  private toTheFirst(look: Look): void {
    const next = this.acts.desk.commands.all.find((each) => each.key.split(' ').includes('F8'));
    if (next) {
      next.run();
      return;
    }
    const { view } = this.acts.desk;
    const first = look.findings.find((each) => each.severity === 'error');
    if (first) view.dispatch({ selection: { anchor: first.from, head: first.to }, scrollIntoView: true });
    view.focus();
  }
}

function errorsOf(look: Look | null): number {
  return look ? look.findings.filter((each) => each.severity === 'error').length : 0;
}

/** Errors that are not saved yet bring it back to a draft. */
function way(standing: Standing, isDraft: boolean): HTMLElement[] {
  return standing.steps.map((step, place) => {
    const isDone = isDraft ? place === 3 && step.isDone : step.isDone;
    const isHere = place === (isDraft ? 0 : standing.here);
    const label = isDraft && place === 2 ? 'Approved' : step.label;
    return el('li', {
      class: isDone && !isHere ? 'done' : undefined,
      'aria-current': isHere ? 'step' : undefined,
    }, label);
  });
}

function slot(standing: Standing): string {
  const own = standing.slot;
  if (own?.state === 'scheduled') return `Goes out ${own.words}`;
  if (standing.missed) return `Missed its slot: ${standing.missed}`;
  if (standing.run) return '';
  const { words, issue } = standing.upcoming;
  return `Next slot ${words}, ${issue ? `taken by ${issue}` : 'free'}`;
}
