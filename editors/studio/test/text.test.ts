// What the text's pure parts promise; `npm test` bundles this and runs it by node.
import { Text } from '@codemirror/state';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { folds } from '../src/desk/text/addresses';
import { fieldsIn } from '../src/desk/text/fields';
import { isMovable, move } from '../src/desk/text/moving';
import { recognise, sponsorCue, type TextPart } from '../src/desk/text/recognise';
import { minutesOf, sumOf, tallied, titleOf, type Known } from '../src/desk/outline/words';

const CUE = sponsorCue(String.raw`(?:sponsored|presented) by|(?:sponsor|advertisement)(?::|(?=\s*\Z))`);
const ISSUE = `---
subject: S
---
# Title

Intro.

## 1. One

A.

## Sponsored by Acme

B.

<!-- check: ignore headline-case -->
## 2. Two

C.

## 3. Three

D.

---
Footer.
`;

const doc = (text: string): Text => Text.of(text.split('\n'));
const parts = (text: string): TextPart[] => recognise(doc(text), CUE);
const kinds = (text: string): string[] => parts(text).map((part) => part.kind);

/** The text after the part with a title has been moved to stand where another stands. */
function moved(text: string, title: string, to: string): string {
  const found = parts(text);
  const at = (words: string): number => found.findIndex((part) => part.title === words);
  const step = move(doc(text), found, at(title), at(to));
  assert.ok(step);
  const changes = (step.changes as { from: number; to?: number; insert?: string }[])
    .toSorted((a, b) => b.from - a.from || (b.to ?? b.from) - (a.to ?? a.from));
  let result = text;
  for (const { from, to: end = from, insert = '' } of changes) {
    result = result.slice(0, from) + insert + result.slice(end);
  }
  assert.equal(result.slice(step.from).split('\n')[0], lineOf(result, title, text));
  return result;
}

/** The first line of the moved words: the headline, or the comment that belongs to it. */
function lineOf(result: string, title: string, before: string): string {
  const lines = result.split('\n');
  const at = lines.findIndex((line) => line.startsWith('##') && line.endsWith(title));
  const hasComment = before.includes(`ignore headline-case -->\n## 2. ${title}`);
  return lines[hasComment ? at - 1 : at] ?? '';
}

const headlines = (text: string): string[] => text.split('\n').filter((line) => line.startsWith('## '));

test('every part of an issue is told, and together they are the whole text', () => {
  const found = parts(ISSUE);
  assert.deepEqual(found.map((part) => part.kind), ['front matter', 'intro', 'story', 'sponsor', 'story', 'story', 'footer']);
  assert.deepEqual(found.map((part) => part.title), ['', 'Title', 'One', 'Acme', 'Two', 'Three', '']);
  assert.deepEqual(found.map((part) => part.number), [null, null, 1, null, 2, 3, null]);
  assert.equal(found[0]?.from, 0);
  assert.equal(found.at(-1)?.to, ISSUE.length);
  found.slice(1).forEach((part, at) => assert.equal(part.from, (found[at]?.to ?? 0) + 1));
});

test('a text of nothing is one intro, and a front matter that never ends is none', () => {
  assert.deepEqual(kinds(''), ['intro']);
  assert.deepEqual(kinds('---\nsubject: S\n\n## 1. One'), ['intro', 'story']);
});

test('headings without numbers are stories where no heading has one, and text where one has', () => {
  assert.deepEqual(kinds('# T\n\n## One\n\n## Two'), ['intro', 'story', 'story']);
  assert.deepEqual(kinds('# T\n\n## 1. One\n\n## Aside'), ['intro', 'story']);
});

test('a rule with nothing below it is no footer', () => {
  assert.deepEqual(kinds('## 1. One\n\nA.\n\n---\n'), ['intro', 'story']);
  assert.deepEqual(kinds('## 1. One\n\nA.\n\n***\n\nFoot'), ['intro', 'story', 'footer']);
});

test('a cue that a browser cannot read finds no sponsor', () => {
  assert.equal(sponsorCue('(?P<x>a)').test('a thing'), false);
  assert.equal(CUE.test('Advertisement'), true);
  assert.equal(CUE.test('Sponsored bytes'), false);
});

test('a story that moves down takes its number from its place, and the others follow', () => {
  const after = moved(ISSUE, 'One', 'Two');
  assert.deepEqual(headlines(after), ['## Sponsored by Acme', '## 1. Two', '## 2. One', '## 3. Three']);
  assert.equal(after.length, ISSUE.length);
});

