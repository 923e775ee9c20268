// What the message weighs, against the size at which mail programs clip it.
import { byId, el } from '../../elements';
import type { Look } from '../look';

/** Ochre from here on, of the whole. */
const NEAR = 0.9;

export function drawGauge(look: Look): void {
  const place = byId('status-bytes'), message = look.message;
  if (!message) {
    place.replaceChildren();
    return;
  }
  const part = message.bytes / message.budget, state = part >= 1 ? 'e' : part >= NEAR ? 'w' : '';
  const full = el('i', { style: `width:${Math.min(100, part * 100).toFixed(1)}%` });
  const words = `${kilobytes(message.bytes, 1)} of ${kilobytes(message.budget, 0)} kB${part >= 1 ? ', clipped' : ''}`;
  place.replaceChildren(el('span', { class: `gauge ${state}`, 'aria-hidden': 'true' }, full), el('span', { class: state }, words));
}

function kilobytes(bytes: number, digits: number): string {
  const value = bytes / 1000;
  return Number.isInteger(value) ? value.toFixed(digits && bytes % 1000 ? digits : 0) : value.toFixed(1);
}
