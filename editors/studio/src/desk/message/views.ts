// The views beside the message itself, each of which shows one more thing about it.
import type { Look } from '../look';

/** A view under its tab. It is told of every look while it is shown, and once when it begins to be. */
export interface View {
  readonly name: string;
  readonly element: HTMLElement;
  show(look: Look): void;
  /** It is covered by another. */
  leave?(): void;
}

/** What the views ask the studio, and do with the text beside them. */
export interface Surroundings {
  /** Such as "/api/issues/2021-11-26". */
  readonly path: string;
  /** The text as it is now. */
  text(): string;
  /** Goes to a place in the text; absent where there is no text beside the message. */
  go?(from: number, to: number): void;
}

/** Asks once the text has rested, one question at a time; the last text is always asked about. */
export class Asking<T> {
  private timer = 0;
  private isAsking = false;
  private isWished = false;

  constructor(private readonly rest: number, private readonly ask: () => Promise<T>, private readonly answered: (answer: T) => void) {}

  wish(rest = this.rest): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.go(), rest);
  }

  forget(): void {
    window.clearTimeout(this.timer);
    this.isWished = false;
  }

  private async go(): Promise<void> {
    this.isWished = true;
    if (this.isAsking) return;
    this.isAsking = true;
    while (this.isWished) {
      this.isWished = false;
      this.answered(await this.ask());
    }
    this.isAsking = false;
  }
}
