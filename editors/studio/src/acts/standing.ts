// How far an issue is, as `newsletter/web/studio/standing.py` tells it.

export type Forward = 'mend' | 'approve' | 'schedule' | 'rest' | 'report' | 'correct';

export type Offer =
  | 'test' | 'approve' | 'withdraw' | 'schedule' | 'unschedule'
  | 'pause' | 'resume' | 'cancel' | 'correct' | 'report';

export interface Run {
  issue: string;
  state: 'freezing' | 'running' | 'paused' | 'cancelled' | 'complete';
  accepted: number;
  left: number;
  frozen: number;
  by: string;
  startedAt: string;
}

export interface SlotTold {
  words: string;
  day: string;
  time: string;
  place: string;
  state: 'scheduled' | 'started' | 'done';
  by: string;
  segment: string;
}

export interface Standing {
  name: string;
  fault: string;
  number: number | null;
  date: string | null;
  steps: { label: string; isDone: boolean }[];
  /** The step where it is, by its place among them. */
  here: number;
  approvals: {
    required: number;
    missing: number;
    isGiven: boolean;
    isOwn: boolean;
    reason: string;
    given: { by: string; at: string }[];
  };
  slot: SlotTold | null;
  missed: string | null;
  upcoming: { words: string; issue: string };
  run: Run | null;
  next: { act: Forward; label: string; isForward: boolean };
  offers: Offer[];
  /** Who gets tests, by the settings. */
  tests: string[];
  person: string;
}
