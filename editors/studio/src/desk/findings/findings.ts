// Findings: underlined in the text, noted in the margin, unfolded and mended there.
import type { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { byId, el } from '../../elements';
import type { Desk, Part } from '../desk';
import { Arrivals } from './arriving';
import { cardOf } from './card';
import { counted, inColour, inWords } from './counting';
import { margin } from './margin';
import { fix, fixAll, mendable } from './mending';
import { openWhy } from './passing';
import { openOf, setOpen, shown } from './shown';
import { Strips } from './strip';
import { underlines } from './underlines';
import { walk } from './walking';

export const findings: Part = {
  extensions: (desk) => [
    shown,
    underlines((one) => cardOf(desk, one)),
    margin(desk, () => arrivals.get(desk)?.isResting === false),
    EditorView.updateListener.of((update) => {
      if (update.startState.field(shown) !== update.state.field(shown)) count(update.state);
    }),
  ],
  start(desk) {
    const heard = el('p', { class: 'vh', role: 'status' });
    const say = (words: string) => { heard.textContent = words; };
    const strips = new Strips();
    byId('notes').append(heard);
    let told = '';
    const arriving = new Arrivals(desk.view, () => {
      const words = inWords(counted(desk.view.state.field(shown).all));
      if (told && words !== told) say(words);
      told = words;
      count(desk.view.state);
    });
    arrivals.set(desk, arriving);
    desk.on('typed', (transaction) => arriving.typed(transaction));
    desk.on('unseen', (why) => strips.unseen(why));
    desk.on('look', (look) => {
      arriving.arrived(look);
      strips.failed(look.faults);
    });
    addCommands(desk, say);
    byId('status-findings').addEventListener('click', () => walk(desk, 1, say));
  },
};

const arrivals = new WeakMap<Desk, Arrivals>();

function addCommands(desk: Desk, say: (words: string) => void): void {
  const isOpen = () => openOf(desk.view.state) !== null;
  const group = 'Findings', place = 'everywhere';
  desk.commands.add(
    { id: 'next-finding', label: 'Next finding', key: 'F8', group, place, run: () => walk(desk, 1, say) },
    { id: 'previous-finding', label: 'Previous finding', key: 'Shift-F8', group, place, run: () => walk(desk, -1, say) },
    {
      id: 'fix', label: 'Fix this', key: 'Ctrl-.', group, place, isOffered: () => mendable(desk) !== null,
      run: () => {
        const one = mendable(desk);
        const isDone = one !== null && fix(desk, one.id);
        if (isDone) say(`Done: ${one.finding.fix?.title ?? ''}.`);
        return isDone;
      },
    },
    {
      id: 'fix-all', label: 'Fix all that is safe', key: 'Ctrl-Shift-.', group, place,
      run: () => void fixAll(desk, (words) => {
        say(words);
        desk.tell('said', { text: words });
      }),
    },
    {
      id: 'not-here', label: 'Not here…', key: 'Ctrl-Alt-.', group, place, isOffered: isOpen,
      run: () => {
        const one = openOf(desk.view.state);
        const card = document.querySelector<HTMLElement>('.note.open');
        if (one && card) openWhy(desk, card, one.id);
      },
    },
    {
      id: 'close-finding', label: 'Fold the finding up', key: 'Escape', group, place, isOffered: isOpen,
      run: () => {
        desk.view.dispatch({ effects: setOpen.of(null) });
        desk.view.focus();
      },
    },
  );
}

function count(state: EditorState): void {
  byId('status-findings').replaceChildren(el('span', {}, ...inColour(counted(state.field(shown).all))));
}
