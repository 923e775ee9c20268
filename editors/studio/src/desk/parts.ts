// The parts of the desk, in the order in which they start.
import { acts } from './acts/acts';
import type { Part } from './desk';
import { bringing } from './bringing/bringing';
import { completion } from './completion/completion';
import { findings } from './findings/findings';
import { heading } from './heading';
import { keeping } from './keeping/keeping';
import { keys } from './keys';
import { looking } from './looking';
import { message } from './message/message';
import { outline } from './outline/outline';
import { panes } from './panes';
import { text } from './text/text';

export const parts: Part[] = [text, keeping, heading, outline, panes, completion, findings, looking, message, bringing, acts, keys];
