import type { Newsroom } from '../../../shared/config.ts';
import { readFeed } from './feeds/feed.ts';
import { readArticlePage } from './pages/articlePage.ts';
import { readListing } from './pages/listing.ts';
import { pictureFacts } from './pictureFacts.ts';
import { type Brought, submissionOfItem } from './submission.ts';
import { readPosts } from './wordpress.ts';

/** What the thread is told when it starts. */
export interface ThreadData {
  readonly newsroom: Newsroom;
  readonly siteUrl: string;
}

/** Everything that takes foreign text apart: pure, and done in a thread that can be ended. */
export const tasksFor = (house: ThreadData) => ({
  feed: readFeed,
  posts: readPosts,
  listing: readListing,
  page: readArticlePage,
  pictureFacts,
  submission: (brought: Brought) => submissionOfItem(brought, house),
});

export type Tasks = ReturnType<typeof tasksFor>;
