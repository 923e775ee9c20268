// Links, each with where it leads and what is known of that. The web is asked at a press, never before.
import { post, type Answer } from '../../api';
import { el } from '../../elements';
import type { Finding, Look } from '../look';
import { Asking, type Surroundings, type View } from './views';

interface Link {
  words: string; href: string; part: string; number: number | null;
  state: string; is_dead: boolean; from: number; to: number;
}
interface Links { links: Link[]; asked: string | null }

const PARTS: Record<string, string> = { head: 'Intro', sponsor: 'Sponsor', footer: 'Footer', 'after footer': 'Footer' };

export class LinksView implements View {
  readonly name = 'Links';
  readonly element: HTMLElement;
  private readonly rows = el('tbody');
  private readonly heading = el('th', { scope: 'col' }, 'State');
  private readonly said = el('span', { class: 'soft', role: 'status' });
  private readonly button: HTMLButtonElement;
  private readonly states = new Map<string, Link>();
  private links: Link[] = [];
  private findings: Finding[] = [];
  private isAskingWeb = false;
  private readonly asking: Asking<Answer<Links>>;

  constructor(private readonly around: Surroundings) {
    this.button = el('button', { class: 'b line small', onclick: () => void this.askWeb() }, 'Ask where they lead');
    this.element = el('div', { class: 'panel', tabindex: 0 }, el('div', { class: 'ask' }, this.button, this.said),
      el('table', {}, el('thead', {}, el('tr', {}, el('th', { scope: 'col' }, 'Link'), this.heading)), this.rows));
    this.asking = new Asking(400, () => this.ask(false), (answer) => this.take(answer));
  }

  show(look: Look): void {
    this.findings = look.findings;
    this.asking.wish(this.links.length ? undefined : 0);
  }

  leave(): void {
    this.asking.forget();
  }

  private ask(ask: boolean): Promise<Answer<Links>> {
    return post<Links>(`${this.around.path}/links`, { text: this.around.text(), ask });
  }

  private async askWeb(): Promise<void> {
    if (this.isAskingWeb) return;
    this.isAskingWeb = true;
    this.button.setAttribute('aria-disabled', 'true');
    this.said.textContent = 'Asking…';
    const answer = await this.ask(true);
    this.isAskingWeb = false;
    this.button.removeAttribute('aria-disabled');
    this.said.textContent = '';
    if (answer.ok) for (const link of answer.value.links) this.states.set(link.href, link);
    this.take(answer);
  }

  private take(answer: Answer<Links>): void {
    if (!answer.ok) {
      this.said.textContent = answer.said;
      return;
    }
    this.links = answer.value.links;
    if (answer.value.asked) this.heading.textContent = `State, asked at ${answer.value.asked}`;
    this.rows.replaceChildren(...this.links.map((link) => this.row(link)));
    this.button.hidden = !this.links.length;
    if (!this.links.length) this.said.textContent = 'No links yet.';
  }

  private row(link: Link): HTMLElement {
    const known = link.state === 'not asked yet' ? this.states.get(link.href) ?? link : link;
    const found = this.findings.filter((each) => each.from < link.to && each.to > link.from);
    const name = `${link.number !== null ? `${link.number}.` : `${PARTS[link.part] ?? 'Story'},`} ${link.words}`;
    const go = this.around.go;
    return el('tr', {},
      el('th', { scope: 'row' },
        go ? el('button', { class: 't', onclick: () => go(link.from, link.to) }, name) : name, el('br'), address(link.href)),
      el('td', {}, el('span', { class: known.is_dead ? 'e' : '' }, known.state), ...found.flatMap((each) => [el('br'),
        el('span', { class: each.severity === 'error' ? 'e' : each.severity === 'warning' ? 'w' : '', title: each.message }, each.message)])));
  }
}

/** The address without its scheme; it can be opened where it leads to the web. */
function address(href: string): HTMLElement {
  const isWeb = /^https?:\/\//i.test(href);
  const shown = href.replace(/^https?:\/\/(www\.)?/i, '');
  if (!isWeb) return el('span', { class: 'mono softer' }, shown);
  return el('a', { class: 'mono softer', href, target: '_blank', rel: 'noopener noreferrer' }, shown);
}
