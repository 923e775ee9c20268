// Completion where only certain words mean anything: the front matter, merge fields, sponsors, and
// the rules that an ignore comment names.
import { autocompletion } from '@codemirror/autocomplete';
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
};
