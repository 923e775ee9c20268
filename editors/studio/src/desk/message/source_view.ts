// The text part, and the source: headers and HTML as people can read them, or all as it is sent.
import { post, type Answer } from '../../api';
import { el } from '../../elements';
import type { Look } from '../look';
import { Asking, type Surroundings, type View } from './views';

export class TextView implements View {
  readonly name = 'Text';
  private readonly pre = el('pre');
  readonly element = el('div', { class: 'panel', tabindex: 0 }, this.pre);
  private drawn: string | null = null;

  show(look: Look): void {
    const text = look.message?.text ?? 'No message yet, so no text of it.';
    if (text === this.drawn) return;
    this.drawn = text;
    this.pre.replaceChildren(...flowed(text).map((line) =>
      (/^-{10,}$/.test(line) ? el('span', { class: 'ruled' }, `${line}\n`) : `${line}\n`)));
  }
}

/** Lines as programs set them that know format=flowed: one that ends in a space goes on (RFC 3676, 4.1). */
function flowed(text: string): string[] {
  const lines: string[] = [];
  let isOpen = false;
  for (const line of text.replace(/\n$/, '').split('\n')) {
    if (isOpen) lines[lines.length - 1] += line;
    else lines.push(line);
    isOpen = line.endsWith(' ') && line !== '-- ';
  }
  return lines;
}

interface Source { sent: string | null; headers: string | null; html: string | null }

export class SourceView implements View {
  readonly name = 'Source';
  private readonly pre = el('pre', { tabindex: 0 });
  private readonly said = el('p', { class: 'soft', role: 'status' });
  private isSent = false;
  private source: Source | null = null;
  readonly element: HTMLElement;
  private readonly asking: Asking<Answer<Source>>;

  constructor(around: Surroundings) {
    const way = (name: string, isSent: boolean): HTMLElement => el('label', {},
      el('input', { type: 'radio', name: 'source', checked: !isSent, onchange: () => { this.isSent = isSent; this.draw(); } }), name);
    this.element = el('div', { class: 'panel' },
      el('fieldset', { class: 'seg' }, el('legend', { class: 'vh' }, 'The source'), way('Readable', false), way('As it is sent', true)),
      this.said, this.pre);
    this.asking = new Asking(400, () => post<Source>(`${around.path}/source`, { text: around.text() }), (answer) => {
      this.said.textContent = answer.ok ? '' : answer.said;
      if (answer.ok) this.source = answer.value;
      this.draw();
    });
  }

  show(): void {
    this.asking.wish(this.source ? undefined : 0);
  }

  leave(): void {
    this.asking.forget();
  }

  private draw(): void {
    const source = this.source;
    const text = !source || source.sent === null ? ''
      : this.isSent ? source.sent : `${source.headers ?? ''}\n\n${source.html ?? ''}`;
    if (this.pre.textContent !== text) this.pre.textContent = text;
  }
}
