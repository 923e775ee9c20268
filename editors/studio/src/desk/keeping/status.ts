// The first word of the status line: whether the text is saved, and if it is not, why.
import { byId, el } from '../../elements';

/** `bold` first, then the rest; `bad` where a person is needed. Said anew only where it is another. */
export function say(bold: string, rest = '', bad = false): void {
  const place = byId('status-saved');
  const words = [bold, rest].filter(Boolean).join(' ');
  if (place.textContent === words) return;
  place.replaceChildren(...(bold ? [el('b', { class: bad ? 'e' : undefined as never }, bold)] : []),
    rest && bold ? ` ${rest}` : rest);
}
