// A sheet: a question that stands before the page until it is answered or put away by Esc.
import { byId, el, type Child } from './elements';

export interface Sheet {
  /** The sheet itself, which may be filled anew. */
  body: HTMLElement;
  close: () => void;
}

export interface SheetOptions {
  /** Pixels, where 600 are not what is wanted. */
  width?: number;
  /** Called when it was put away, however that came. */
  closed?: () => void;
}

let count = 0;

/** A sheet with a heading; it is put away by Esc, and the focus goes back to where it was. Ctrl and
 * Enter press its filled button, as they do the next act of the desk. */
export function openSheet(heading: string, ...content: Child[]): Sheet {
  return openSheetWith({}, heading, ...content);
}

/** The same, with options. */
export function openSheetWith(options: SheetOptions, heading: string, ...content: Child[]): Sheet {
  const id = `sheet-heading-${++count}`;
  const body = el('div', { class: 'sheet-body' }, ...content);
  const style = options.width ? `width:min(${options.width}px, calc(100vw - 32px))` : undefined;
  const dialog = el('dialog', { class: 'sheet', 'aria-labelledby': id, style },
    el('h2', { id }, heading), body);
  dialog.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    dialog.querySelector<HTMLElement>('.foot .b.fill')?.click();
  });
  // Gone at once, and not when the browser gets round to telling: the next key is the page's again.
  const close = (): void => {
    if (!dialog.isConnected) return;
    dialog.close();
    dialog.remove();
    options.closed?.();
  };
  dialog.addEventListener('cancel', (event) => { event.preventDefault(); close(); });
  dialog.addEventListener('close', close);
  byId('sheets').append(dialog);
  dialog.showModal();
  return { body, close };
}

/** The foot of a sheet: what there is to know on the left, the buttons on the right. */
export function foot(said: Child, ...buttons: Child[]): HTMLElement {
  return el('div', { class: 'foot' }, el('span', { class: 'softer' }, said), ...buttons);
}

/** The words of a refusal; they stand where they are put, and stay. */
export function refused(said: string, faults: string[] = []): HTMLElement {
  return el('div', { class: 'refused', role: 'alert' },
    el('p', {}, said || 'The studio cannot say why.'),
    ...faults.map((fault) => el('p', { class: 'soft' }, fault)));
}
