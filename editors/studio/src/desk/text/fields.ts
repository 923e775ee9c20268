// Merge fields: what differs from reader to reader, as `{{ first_name | default("there") }}`.

export interface Field { from: number; to: number; label: string }

const FIELD = /\{\{ *([a-z_][a-z0-9_]{0,39}) *(?:\| *default\("([^"\\\n\r{}]*)"\) *)?\}\}/g;

/** The fields of a line, and what is to be read in their place: first name, or “there”. */
export function fieldsIn(text: string): Field[] {
  if (!text.includes('{{')) return [];
  return [...text.matchAll(FIELD)].map((match) => {
    const name = (match[1] ?? '').replaceAll('_', ' ').trim();
    const label = match[2] === undefined ? name : match[2] ? `${name}, or “${match[2]}”` : `${name}, or nothing`;
    return { from: match.index, to: match.index + match[0].length, label };
  });
}
