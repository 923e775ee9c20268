// How an issue begins: laid out, or an example that is only looked at.
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { markdown } from '@codemirror/lang-markdown';
import { EditorState } from '@codemirror/state';
import { EditorView, keymap } from '@codemirror/view';
import { get, post } from '../api';
import type { Look } from '../desk/look';
import { byId } from '../elements';
import { sendForms } from './forms';
import { command, go, keysOf } from './keys';

export function startNew(): void {
  keysOf(command('issues', 'All issues', 'Escape', go('/')));
  sendForms(() => undefined);
  byId('first').focus();
  const day = byId<HTMLInputElement>('day');
  const number = byId<HTMLInputElement>('number');
  day.addEventListener('change', () => void (async () => {
    const answer = await get<{ number: number | null }>(`/api/new/number?day=${day.value}`);
    if (answer.ok) number.value = String(answer.value.number ?? '');
  })());
}

export async function startExample(): Promise<void> {
  keysOf(command('new', 'Begin your own', 'N', go('/new')), command('issues', 'All issues', 'Escape', go('/')));
  const opened = await get<{ text: string }>('/api/example/open');
  if (!opened.ok) return;
  const { text } = opened.value;
  const view = new EditorView({ parent: byId('text'), state: EditorState.create({ doc: text, extensions: [
    history(), markdown(), EditorView.lineWrapping, keymap.of([...defaultKeymap, ...historyKeymap]),
    EditorView.contentAttributes.of({ 'aria-label': 'The issue', spellcheck: 'true' }),
    EditorView.updateListener.of((update) => { if (update.docChanged) void look(update.state.doc.toString()); }),
  ] }) });
  byId('anew').addEventListener('click', () => {
    view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
    view.focus();
  });
  view.focus();
  await look(text);
}

let wished: string | null = null;
let isAsking = false;

/** The newest text is looked at next; one question at a time. */
async function look(text: string): Promise<void> {
  wished = text;
  if (isAsking) return;
  isAsking = true;
  while (wished !== null) {
    const asked: string = wished;
    wished = null;
    const answer = await post<Look>('/api/example/look', { text: asked });
    if (answer.ok) show(answer.value);
  }
  isAsking = false;
}

function show(found: Look): void {
  const [first] = found.findings;
  const more = found.findings.length > 1 ? `, and ${found.findings.length - 1} more` : '';
  byId('found').textContent = first ? `${first.message}${more}` : 'The check finds nothing.';
  const page = byId<HTMLIFrameElement>('message').contentDocument;
  if (!page || !found.message) return;
  const next = new DOMParser().parseFromString(found.message.html, 'text/html');
  page.documentElement.replaceWith(page.adoptNode(next.documentElement));
}
