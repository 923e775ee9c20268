// Mail programs, and what each of them lacks of this message.
import { post, type Answer } from '../../api';
import { el } from '../../elements';
import { Asking, type Surroundings, type View } from './views';

interface Programs {
  programs: { program: string; lacks: string[]; partly: string[] }[];
  allowed: { feature: string; reason: string }[];
  data: string;
}

export class ProgramsView implements View {
  readonly name = 'Programs';
  private readonly rows = el('tbody');
  private readonly said = el('p', { class: 'soft', role: 'status' }, 'Looking it up…');
  private readonly notes = el('div', { class: 'softer foot' });
  readonly element = el('div', { class: 'panel', tabindex: 0 }, this.said,
    el('table', {}, el('thead', {}, el('tr', {},
      el('th', { scope: 'col' }, 'Mail program'), el('th', { scope: 'col' }, 'What it lacks of this message'))), this.rows),
    this.notes);
  private readonly asking: Asking<Answer<Programs>>;

  constructor(around: Surroundings) {
    this.asking = new Asking(1200, () => post<Programs>(`${around.path}/programs`, { text: around.text() }), (answer) => this.take(answer));
  }

  show(): void {
    this.asking.wish(this.rows.childElementCount ? undefined : 0);
  }

  leave(): void {
    this.asking.forget();
  }

  private take(answer: Answer<Programs>): void {
    this.said.textContent = answer.ok ? '' : answer.said;
    this.said.hidden = answer.ok;
    if (!answer.ok) return;
    this.rows.replaceChildren(...answer.value.programs.map((row) => el('tr', {},
      el('th', { scope: 'row' }, row.program), el('td', {}, ...lacking(row.lacks, row.partly)))));
    const { allowed, data } = answer.value;
    this.notes.replaceChildren(
      allowed.length > 0 && el('p', {}, `Lacking somewhere, and no harm done: ${allowed.map((each) => each.feature).join(', ')}.`) || '',
      el('p', {}, `By ${data}.`));
  }
}

function lacking(lacks: string[], partly: string[]): (HTMLElement | string)[] {
  const words = lacks.length ? lacks.join(', ') : partly.length ? '' : 'nothing';
  if (!partly.length) return [words];
  return [words, el('details', {}, el('summary', {}, `${lacks.length ? 'and ' : ''}${partly.length} in part`), partly.join(', '))];
}
