// The links of the text: which one the cursor is in, how one is written, and the words of a page's
// title with the signs of Markdown in them made plain.
import type { EditorState } from '@codemirror/state';
import { post } from '../../api';
import type { Desk } from '../desk';
import { Spot } from './spot';

export interface LinkAt { from: number; to: number; words: string; address: string }

/** What the studio knows of the page behind an address. */
export interface Title { address: string; host: string; title: string; why: string }

const LINK = /(?<!!)\[((?:\\.|!\[[^\]\n]*\]\([^)\n]*\)|[^\]\\\n])*)\]\(\s*<?((?:[^\s()<>]|\([^\s()]*\))*)>?(?:\s+"[^"\n]*")?\s*\)/g;

export function linkAt(state: EditorState, place: number): LinkAt | null {
  const line = state.doc.lineAt(place);
  for (const match of line.text.matchAll(LINK)) {
    const from = line.from + match.index;
    const to = from + match[0].length;
    if (from <= place && place <= to) return { from, to, words: match[1] ?? '', address: match[2] ?? '' };
  }
  return null;
}

/** One address of the web, and nothing else. */
export function isAddress(text: string): boolean {
  return /^\s*https?:\/\/[^\s<>"]+\.[^\s<>"]+\s*$/i.test(text) || /^\s*https?:\/\/(localhost|\[[\da-f:]+\])\S*\s*$/i.test(text);
}

/** What somebody typed, with its scheme; a mail address is one, too. */
export function wholeAddress(text: string): string {
  if (text.trim().startsWith('{{')) return text.trim();
  const typed = text.trim().replace(/\s+/g, '%20');
  if (typed.startsWith('//')) return `https:${typed}`;
  if (/^[a-z][a-z0-9+.-]*:/i.test(typed)) return typed;
  if (/^[^\s@/]+@[^\s@/]+\.[^\s@/]+$/.test(typed)) return `mailto:${typed}`;
  return typed ? `https://${typed}` : '';
}

/** Why what somebody typed can be no link of an e-mail; '' where it can. */
export function whyNoLink(text: string): string {
  const address = wholeAddress(text);
  if (address.startsWith('{{') || /^(?:mailto|tel):\S/i.test(address)) return '';
  try {
    const url = new URL(address);
    if (!/^https?:$/.test(url.protocol)) return 'A link of an e-mail leads to a page of the web, or is a mail address.';
    const isNamed = /^https?:/i.test(text.trim()) || url.hostname.includes('.');
    return isNamed && !/%20/.test(address.split(/[/?#]/)[2] ?? '') ? '' : 'This is no address.';
  } catch {
    return 'This is no address.';
  }
}

export function escaped(words: string): string {
  return words.replace(/[\\[\]*_`<]/g, '\\$&').replace(/\{(?=[{%#])/g, '\\{').replace(/\s+/g, ' ').trim();
}

export function written(words: string, address: string): string {
  const safe = address.replace(/[\s()<>]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
  return `[${words}](${safe})`;
}

/** The host, for words until there are better ones. */
export function hostOf(address: string): string {
  try {
    const url = new URL(address);
    return (url.hostname || url.pathname).replace(/^www\./, '');
  } catch {
    return address;
  }
}

export async function titleOf(address: string): Promise<Title> {
  const answer = await post<Title>('/api/title', { address });
  return answer.ok ? answer.value : { address, host: hostOf(address), title: '', why: answer.said };
}

/** An address over chosen words of one line makes a link of them; false where there are none. */
export function linkWords(desk: Desk, address: string): boolean {
  const { state } = desk.view;
  const { from, to } = state.selection.main;
  const words = state.sliceDoc(from, to);
  if (!words.trim() || words.includes('\n') || /[[\]]/.test(words) || isAddress(words)) return false;
  putLink(desk, from, to, words, address);
  return true;
}

/** Writes a link, and takes off its address what counts readers as soon as the studio has said so. */
export function putLink(desk: Desk, from: number, to: number, words: string, address: string): void {
  const insert = written(words, address);
  desk.view.dispatch({
    changes: { from, to, insert }, selection: { anchor: from + insert.length },
    userEvent: 'input.link', scrollIntoView: true,
  });
  const spot = new Spot(desk, { from, to: from + insert.length });
  void post<Title>('/api/title', { address, asksPage: false }).then((answer) => {
    const now = spot.done();
    if (answer.ok && answer.value.host) rewrite(desk, now, insert, written(words, answer.value.address));
  });
}

/** What was written becomes something else, unless somebody has changed it by now. */
export function rewrite(desk: Desk, { from, to }: { from: number; to: number }, was: string, insert: string): boolean {
  if (was === insert || desk.view.state.sliceDoc(from, to) !== was) return false;
  const { anchor } = desk.view.state.selection.main;
  const selection = anchor === to ? { selection: { anchor: from + insert.length } } : {};
  desk.view.dispatch({ changes: { from, to, insert }, userEvent: 'input.link', ...selection });
  return true;
}
