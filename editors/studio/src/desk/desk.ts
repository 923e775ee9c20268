// The desk: one issue, its text and what is known of it. It is made of parts, strangers to each
// other, which meet by the events told here.
import { EditorState, type Extension, type Transaction } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { get } from '../api';
import { byId } from '../elements';
import type { Standing } from '../acts/standing';
import type { Kept } from './keeping/tab';
import type { Look } from './look';
import { parts } from './parts';
import { Commands } from '../commands';

/** What the house format says, as the desk needs it: good lengths, and how many stories. */
export interface House {
  language: string;
  /** Characters, the least and the most. */
  subject: [number, number];
  preheader: [number, number];
  stories: [number, number];
  /** How a sponsor's heading begins, a regular expression. */
  sponsor: string;
}

/** The text of the file; `at` is when it was written, null where there is no file any more. */
export interface Opened {
  text: string;
  version: string;
  at: string | null;
  /** A name for the publication's folder, and one for the studio's process. */
  place: string;
  studio: string;
  found: Kept[];
  house: House;
}

/** What happens at the desk. `look` is of the text `doc`; it may be another by now. */
export interface Events {
  opened: Opened;
  typed: Transaction;
  look: Look;
  /** Why the text could not be looked at, and the answer's status; null when it could again. */
  unseen: { status: number; said: string } | null;
  /** The cursor has come into another part, by its index in the last look; -1 for none. */
  part: number;
  /** A word for the status line, such as "Saved 14:02". */
  said: { text: string; bad?: boolean };
  /** Why nothing may be saved or done now ("Choose what to keep first"); null when it may again. */
  held: string | null;
  /** Something was done to the issue: its standing may be another. */
  acted: null;
  /** How far the issue is, of its file as it was saved. */
  standing: Standing;
  /** The text is in the file: `at` is when it was written. */
  saved: { at: string };
  /** The studio does not answer since then; null where it is back. */
  away: string | null;
  /** Somebody asks that the text be saved before an act; `done` is told how it went. */
  save: { done: (ok: boolean) => void };
}

type Listener<K extends keyof Events> = (event: Events[K]) => void;

/** A part brings what the editor is to have, and starts when the text is there. */
export interface Part {
  extensions?(desk: Desk): Extension;
  start?(desk: Desk): void;
}

export class Desk {
  readonly name = document.body.dataset['issue'] ?? '';
  readonly path = `/api/issues/${encodeURIComponent(this.name)}`;
  readonly commands = new Commands();
  view!: EditorView;
  house!: House;
  /** As the file was when the desk was opened. */
  opened!: Opened;
  /** The last look, of the text as it was then; null before the first. */
  look: Look | null = null;
  private readonly listeners = new Map<keyof Events, Listener<never>[]>();

  on<K extends keyof Events>(name: K, listener: Listener<K>): void {
    this.listeners.set(name, [...(this.listeners.get(name) ?? []), listener as Listener<never>]);
  }

  tell<K extends keyof Events>(name: K, event: Events[K]): void {
    for (const listener of this.listeners.get(name) ?? []) (listener as Listener<K>)(event);
  }

  /** Whether something else stands where the text is: then only what is not about the text works. */
  covered = false;

  /** Why acts wait; null where they need not. */
  held: string | null = null;

  hold(reason: string | null): void {
    this.held = reason;
    this.tell('held', reason);
  }

  /** Have the text saved before an act; false where it could not be, which has been said. */
  save(): Promise<boolean> {
    if (this.held || !this.listeners.has('save')) return Promise.resolve(!this.held);
    return new Promise((done) => this.tell('save', { done }));
  }

  get text(): string {
    return this.view.state.doc.toString();
  }

  /** The cursor comes to a place in the text, which is shown; the focus with it, unless it stays. */
  goTo(from: number, to = from, keepsFocus = false): void {
    const { view } = this;
    byId('desk').dataset['pane'] = 'text'; // in a small window nothing else is in sight, nor takes the focus
    const most = view.state.doc.length;
    const selection = { anchor: Math.min(from, most), head: Math.min(to, most) };
    view.dispatch({ selection, effects: EditorView.scrollIntoView(selection.anchor, { y: 'nearest', yMargin: 96 }) });
    if (!keepsFocus) view.focus();
  }
}

export async function startDesk(): Promise<void> {
  const desk = new Desk();
  desk.on('look', (look) => { desk.look = look; });
  const opened = await get<Events['opened']>(`${desk.path}/open`);
  if (!opened.ok) {
    byId('text').textContent = opened.said;
    return;
  }
  desk.house = opened.value.house;
  desk.opened = opened.value;
  desk.view = new EditorView({
    parent: byId('text'),
    state: EditorState.create({
      doc: opened.value.text,
      extensions: [
        ...parts.map((part) => part.extensions?.(desk) ?? []),
        EditorView.updateListener.of((update) => {
          for (const each of update.transactions) if (each.docChanged) desk.tell('typed', each);
        }),
      ],
    }),
  });
  for (const part of parts) part.start?.(desk);
  desk.tell('opened', opened.value);
}
