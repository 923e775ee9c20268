// Bringing things in: what is pasted, links, pictures.
import type { Part } from '../desk';
import { linking } from './linking';
import { pasting } from './pasting';
import { pictures } from './pictures';

export const bringing: Part = {
  extensions: (desk) => [pasting.extensions?.(desk) ?? [], pictures.extensions?.(desk) ?? []],
  start(desk) {
    pasting.start?.(desk);
    linking.start?.(desk);
    pictures.start?.(desk);
  },
};
