// How many findings there are, in words: on the status line, and for who hears them.
import { el, type Child } from '../../elements';
import { isSlot, type Shown } from './shown';

export interface Counts { errors: number; warnings: number; notes: number; slots: number }

export function counted(all: readonly Shown[]): Counts {
  const of = (severity: string) => all.filter((each) => each.finding.severity === severity && !isSlot(each.finding)).length;
  return {
    errors: of('error'), warnings: of('warning'), notes: of('info'),
    slots: all.filter((each) => isSlot(each.finding)).length,
  };
}

function some(count: number, word: string): string {
  return count ? `${count} ${word}${count === 1 ? '' : 's'}` : '';
}

export function inWords(counts: Counts): string {
  return pieces(counts).map(([words]) => words).join(', ') || 'No findings';
}

/** The same with the colours of the severities. */
export function inColour(counts: Counts): Child[] {
  const all = pieces(counts);
  if (!all.length) return ['No findings'];
  return all.flatMap(([words, name], at): Child[] => [at ? ', ' : '', name ? el('span', { class: name }, words) : words]);
}

function pieces({ errors, warnings, notes, slots }: Counts): [string, string][] {
  const all: [string, string][] = [
    [some(errors, 'error'), 'e'], [some(warnings, 'warning'), 'w'], [some(notes, 'note'), ''],
    [slots ? `${some(slots, 'slot')} empty` : '', ''],
  ];
  return all.filter(([words]) => words);
}
