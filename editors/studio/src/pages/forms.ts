// Forms that are sent by our script: `data-post` is where. What comes back is a page to go to, words,
// or a piece of a page for `data-into`. A refusal stands where the button is, and stays.
import { post, type Answer } from '../api';
import { el } from '../elements';
import { refused } from '../sheet';

interface Reply { to?: string; said?: string; html?: string }

/** Every form of this page, those among them that are drawn later. `done` hears of success. */
export function sendForms(done: (form: HTMLFormElement) => void): void {
  document.addEventListener('submit', (event) => {
    const form = event.target as HTMLFormElement;
    const path = form.dataset['post'];
    if (!path) return;
    event.preventDefault();
    void submit(form, path, event.submitter, done);
  });
}

async function submit(
  form: HTMLFormElement, path: string, submitter: HTMLElement | null,
  done: (form: HTMLFormElement) => void,
): Promise<void> {
  if (form.ariaBusy === 'true') return;
  form.ariaBusy = 'true';
  const answer = await post<Reply>(path, valuesOf(form, submitter));
  form.ariaBusy = 'false';
  form.querySelectorAll('.refused, .outcome').forEach((each) => each.remove());
  if (answer.ok) succeed(form, answer.value, done);
  else refuse(form, answer);
}

/** What was typed, by name; of several fields of a name, and of what a button says, the last. */
function valuesOf(form: HTMLFormElement, submitter: HTMLElement | null): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [name, value] of new FormData(form)) if (typeof value === 'string') values[name] = value;
  if (submitter instanceof HTMLButtonElement && submitter.name) values[submitter.name] = submitter.value;
  return values;
}

function succeed(form: HTMLFormElement, reply: Reply, done: (form: HTMLFormElement) => void): void {
  if (reply.to) {
    location.assign(reply.to);
    return;
  }
  if (reply.html !== undefined) {
    const into = document.querySelector(form.dataset['into'] ?? '');
    into?.replaceChildren(...pieceOf(reply.html));
  }
  if (reply.said) form.append(el('p', { class: 'outcome', role: 'status' }, reply.said));
  done(form);
}

function refuse(form: HTMLFormElement, answer: Extract<Answer<Reply>, { ok: false }>): void {
  if (form.role === 'search') document.querySelector(form.dataset['into'] ?? '')?.replaceChildren();
  const place = form.querySelector('.refuse') ?? form;
  place.append(refused(answer.said));
}

/** A piece of a page that our own server has drawn and escaped; no script of it would run. */
export function pieceOf(html: string): Node[] {
  const page = new DOMParser().parseFromString(html, 'text/html');
  return [...page.body.childNodes].map((node) => document.adoptNode(node));
}
