// A finding unfolded: what is wrong, what to do about it, and the three ways on.
import { el, type Child } from '../../elements';
import type { Desk } from '../desk';
import { changeShown } from './change';
import { openWhy } from './passing';
import { fix } from './mending';
import { classOf, shown, wordOf, type Shown } from './shown';

export function cardOf(desk: Desk, one: Shown): HTMLElement {
  const { finding } = one;
  const parts: Child[] = [
    el('p', { class: 'what' }, el('b', {}, wordOf(finding)), ' ', ...marked(sentence(finding.message))),
    ...hinted(desk, one),
    el('div', { class: 'do' },
      one.edits && el('button', {
        class: 'b line small', type: 'button', title: finding.fix?.title,
        onclick: () => fix(desk, one.id),
      }, 'Fix ', el('kbd', {}, 'Ctrl .')),
      el('button', { class: 'b small', type: 'button', onclick: () => openWhy(desk, card, one.id) }, 'Not here…')),
    el('a', {
      class: 'more', href: `/rules/${encodeURIComponent(finding.slug)}`, target: '_blank', rel: 'noopener',
    }, 'What the rule wants'),
  ];
  const card = el('div', {
    class: `note open ${classOf(finding)}`, role: 'group', 'aria-label': `${wordOf(finding)}: ${finding.slug}`,
  }, ...parts);
  return card;
}

function hinted(desk: Desk, one: Shown): Child[] {
  const change = one.edits ? changeShown(one.edits, desk.view.state.doc) : [];
  const hint = one.finding.hint || (one.finding.fix?.title ?? '');
  if (!hint) return [];
  const words = change.length ? [...marked(`${sentence(hint).replace(/\.$/, '')}: `), ...change] : marked(sentence(hint));
  return [el('p', { class: 'soft hint' }, ...words)];
}

/** What the command says, as a sentence: the check begins small, and ends without a full stop. */
export function sentence(text: string): string {
  const first = text.split(/[\s,;:]/, 1)[0] ?? '';
  const begins = /^\p{Ll}[\p{L}’']*$/u.test(first) ? (first[0] ?? '').toUpperCase() + text.slice(1) : text;
  return /[.?!…:]["”’)]?$/.test(begins) ? begins : `${begins}.`;
}

/** Words between backticks are source. */
export function marked(text: string): Child[] {
  return text.split('`').map((part, at) => (at % 2 ? el('code', { class: 'mono' }, part) : part));
}

/** What is said when nobody looks at the screen. */
export function spoken(desk: Desk, one: Shown): string {
  const { finding } = one;
  const all = desk.view.state.field(shown).all;
  const at = all.findIndex((each) => each.id === one.id) + 1;
  const fixes = one.edits ? ' Ctrl full stop fixes it.' : '';
  return `${wordOf(finding)} ${at} of ${all.length}. ${sentence(finding.message)} ${finding.hint ? sentence(finding.hint) : ''}${fixes}`;
}
