// What may be written at a place, by what stands before it on its line.
import type { Completion, CompletionContext, CompletionResult, CompletionSource } from '@codemirror/autocomplete';
import { snippet } from '@codemirror/autocomplete';
import type { EditorState } from '@codemirror/state';
import { get } from '../../api';
import type { Desk } from '../desk';

interface Words {
  keys: { key: string; word: string }[];
  dates: string[];
  number: number | null;
  authors: string[];
  fields: { name: string; default: string }[];
  sponsors: { name: string; heading: string; issue: string }[];
  rules: { slug: string; summary: string }[];
}

const FRESH = 60_000;

export function sources(desk: Desk): CompletionSource[] {
  let known: { at: number; words: Words } | null = null;
  const words = async (): Promise<Words | null> => {
    if (known && Date.now() - known.at < FRESH) return known.words;
    const answer = await get<Words>(`${desk.path}/words`);
    if (answer.ok) known = { at: Date.now(), words: answer.value };
    return known?.words ?? null;
  };
  return [keys, values, fields, sponsors, rules].map((source) => async (context) => {
    const place = source(context);
    if (!place) return null;
    const found = await words();
    return found && { ...place, options: place.options(found) };
  });
}

type Place = Omit<CompletionResult, 'options'> & { options: (words: Words) => Completion[] };

/** Whether a place is between the two fences, or in a header that has only the first yet. */
function isInHeader(state: EditorState, at: number): boolean {
  const here = state.doc.lineAt(at).number;
  if (here === 1 || state.doc.line(1).text.trim() !== '---') return false;
  for (let line = 2; line < here; line += 1) if (state.doc.line(line).text.trim() === '---') return false;
  return state.doc.line(here).text.trim() !== '---';
}

function keys(context: CompletionContext): Place | null {
  const typed = context.matchBefore(/^[a-z]*/i);
  if (!typed || !isInHeader(context.state, context.pos) || (!typed.text && !context.explicit)) return null;
  const line = context.state.doc.lineAt(context.pos);
  if (line.text.slice(context.pos - line.from).trim()) return null;
  const has = new Set(headerLines(context.state, line.number).map((each) => /^([a-z]+)\s*:/i.exec(each)?.[1] ?? ''));
  return {
    from: typed.from,
    validFor: /^[a-z]*$/i,
    options: ({ keys: all }) => all.filter(({ key }) => !has.has(key)).map(({ key, word }, at) => ({
      label: key, detail: word, apply: `${key}: `, boost: -at,
    })),
  };
}

/** The lines of the header but the one that is written on. */
function headerLines(state: EditorState, but: number): string[] {
  const lines: string[] = [];
  for (let line = 2; line <= state.doc.lines && state.doc.line(line).text.trim() !== '---'; line += 1) {
    if (line !== but) lines.push(state.doc.line(line).text);
  }
  return lines;
}

function values(context: CompletionContext): Place | null {
  const typed = context.matchBefore(/^(date|number|author):\s*[^\s].*$|^(date|number|author):\s*/);
  if (!typed || !isInHeader(context.state, context.pos)) return null;
  const [, key, gap] = /^(date|number|author):(\s*)/.exec(typed.text) ?? [];
  if (!key || (!gap && !context.explicit)) return null;
  const lead = gap ? '' : ' ';
  return {
    from: typed.from + key.length + 1 + (gap ?? '').length,
    validFor: /^[^\n]*$/,
    options: (words) => valuesOf(key, words).map((each, at) => ({ ...each, apply: `${lead}${each.label}`, boost: -at })),
  };
}

function valuesOf(key: string, words: Words): Completion[] {
  if (key === 'author') return words.authors.map((name) => ({ label: name }));
  if (key === 'number') return words.number === null ? [] : [{ label: String(words.number), detail: 'the next' }];
  return words.dates.map((day) => ({ label: day, detail: dayInWords(day) }));
}

function dayInWords(day: string): string {
  const date = new Date(`${day}T12:00:00Z`);
  return new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long', timeZone: 'UTC' }).format(date);
}

function fields(context: CompletionContext): Place | null {
  const typed = context.matchBefore(/\{\{? ?[a-z_]*/);
  const isOpen = typed?.text.startsWith('{{');
  if (!typed || (!isOpen && !context.explicit)) return null;
  const after = /^ ?\}{1,2}/.exec(context.state.sliceDoc(context.pos, context.pos + 3))?.[0].length ?? 0;
  return {
    from: typed.from,
    filter: true,
    validFor: /^\{\{? ?[a-z_]*$/,
    options: (words) => words.fields.map(({ name, default: otherwise }) => ({
      label: `{{ ${name}`,
      displayLabel: name.replaceAll('_', ' '),
      detail: otherwise ? `or “${otherwise}”` : 'or what you write',
      apply: (view, option, from, to) => {
        const put = snippet(`{{ ${name} | default("\${${otherwise || 'words'}}") }}`);
        put(view, option, from, to + after);
      },
    })),
  };
}

function sponsors(context: CompletionContext): Place | null {
  const typed = context.matchBefore(/^#{2} \D*$/);
  if (!typed || (typed.text.length < 5 && !context.explicit)) return null;
  return {
    from: typed.from + 3,
    validFor: /^\D*$/,
    options: (words) => words.sponsors.map(({ heading, issue }, at) => ({
      label: heading, detail: `in ${issue}`, boost: -at,
    })),
  };
}

function rules(context: CompletionContext): Place | null {
  const typed = context.matchBefore(/<!--\s*check:\s*ignore(-file)?\s+([\w-]+\s*,\s*)*[\w-]*/);
  if (!typed) return null;
  const name = /[\w-]*$/.exec(typed.text)?.[0] ?? '';
  return {
    from: context.pos - name.length,
    validFor: /^[\w-]*$/,
    options: (words) => words.rules.map(({ slug, summary }) => ({ label: slug, info: summary })),
  };
}
