// Completion where only certain words mean anything: the front matter, merge fields, sponsors, and
// the rules that an ignore comment names.
import { autocompletion, startCompletion } from '@codemirror/autocomplete';
import type { Part } from '../desk';
import { sources } from './sources';

export const completion: Part = {
  extensions: (desk) => autocompletion({
    override: sources(desk),
    icons: false,
    aboveCursor: false,
    tooltipClass: () => 'words',
    closeOnBlur: true,
  }),
  start(desk) {
    desk.commands.add({
      id: 'complete', label: 'Complete a key, a field, a sponsor', key: 'Ctrl-Space', place: 'text', group: 'Write',
      run: () => { desk.view.focus(); startCompletion(desk.view); }, isOffered: () => !desk.view.state.readOnly,
    });
  },
};
