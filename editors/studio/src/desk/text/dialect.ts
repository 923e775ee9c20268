// The Markdown that an issue may have, with front matter above it and without what means nothing
// in a mail: code, tables, headings by underlines.
import { markdown } from '@codemirror/lang-markdown';
import { Strikethrough, Subscript, Superscript, type MarkdownConfig } from '@lezer/markdown';

const FENCE = /^---\s*$/;

const frontMatter: MarkdownConfig = {
  defineNodes: [{ name: 'FrontMatter', block: true }],
  parseBlock: [{
    name: 'FrontMatter',
    before: 'HorizontalRule',
    parse(context, line) {
      if (context.lineStart !== 0 || !FENCE.test(line.text)) return false;
      let end = line.text.length;
      let isClosed = false;
      while (!isClosed && context.nextLine()) {
        end = context.lineStart + line.text.length;
        isClosed = FENCE.test(line.text);
      }
      if (isClosed) context.nextLine();
      context.addElement(context.elt('FrontMatter', 0, end));
      return true;
    },
  }],
};

const narrower: MarkdownConfig = {
  remove: ['IndentedCode', 'FencedCode', 'SetextHeading', 'InlineCode', 'LinkReference'],
};

export const dialect = markdown({
  extensions: [frontMatter, narrower, Strikethrough, Subscript, Superscript],
  completeHTMLTags: false,
  pasteURLAsLink: false,
  addKeymap: false,
});
