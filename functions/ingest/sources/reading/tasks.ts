import type { Newsroom } from '../../../shared/config.ts';
import { readFeed } from './feed.ts';
import { type Brought, submissionOfItem } from './submission.ts';

/** What the thread is told when it starts. */
export interface ThreadData {
  readonly newsroom: Newsroom;
  readonly siteUrl: string;
}

/** Everything that takes foreign text apart: pure, and done in a thread that can be ended. */
export const tasksFor = (house: ThreadData) => ({
  feed: readFeed,
  submission: (brought: Brought) => submissionOfItem(brought, house),
});

export type Tasks = ReturnType<typeof tasksFor>;
