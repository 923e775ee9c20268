// Has the text looked at as it changes: one question at a time, the newest text next.
import { post } from '../api';
import type { Desk, Part } from './desk';
import type { Look } from './look';

export const looking: Part = {
  start(desk) {
    const looker = new Looker(desk);
    desk.on('opened', () => looker.wish());
    desk.on('typed', () => looker.wish());
    desk.on('away', (since) => { if (!since) looker.wish(); });
  },
};

class Looker {
  private isAsking = false;
  private isWished = false;

  constructor(private readonly desk: Desk) {}

  wish(): void {
    this.isWished = true;
    if (!this.isAsking) void this.ask();
  }

  private async ask(): Promise<void> {
    this.isAsking = true;
    while (this.isWished) {
      this.isWished = false;
      const { doc } = this.desk.view.state;
      const answer = await post<Look>(`${this.desk.path}/look`, { text: doc.toString() });
      this.desk.tell('unseen', answer.ok ? null : { status: answer.status, said: answer.said });
      if (answer.ok) this.desk.tell('look', { ...answer.value, doc });
    }
    this.isAsking = false;
  }
}
