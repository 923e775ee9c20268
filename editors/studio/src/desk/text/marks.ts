// Marks inside of lines: drawn as what they mean, and shown where the cursor is.
import { syntaxTree } from '@codemirror/language';
import type { SyntaxNode, SyntaxNodeRef } from '@lezer/common';
import { folds } from './addresses';
import type { Pen } from './pen';
import { Chip } from './widgets';

const LOOKS: Record<string, string> = {
  StrongEmphasis: 'strong', Emphasis: 'em', Strikethrough: 'struck', Subscript: 'lowered',
  Superscript: 'raised', Autolink: 'lk', HTMLTag: 'mk', Escape: 'escape',
};
const PAIRED = new Set(['EmphasisMark', 'StrikethroughMark', 'SubscriptMark', 'SuperscriptMark']);

/** Draws what stands between two places; `isLine` says where a line begins. */
export function drawMarks(pen: Pen, from: number, to: number): void {
  syntaxTree(pen.state).iterate({
    from, to,
    enter(node) {
      if (node.name === 'FrontMatter') return false;
      const look = LOOKS[node.name];
      if (look) pen.mark(node.from, node.to, look);
      if (PAIRED.has(node.name)) drawPaired(pen, node);
      else draw[node.name]?.(pen, node);
      return node.name !== 'Comment' && node.name !== 'CommentBlock';
    },
  });
}

const draw: Record<string, (pen: Pen, node: SyntaxNodeRef) => void> = {
  Link: (pen, node) => drawLink(pen, node.node, 'lk'),
  Image: (pen, node) => drawLink(pen, node.node, 'picture'),
  Blockquote: drawBlockquote,
  QuoteMark: drawQuoteMark,
  ListItem: drawItem,
  Comment: drawComment,
  CommentBlock: drawComment,
};

function drawPaired(pen: Pen, node: SyntaxNodeRef): void {
  const whole = node.node.parent ?? node;
  if (pen.isIn(whole.from, whole.to)) pen.mark(node.from, node.to, 'mk');
  else pen.cover(node.from, node.to);
}

function drawLink(pen: Pen, node: SyntaxNode, look: string): void {
  const marks = node.getChildren('LinkMark');
  const address = node.getChild('URL');
  const [open, close] = marks;
  if (!open || !close || !address) return;
  pen.mark(open.to, close.from, look);
  if (pen.isIn(node.from, node.to)) {
    pen.mark(open.from, open.to, 'mk');
    pen.mark(close.from, node.to, 'source');
    return;
  }
  const fold = folds(pen.state.sliceDoc(address.from, address.to)) ?? { start: 0, end: 0 };
  const shown = address.from + fold.start;
  const tail = address.to - fold.end;
  const end = pen.hasFinding(tail, address.to) ? address.to : tail;
  pen.cover(open.from, open.to);
  pen.cover(close.from, shown);
  pen.mark(shown, end, 'url');
  pen.cover(end, node.to);
}

function drawBlockquote(pen: Pen, node: SyntaxNodeRef): void {
  for (let at = pen.state.doc.lineAt(node.from).from; at <= node.to;) {
    pen.line(at, 'quote');
    at = pen.state.doc.lineAt(at).to + 1;
  }
}

function drawQuoteMark(pen: Pen, node: SyntaxNodeRef): void {
  const end = withSpace(pen, node.to);
  const line = pen.state.doc.lineAt(node.from);
  if (pen.isIn(line.from, line.to)) pen.mark(node.from, end, 'marks quote-mark');
  else pen.cover(node.from, end);
}

function drawItem(pen: Pen, node: SyntaxNodeRef): void {
  const mark = node.node.getChild('ListMark');
  if (!mark) return;
  const line = pen.state.doc.lineAt(mark.from);
  if (pen.parts.some((part) => part.from === line.from)) return; // a headline that has no other mark
  pen.line(line.from, 'item');
  for (let at = line.to + 1; at <= node.to;) {
    const next = pen.state.doc.lineAt(at);
    if (next.text.trim()) pen.line(next.from, 'item');
    at = next.to + 1;
  }
  const end = withSpace(pen, mark.to);
  const isBullet = mark.to - mark.from === 1;
  if (isBullet && !pen.isIn(line.from, line.to)) pen.cover(mark.from, end, new Chip('•', 'bullet'));
  else pen.mark(mark.from, end, 'bullet');
}

function drawComment(pen: Pen, node: SyntaxNodeRef): void {
  pen.mark(node.from, node.to, 'quiet');
  const source = pen.state.sliceDoc(node.from, node.to);
  if (pen.isIn(node.from, node.to)) return;
  const open = /^<!--[ \t]*/.exec(source);
  const close = /[ \t]*-->\s*$/.exec(source);
  if (!open || !close || close.index < open[0].length) return;
  pen.cover(node.from, node.from + open[0].length);
  pen.cover(node.from + close.index, node.from + close.index + close[0].trimEnd().length);
}

function withSpace(pen: Pen, at: number): number {
  return pen.state.sliceDoc(at, at + 1) === ' ' ? at + 1 : at;
}
