// What can be done from the keys: one list, which is also what the page of keys shows and runs.

/** Where a key works: everywhere, in the text or the message alone, or while two versions are compared. */
export type Place = 'everywhere' | 'text' | 'message' | 'versions';

export interface Command {
  /** Such as "fix". */
  id: string;
  /** What it does, as the list of keys has it: "Fix this". */
  label: string;
  /** As CodeMirror writes keys: "Ctrl-.", "F8", "Shift-F8"; several of them are apart by a space. */
  key: string;
  place: Place;
  /** The heading under which the list has it. */
  group: 'On this page' | 'Write' | 'Findings' | 'The message' | 'Acts' | 'The desk';
  /** False where there was nothing to do. */
  run: () => boolean | void;
  /** Whether it can be done now. */
  isOffered?: () => boolean;
}

export class Commands {
  readonly all: Command[] = [];

  add(...commands: Command[]): void {
    this.all.push(...commands);
  }

  find(id: string): Command | undefined {
    return this.all.find((each) => each.id === id);
  }

  /** The command of a key press, at a place: the first that can be done now. */
  at(event: KeyboardEvent, place: Place): Command | undefined {
    const names = [nameOf(event), physicalNameOf(event)].filter(Boolean);
    return this.all.find((each) =>
      each.key.split(' ').some((key) => names.includes(key))
      && (each.place === 'everywhere' || each.place === place)
      && each.isOffered?.() !== false);
  }
}

/** A key press as our list writes it; Cmd is Ctrl on a Mac. */
export function nameOf(event: KeyboardEvent): string {
  const parts = [
    event.ctrlKey || event.metaKey ? 'Ctrl' : '',
    event.altKey ? 'Alt' : '',
    event.shiftKey && event.key.length > 1 ? 'Shift' : '',
    event.key.length === 1 ? event.key.toUpperCase() : event.key,
  ];
  return parts.filter(Boolean).join('-');
}

const PUNCTUATION: Record<string, string> = { Period: '.', Comma: ',' };

/** Shift makes another character of a full stop, and not the same one on every keyboard. */
function physicalNameOf(event: KeyboardEvent): string {
  const mark = PUNCTUATION[event.code];
  if (!mark || !event.shiftKey || !(event.ctrlKey || event.metaKey)) return '';
  return `Ctrl-${event.altKey ? 'Alt-' : ''}Shift-${mark}`;
}
