// What the parts weigh in bytes: asked for when nobody types, for it takes a rendering of its own.
import { post } from '../../api';
import type { Desk } from '../desk';

const IDLE = 1000;

export class Weights {
  /** Of each part, in the order of the outline; what is not known is null. */
  bytes: readonly (number | null)[] = [];
  private timer = 0;
  private asked = '';

  constructor(private readonly desk: Desk, private readonly changed: () => void) {
    desk.on('typed', () => this.wait());
    desk.on('opened', () => this.wait());
  }

  private wait(): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.ask(), IDLE);
  }

  private async ask(): Promise<void> {
    const { text } = this.desk;
    if (text === this.asked) return;
    const answer = await post<{ bytes: (number | null)[] }>(`${this.desk.path}/weights`, { text });
    if (!answer.ok) return;
    this.asked = text;
    this.bytes = answer.value.bytes;
    this.changed();
  }
}
