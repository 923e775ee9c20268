// What the studio sees in a text, as `newsletter/web/studio/looks.py` tells it. Places are offsets
// in UTF-16 units with one for a line end, as CodeMirror counts them.
import type { Text } from '@codemirror/state';

export type Severity = 'error' | 'warning' | 'info';

export interface Edit { from: number; to: number; insert: string }

export interface Finding {
  code: string;
  slug: string;
  severity: Severity;
  message: string;
  hint: string;
  from: number;
  to: number;
  fix: { title: string; edits: Edit[] } | null;
}

export type PartKind = 'front matter' | 'intro' | 'story' | 'sponsor' | 'footer';

export interface Part {
  kind: PartKind;
  number: number | null;
  title: string;
  from: number;
  to: number;
  words: number;
  seconds: number;
}

/** A text of which a list shows the beginning. */
export interface Cut { shown: string; rest: string }

/** Subject and preheader as one mail program lists them. */
export interface InboxRow {
  program: string;
  said: string;
  subject: Cut;
  preheader: Cut;
  one_line: boolean;
  bold: boolean;
}

export interface Message {
  /** Whose it is, as an inbox has it. */
  sender: string;
  subject: string;
  preheader: string;
  /** `all_show` is how much of the subject every list shows; null for all of it. */
  inbox: { rows: InboxRow[]; all_show: string | null };
  html: string;
  text: string;
  bytes: number;
  budget: number;
}

export interface Look {
  /** The text that was looked at; it may be another by now. */
  doc: Text;
  number: number | null;
  date: string | null;
  subject: string;
  preheader: string;
  parts: Part[];
  findings: Finding[];
  message: Message | null;
  fault: string | null;
  /** Rules of other packages that failed, in the command's words. */
  faults: string[];
}