test('a story that moves up takes along the ignore comment above its headline', () => {
  const after = moved(ISSUE, 'Two', 'One');
  assert.ok(after.includes('Intro.\n\n<!-- check: ignore headline-case -->\n## 1. Two\n\nC.\n\n## 2. One'));
  assert.deepEqual(headlines(after), ['## 1. Two', '## 2. One', '## Sponsored by Acme', '## 3. Three']);
});

test('a sponsor moves and no number changes', () => {
  assert.deepEqual(headlines(moved(ISSUE, 'Acme', 'Three')), ['## 1. One', '## 2. Two', '## 3. Three', '## Sponsored by Acme']);
});

test('a move and the same move back leave the text as it was', () => {
  assert.equal(moved(moved(ISSUE, 'One', 'Three'), 'One', 'Acme'), ISSUE);
  const bare = '# T\n\n## 1. One\n\nA.\n\n## 2. Two\n\nB.';
  assert.equal(moved(moved(bare, 'One', 'Two'), 'One', 'Two'), bare);
});

test('the tenth story and the ninth change places, digits and all', () => {
  const many = Array.from({ length: 11 }, (_, at) => `## ${at + 1}. Story${at + 1}\n\nText.`).join('\n\n');
  const after = moved(many, 'Story10', 'Story9');
  assert.deepEqual(headlines(after).slice(8, 10), ['## 9. Story10', '## 10. Story9']);
  assert.equal(after.length, many.length);
});

test('stories without numbers move, and get none', () => {
  assert.deepEqual(headlines(moved('# T\n\n## One\n\nA.\n\n## Two\n\nB.\n', 'Two', 'One')), ['## Two', '## One']);
});

test('front matter, intro and footer stay where they are', () => {
  const found = parts(ISSUE);
  assert.deepEqual(found.map(isMovable), [false, false, true, true, true, true, false]);
  assert.equal(move(doc(ISSUE), found, 2, 1), null);
  assert.equal(move(doc(ISSUE), found, 5, 6), null);
});

test('a merge field is read as what a reader gets', () => {
  assert.deepEqual(fieldsIn('Hello {{ first_name | default("there") }}!').map((field) => field.label), ['first name, or “there”']);
  assert.deepEqual(fieldsIn('{{city}} {{ x | default("") }}').map((field) => field.label), ['city', 'x, or nothing']);
  assert.deepEqual(fieldsIn('{{ first_name | upper }} {{'), []);
});

test('an address is folded to its host and path', () => {
  const shown = (address: string): string => {
    const fold = folds(address);
    return fold ? address.slice(fold.start, address.length - fold.end) : address;
  };
  assert.equal(shown('https://www.example.com/a/b?utm_source=x#y'), 'example.com/a/b');
  assert.equal(shown('http://example.com/'), 'example.com');
  assert.equal(shown('mailto:desk@example.com'), 'mailto:desk@example.com');
});

test('the foot of the outline says how many of how many, and how long it takes', () => {
  const house = { stories: [5, 5] } as Known['house'];
  const known = { parts: parts(ISSUE).map((part) => ({ ...part, words: 60, seconds: 16 })), house } as unknown as Known;
  assert.deepEqual(sumOf(known), ['three of five stories', '360 words, 1½ minutes']);
  assert.deepEqual([0, 20, 60, 100, 130].map(minutesOf), ['', '½ minute', '1 minute', '1½ minutes', '2 minutes']);
});

test('findings are counted where they stand; an empty slot is none', () => {
  const found = parts(ISSUE);
  const at = (from: number, severity: string, slug = 'x'): object => ({ from, severity, slug });
  const story = found[2]?.from ?? 0;
  const tallies = tallied(found, [at(story, 'error'), at(story + 9, 'warning'), at(story, 'error', 'empty-slot'), at(0, 'info')] as never);
  assert.deepEqual(tallies[2], { errors: 1, warnings: 1 });
  assert.deepEqual(tallies[0], { errors: 0, warnings: 0 });
});

test('a title of nothing is called by what belongs there', () => {
  const part = (kind: string, title: string): TextPart => ({ kind, title } as TextPart);
  assert.equal(titleOf(part('story', '…')), 'Headline');
  assert.equal(titleOf(part('story', 'A **bold** one')), 'A bold one');
  assert.equal(titleOf(part('sponsor', 'Acme')), 'Sponsor: Acme');
});
